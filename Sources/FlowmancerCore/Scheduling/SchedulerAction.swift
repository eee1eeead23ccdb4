/// What a run has to do, as the ``Scheduler`` decided.
package enum SchedulerAction: Sendable, Hashable {
    /// Record and publish a change of state.
    case transition(Transition)
    /// Find out what is to be done with the node, and report ``SchedulerEvent/prepared(_:_:)``.
    case prepare(Int)
    /// Record what was found out about the node, before the actions that follow.
    indirect case record(Int, Preparation)
    /// A group has these members: nodes that the run did not have so far.
    case expanded(Int, members: Range<Int>)
    /// All members of a group have ended, and so has the group.
    case gathered(Int, ExecutionState)
    /// Give the attempt to a worker, and report ``SchedulerEvent/started(_:)`` when one takes it up.
    case start(Int, attempt: Int, Admission)
    /// The attempt that was started ``Admission/behindAnother`` may begin on any worker.
    case admit(Int)
    /// Forget an attempt that no worker has taken up yet.
    case withdraw(Int)
    /// Cancel the attempt under way, and report how it ended.
    case cancel(Int, Cancellation)
    /// Kill the attempt under way, and report how it ended.
    case kill(Int, KillReason)
    /// Report ``SchedulerEvent/elapsed(_:)`` after this time.
    case wake(SchedulerTimer, after: Duration)
    /// Report ``SchedulerEvent/elapsed(_:)`` after a pause in which chance has a part.
    indirect case wakeAtRandom(SchedulerTimer, RetryPause)
    /// Do not report that the time has passed.
    case forget(SchedulerTimer)
    /// Tell people what becomes of the tasks that are running.
    case announce(AbortNotice, running: [Int])
    /// Tell people that `max_failures` was reached, and how many tasks therefore do not start.
    case announceFailures(limit: Int, notStarted: Int)
    /// Every node is in a final state.
    case finish
}

/// A change of a node's state.
package struct Transition: Sendable, Hashable {
    package let task: Int
    package let from: ExecutionState
    package let to: ExecutionState
    /// The number of the attempt, 0 before the first one.
    package let attempt: Int
    /// Why, unless an attempt explains it.
    package let reason: StateReason?
}

/// When an attempt that was handed out may begin.
package enum Admission: Sendable, Hashable {
    /// As soon as a worker is free.
    case now
    /// When the worker that holds it has ended the attempt before: it has that one's place then. No other worker begins it
    /// before ``SchedulerAction/admit(_:)``.
    case behindAnother
}

/// Why an attempt is cancelled.
package enum Cancellation: Sendable, Hashable {
    /// The run is to end early.
    case abort
    /// It took longer than its time limit.
    case overrun(limit: Duration)
}

/// Why an attempt is killed.
package enum KillReason: Sendable, Hashable {
    /// The run is to end at once.
    case request
    /// It did not end within the grace period of an abort.
    case abortGrace(Duration)
    /// It did not end within the grace period after its time limit.
    case overrun(limit: Duration, grace: Duration)
    /// It began when all others were being killed.
    case lateStart
}

/// What people are told when a run ends early.
package enum AbortNotice: Sendable, Hashable {
    /// They asked for it. What runs is cancelled, and has a grace period to end.
    case aborting
    /// The run exceeded its time limit. What runs is cancelled, and has a grace period to end.
    case timeLimit(Duration)
    /// What runs is killed.
    case killing
}

/// A point in time that the ``Scheduler`` waits for.
package enum SchedulerTimer: Sendable, Hashable {
    /// The pause before the next attempt of a task is over.
    case backoff(Int)
    /// An attempt reaches its time limit.
    case limit(Int, attempt: Int)
    /// The grace period after the time limit of an attempt is over.
    case limitGrace(Int, attempt: Int)
    /// The run reaches its time limit.
    case runLimit
    /// The grace period of an abort is over.
    case abortGrace
}
