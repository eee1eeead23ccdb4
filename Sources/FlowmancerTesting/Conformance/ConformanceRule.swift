/// A rule, and how it is checked.
struct ConformanceRule: Sendable {
    /// What must hold, as a sentence without its full stop.
    let text: String
    /// Throws a ``Finding`` if the rule is broken, and ``Inapplicable`` if it does not concern the implementation.
    let check: @Sendable () async throws -> Void

    init(_ text: String, _ check: @escaping @Sendable () async throws -> Void) {
        self.text = text
        self.check = check
    }

    /// What was found instead of what the rule demands.
    struct Finding: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// The implementation does not have the part that the rule is about.
    struct Inapplicable: Error {}

    /// Checks rules one after the other; each is judged, also if others are broken.
    ///
    /// - Parameters:
    ///   - subject: The type that is examined.
    ///   - limit: How long the check of a rule may take.
    /// - Throws: ``ConformanceError`` if a rule is broken.
    static func check(
        _ rules: [ConformanceRule],
        of subject: Any.Type,
        within limit: Duration
    ) async throws -> ConformanceReport {
        var (held, inapplicable): ([String], [String]) = ([], [])
        var violations: [ConformanceError.Violation] = []
        for rule in rules {
            switch await TimeLimited.perform(within: limit, rule.check) {
            case .success:
                held.append(rule.text)
            case .failure(is Inapplicable):
                inapplicable.append(rule.text)
            case .failure(let finding as Finding):
                violations.append(.init(rule: rule.text, finding: finding.description))
            case .failure(let error):
                violations.append(.init(rule: rule.text, finding: "an error was thrown: \(error.inWords)"))
            case nil:
                violations.append(.init(rule: rule.text, finding: "no end within \(limit)"))
            }
        }
        guard violations.isEmpty else { throw ConformanceError(subject: "\(subject)", violations: violations) }
        return ConformanceReport(held: held, inapplicable: inapplicable)
    }

    /// Throws a ``Finding`` unless a condition holds.
    static func require(_ condition: Bool, _ finding: @autoclosure () -> String) throws {
        if !condition { throw Finding(finding()) }
    }
}
