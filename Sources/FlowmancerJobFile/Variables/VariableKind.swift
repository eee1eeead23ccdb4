import FlowmancerCore

/// The kinds of variables, by the names that stand between `$` and `{`.
enum VariableKind: String, CaseIterable, Sendable {
    case environment = "ENV"
    case system = "SYS"
    case variable = "VAR"

    private static let longestName = allCases.map(\.rawValue.utf8.count).max() ?? 0

    /// Returns the kind of the variable that begins before `text`, with its `$`, and what stands behind its brace.
    static func opening(_ text: Substring.UTF8View) -> (kind: VariableKind, body: Substring.UTF8View)? {
        let name = text.prefix(longestName).prefix { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
        let rest = text[name.endIndex...]
        guard rest.first == UInt8(ascii: "{"), let kind = VariableKind(rawValue: String(Substring(name)))
        else { return nil }
        return (kind, rest.dropFirst())
    }

    /// Returns the value of a variable; `nil` if it has none.
    func value(of name: String, in context: JobLoadingContext) -> String? {
        switch self {
        case .environment: context.environment[name]
        case .system: name == Self.appRoot ? context.appRoot : nil
        case .variable: context.variables[name]
        }
    }

    /// Returns the names of the variables that have values.
    func names(in context: JobLoadingContext) -> [String] {
        switch self {
        case .environment: context.environment.keys.sorted()
        case .system: [Self.appRoot]
        case .variable: context.variables.keys.sorted()
        }
    }

    /// Whether there are no other variables of the kind than those that have values.
    var isClosed: Bool { self == .system }

    /// A variable of the kind as it is written.
    func reference(to name: some StringProtocol) -> String { "$\(rawValue){\(name)}" }

    private static let appRoot = "APP_ROOT_DIR"
}
