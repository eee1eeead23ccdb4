import FlowmancerCore

/// The kinds of variables, by the names that stand between `$` and `{`.
enum VariableKind: String, CaseIterable, Sendable {
    case environment = "ENV"
    case system = "SYS"
    case variable = "VAR"
    case output = "OUT"
    case shared = "DICT"
    case item = "ITEM"
    case state = "STATE"

    /// The kinds whose values are known when a job is loaded.
    static let knownAtLoad = allCases.filter(\.isKnownAtLoad)

    init(_ kind: ExpressionReference.Kind) {
        self =
            switch kind {
            case .environment: .environment
            case .system: .system
            case .variable: .variable
            case .output: .output
            case .shared: .shared
            case .item: .item
            case .state: .state
            }
    }

    /// The kind as expressions know it.
    var ofExpression: ExpressionReference.Kind {
        switch self {
        case .environment: .environment
        case .system: .system
        case .variable: .variable
        case .output: .output
        case .shared: .shared
        case .item: .item
        case .state: .state
        }
    }

    /// Whether the value is known when a job is loaded.
    var isKnownAtLoad: Bool { ofExpression.isKnownAtLoad }

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
        self == .item && name.isEmpty ? "$\(rawValue)" : "$\(rawValue){\(name)}"
    }

    private static let appRoot = "APP_ROOT_DIR"
    /// For a `$` right before a variable, where `$$` would be an escape.
    private static let dollar = "DOLLAR"
}
