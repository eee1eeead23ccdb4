import FlowmancerCore

/// The kinds of variables, as expressions have them, too.
typealias VariableKind = ExpressionReference.Kind

extension VariableKind {
    /// The kinds whose values are known when a job is loaded.
    static let knownAtLoad: [VariableKind] = [.environment, .system, .variable]

    /// Returns the value of a variable; `nil` if it has none.
    func value(of name: String, in context: JobLoadingContext) -> String? {
        switch self {
        case .environment: context.environment[name]
        case .system: name == Self.appRoot ? context.appRoot : name == Self.dollar ? "$" : nil
        case .variable: context.variables[name]
        case .output, .shared, .item, .state: nil
        }
    }

    /// Returns the names of the variables that have values.
    func names(in context: JobLoadingContext) -> [String] {
        switch self {
        case .environment: context.environment.keys.sorted()
        case .system: [Self.appRoot, Self.dollar]
        case .variable: context.variables.keys.sorted()
        case .output, .shared, .item, .state: []
        }
    }

    /// Whether there are no other variables of the kind than those that have values.
    var isClosed: Bool { self == .system }

    /// A variable of the kind as it is written.
    func reference(to name: some StringProtocol) -> String {
        ExpressionReference(self, String(name)).label
    }

    private static let appRoot = "APP_ROOT_DIR"
    /// For a `$` right before a variable, where `$$` would be an escape.
    private static let dollar = "DOLLAR"
}
