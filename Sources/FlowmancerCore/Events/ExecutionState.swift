/// The state of a task in a run.
///
/// New versions may add states, so give a `switch` over them a default. The raw values are the letters that the original
/// Flowmancer uses in its checkpoints.
public struct ExecutionState: RawRepresentable, Sendable, Hashable, Codable, CaseIterable, LosslessStringConvertible {
    private enum Value: String, CaseIterable {
        case initial = "_"
        case pending = "P"
        case running = "R"
        case completed = "C"
        case failed = "F"
        case defaulted = "D"
        case aborted = "A"
        case skipped = "S"
    }

    private let value: Value

    private init(_ value: Value) { self.value = value }

    /// Creates a state from its letter; `nil` if no state has it.
    public init?(rawValue: String) {
        guard let value = Value(rawValue: rawValue) else { return nil }
        self.value = value
    }

    /// Creates a state from its word, such as `completed`; `nil` if no state has it.
    public init?(_ description: String) {
        guard let state = Self.allCases.first(where: { $0.description == description }) else { return nil }
        self = state
    }

    /// The letter of the state.
    public var rawValue: String { value.rawValue }
    /// The state as a word, such as `completed`.
    public var description: String {
        switch value {
        case .initial: "initial"
        case .pending: "pending"
        case .running: "running"
        case .completed: "completed"
        case .failed: "failed"
        case .defaulted: "defaulted"
        case .aborted: "aborted"
        case .skipped: "skipped"
        }
    }

    /// The run has not begun.
    public static var initial: Self { Self(.initial) }
    /// The task waits for its dependencies, for a free worker, or for its next attempt.
    public static var pending: Self { Self(.pending) }
    /// A worker executes an attempt.
    public static var running: Self { Self(.running) }
    /// The task succeeded.
    public static var completed: Self { Self(.completed) }
    /// The last allowed attempt failed.
    public static var failed: Self { Self(.failed) }
    /// The task did not run because a dependency failed, or because of ``TaskDefinition/runIf``.
    public static var defaulted: Self { Self(.defaulted) }
    /// The task was cancelled, or not started, because the run was aborted.
    public static var aborted: Self { Self(.aborted) }
    /// The task was left out on request, its condition is false, or it waited for failures that did not happen. For its
    /// dependents, this counts as success.
    public static var skipped: Self { Self(.skipped) }

    /// All states, in the order in which they are declared here.
    public static let allCases = Value.allCases.map { Self($0) }

    /// Whether a task in this state keeps it until the end of the run.
    public var isFinal: Bool {
        switch value {
        case .initial, .pending, .running: false
        case .completed, .failed, .defaulted, .aborted, .skipped: true
        }
    }

    // Without these, states would be compared by their letters, which takes longer.

    /// Whether two states are the same.
    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.value == rhs.value }

    /// Feeds the state into a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
