/// Why a node changed its state without an attempt that would explain it.
package enum StateReason: Sendable, Hashable {
    case leftOut
    /// It failed in an earlier run, which it may, so it is not run again.
    case failedBefore
    /// The dependency of this number failed.
    case dependencyFailed(Int)
    /// The dependency of this number was not run, since it depends on a failure itself.
    case dependencyNotRun(Int)
    /// The dependency of this number was aborted.
    case dependencyAborted(Int)
    /// All dependencies ended, but not as the rule wants it.
    case ruleUnmet(TriggerRule)
    /// The group of this number, which the node is a member of, was not entered.
    case groupNotEntered(Int)
    /// The preparation gave this reason.
    indirect case prepared(String)
    /// The group has no members.
    case noMembers
    /// The attempt failed in a way after which there is no other.
    indirect case notRetried(RetryRefusal)
    /// The machine on which the attempt ran was lost.
    indirect case lost(String)
    /// `max_failures` was reached.
    case tooManyFailures
    /// An attempt asks for more of this resource than there is.
    indirect case notEnough(resource: String)

    /// The reason for what depends on a node that ended like this.
    init(_ dependency: Int, endedAs state: ExecutionState) {
        if state == .aborted {
            self = .dependencyAborted(dependency)
        } else if state == .defaulted {
            self = .dependencyNotRun(dependency)
        } else {
            self = .dependencyFailed(dependency)
        }
    }

    /// The reason in words.
    ///
    /// - Parameter name: Returns the name of a node.
    package func text(_ name: (Int) -> String) -> String {
        switch self {
        case .leftOut: "left out on request"
        case .failedBefore: "it failed in an earlier run, which is allowed"
        case .dependencyFailed(let task): "its dependency '\(name(task))' failed"
        case .dependencyNotRun(let task): "its dependency '\(name(task))' was not run"
        case .dependencyAborted(let task): "its dependency '\(name(task))' was aborted"
        case .ruleUnmet(.anyFailed): "none of its dependencies failed"
        case .ruleUnmet(.allFailed): "not all of its dependencies failed"
        case .ruleUnmet(.anyCompleted): "none of its dependencies completed"
        case .ruleUnmet(.allCompleted), .ruleUnmet(.allFinished): "its dependencies did not complete"
        case .groupNotEntered(let group): "'\(name(group))', which it belongs to, was not run"
        case .prepared(let reason): reason
        case .noMembers: "there are no items"
        case .notRetried(let refusal): refusal.text
        case .lost(let reason): reason
        case .tooManyFailures: "too many tasks failed before"
        case .notEnough(let resource): "it asks for more of '\(resource)' than there is"
        }
    }
}
