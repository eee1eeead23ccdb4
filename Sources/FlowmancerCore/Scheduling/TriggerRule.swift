// To add a rule, add a case and answer the questions below for it. `StateReason` has the words for those whose rule is not
// met, `RuleForecast` says what is known of a rule before the run.

/// How the dependencies of a task have to end for the task to run: `run_if` in a job file.
///
/// A skipped dependency counts as completed. One that did not run or was aborted counts as failed. A failure that
/// ``TaskDefinition/allowsFailure`` allows counts as completed for the rules about completed dependencies, and as failed
/// for those about failed ones.
public enum TriggerRule: String, Sendable, Hashable, CaseIterable {
    /// All dependencies completed. If one fails, the task is not run.
    case allCompleted = "all_completed"
    /// All dependencies ended, and at least one completed. Otherwise, the task is not run.
    case anyCompleted = "any_completed"
    /// All dependencies failed. Otherwise, the task is skipped.
    case allFailed = "all_failed"
    /// All dependencies ended, and at least one failed. Otherwise, the task is skipped.
    case anyFailed = "any_failed"
    /// All dependencies ended.
    case allFinished = "all_finished"

    /// What the votes so far mean for a node.
    enum Verdict {
        /// It waits for more votes.
        case open
        /// It goes on.
        case met
        /// It will never run.
        case unmet
    }

    /// Judges the votes so far. Only `all_completed` is decided before all of them are in.
    func verdict(on tally: VoteTally) -> Verdict {
        if self == .allCompleted, tally.votes.contains(.failed) { return .unmet }
        guard tally.open == 0 else { return .open }
        return switch self {
        case .allCompleted, .allFinished: .met
        case .anyCompleted: tally.votes.contains(.completed) ? .met : .unmet
        case .allFailed: tally.votes.contains(.completed) ? .unmet : .met
        case .anyFailed: tally.votes.contains(.failed) ? .met : .unmet
        }
    }

    /// The final state of a node whose rule is not met.
    var stateIfUnmet: ExecutionState {
        switch self {
        case .allCompleted, .anyCompleted, .allFinished: .defaulted
        case .allFailed, .anyFailed: .skipped
        }
    }

    /// Whether the rule reacts to failures: such a node may start after `max_failures` was reached.
    package var isReacting: Bool {
        switch self {
        case .allCompleted, .anyCompleted: false
        case .allFailed, .anyFailed, .allFinished: true
        }
    }

    /// Whether a task with this rule runs only if others fail.
    package var waitsForFailures: Bool { self == .allFailed || self == .anyFailed }

    /// Whether this rule takes a failure that is allowed for a failure.
    private var countsToleratedAsFailed: Bool { waitsForFailures }

    /// What votes mean under this rule: completed, failed, or both.
    func reading(of votes: Votes) -> Votes {
        guard votes.contains(.tolerated) else { return votes }
        return votes.subtracting(.tolerated).union(countsToleratedAsFailed ? .failed : .completed)
    }
}

/// How a node ended, as those see it that depend on it. A group passes on the votes of its items, so it may have several.
struct Votes: OptionSet, Sendable {
    let rawValue: UInt8

    static let completed = Votes(rawValue: 1)
    static let failed = Votes(rawValue: 2)
    /// It failed, and `allow_failure` says that this is no failure of the job.
    static let tolerated = Votes(rawValue: 4)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// - Parameter isAllowed: Whether a failure of the node is allowed.
    init(_ state: ExecutionState, isAllowed: @autoclosure () -> Bool) {
        if state == .completed || state == .skipped {
            self = .completed
        } else {
            self = state == .failed && isAllowed() ? .tolerated : .failed
        }
    }
}

/// The votes that a node got.
struct VoteTally: Sendable {
    /// How many dependencies have not voted. A group that was not entered yet counts as one for its members.
    var open: Int32
    var votes: Votes = []
}
