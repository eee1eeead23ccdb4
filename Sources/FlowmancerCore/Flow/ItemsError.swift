/// Why a value gives no items.
package struct ItemsError: Error, Sendable, Hashable {
    package let problem: Problem
    /// The steps from the value to what is wrong in it.
    package let steps: [ParameterPath.Component]

    init(_ problem: Problem, at steps: [ParameterPath.Component] = []) {
        self.problem = problem
        self.steps = steps
    }

    /// The facts; no value is in them but a key, since items may be secret. Positions count from 0.
    package enum Problem: Sendable, Hashable {
        case notItems(ExpressionProblem.Kind)
        /// Text that is neither.
        case notJSON
        /// A member of a mapping of lists that is none.
        case notList(String, ExpressionProblem.Kind)
        case noLists
        /// The associated value is `nil` if there are too many to count.
        case tooMany(Int?)
        case emptyKey(Int, field: String?)
        case doubleKey(String, Int, Int)
        case missingKey(Int, field: String, known: [String])
        /// An item that is no mapping.
        case noFields(Int, field: String, ExpressionProblem.Kind)
        case unusableKey(Int, field: String, ExpressionProblem.Kind)
    }

    /// What is wrong, and what to do about it.
    package var wording: String {
        switch problem {
        case .notItems(let kind):
            "expected \(Self.expectation), found \(kind.rawValue)"
        case .notJSON:
            "expected \(Self.expectation), but the text is not JSON"
        case .notList(let name, let kind):
            "'\(name)' is \(kind.rawValue), but every key of a mapping of lists needs a list"
                + (Self.settings.contains(name) ? "; \(name) stands beside 'items': {items: …, \(name): …}" : "")
        case .noLists:
            "the mapping is empty; expected \(Self.expectation)"
        case .tooMany(let count):
            "there are \(count.map(String.init) ?? "far too many") items, but a group can have only "
                + "\(ForEach.maximumCount); split them up"
        case .emptyKey(let position, nil):
            "item \(position) is empty text, which cannot name a task; remove it"
        case .emptyKey(let position, let field?):
            "the field '\(field)' of item \(position) is empty text, which cannot name a task; fill it in"
        case .doubleKey(let key, let first, let second):
            "items \(first) and \(second) both have the key '\(key)', but each key names one task; remove one of "
                + "them, or name another field with 'key'"
        case .missingKey(let position, let field, let known):
            "item \(position) has no field '\(field)' to name its task; "
                + JobIssue.choice(of: field, among: known, none: "it has no fields")
        case .noFields(let position, let field, let kind):
            "item \(position) is \(kind.rawValue), so it has no field '\(field)' to name its task; remove 'key', or make "
                + "each item a mapping"
        case .unusableKey(let position, let field, let kind):
            "the field '\(field)' of item \(position) is \(kind.rawValue), which cannot name a task; expected text, a "
                + "number or a truth value"
        }
    }

    /// Says that the key of an item has a secret in it.
    package static func secretKey(_ position: Int) -> String {
        "the key of item \(position) contains a secret, but names of tasks are shown everywhere; name a field without one by "
            + "'key'"
    }

    private static let expectation = "a list, a mapping of lists (for all combinations), or JSON text of one of these"
    /// The keys that stand beside `items`.
    private static let settings = ["key", "max_concurrency", "max_failures"]
}
