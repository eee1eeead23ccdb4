/// What happened to a run, for the ``Scheduler``. Tasks go by their numbers.
package enum SchedulerEvent: Sendable, Hashable {
    /// The run begins.
    case begin
    /// This was found out about a node, as ``SchedulerAction/prepare(_:)`` asked.
    indirect case prepared(Int, Preparation)
    /// A worker was given the task, and begins it by itself after the one that it executes.
    case held(Int)
    /// A worker that held the task gave it back: it waits for a worker again, unless the run was aborted meanwhile.
    case returned(Int)
    /// A worker took the task up.
    case started(Int)
    /// The attempt under way is over.
    case ended(Int, AttemptOutcome)
    /// The machine was lost on which the attempt ran, and the attempt with it, for this reason.
    indirect case lost(Int, reason: String)
    /// A time is over that ``SchedulerAction/wake(_:after:)`` asked for. If an attempt has reported its end before that, its
    /// time limit no longer counts.
    case elapsed(SchedulerTimer)
    /// The run is to end early. The second time, what runs is killed.
    case abort

    /// Whether the event must not wait for others, also if nothing can be recorded right now: the actions that follow at
    /// once need no record. An abort takes effect at the end of the turn.
    package var isUrgent: Bool {
        switch self {
        case .abort, .elapsed(.runLimit), .elapsed(.abortGrace), .elapsed(.limitGrace): true
        case .begin, .prepared, .held, .returned, .started, .ended, .lost, .elapsed: false
        }
    }
}

/// How an attempt ended.
package enum AttemptOutcome: Sendable, Hashable {
    case succeeded
    case failed(FailureKind)
    case aborted
}
