/// The state of a task in a run.
///
/// The raw values are the letters that the original Flowmancer uses in its checkpoints.
public enum ExecutionState: String, Sendable, Hashable, Codable, CaseIterable {
    /// The run has not begun.
    case initial = "_"
    /// The task waits for its dependencies, for a free worker, or for its next attempt.
    case pending = "P"
    /// A worker executes an attempt.
    case running = "R"
    /// The task succeeded.
    case completed = "C"
    /// The last allowed attempt failed.
    case failed = "F"
    /// The task did not run because a dependency failed.
    case defaulted = "D"
    /// The task was cancelled, or not started, because the run was aborted.
    case aborted = "A"
    /// The task was left out on request. For its dependents, this counts as success.
    case skipped = "S"

    /// Whether a task in this state keeps it until the end of the run.
    public var isFinal: Bool {
        switch self {
        case .initial, .pending, .running: false
        case .completed, .failed, .defaulted, .aborted, .skipped: true
        }
    }
}
