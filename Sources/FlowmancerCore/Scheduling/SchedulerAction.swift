/// What a run has to do, as the ``Scheduler`` decided.
package enum SchedulerAction: Sendable, Hashable {
    /// Record and publish a change of state; `attempt` is 0 before the first attempt.
    case transition(Int, from: ExecutionState, to: ExecutionState, attempt: Int)
    /// Give the task to a worker as soon as one is free, and report ``SchedulerEvent/started(_:)`` then.
    case start(Int, attempt: Int)
    /// Forget a task that no worker has taken up yet.
    case withdraw(Int)
    /// Report ``SchedulerEvent/overran(_:attempt:)`` after this time, unless the attempt has ended.
    case limit(Int, attempt: Int, to: Duration)
    /// Cancel the attempt under way, and report how it ended.
    case cancel(Int, Cancellation)
    /// Report ``SchedulerEvent/backoffElapsed(_:)`` after this time.
    case backOff(Int, for: Duration)
    /// Every task is in a final state.
    case finish
}

/// Why an attempt is cancelled.
package enum Cancellation: Sendable, Hashable {
    /// The run is to end early.
    case abort
    /// It took longer than its time limit.
    case overrun(limit: Duration)
}
