/// Where a task stands in a run.
///
/// The raw values are the letters that the original Flowmancer uses in its checkpoints.
public enum ExecutionState: String, Sendable, Hashable, Codable, CaseIterable {
    /// Known to the run, not yet looked at.
    case initial = "_"
    /// Waiting: for its dependencies, for a free worker, or for its next attempt.
    case pending = "P"
    /// A worker executes an attempt.
    case running = "R"
    /// Ended well.
    case completed = "C"
    /// Its last allowed attempt failed.
    case failed = "F"
    /// Never ran because a dependency failed.
    case defaulted = "D"
    /// Cancelled, or not started, because the run was aborted.
    case aborted = "A"
    /// Left out on request; counts as satisfied for its dependents.
    case skipped = "S"

    /// Whether a task in this state can still change its state in this run.
    public var isFinal: Bool {
        switch self {
        case .initial, .pending, .running: false
        case .completed, .failed, .defaulted, .aborted, .skipped: true
        }
    }
}
