/// What happened to a run, for the ``Scheduler``. Tasks are numbers of the ``TaskGraph``.
package enum SchedulerEvent: Sendable, Hashable {
    /// The run begins.
    case begin
    /// A worker was given the task, and begins it by itself after the one that it executes.
    case held(Int)
    /// A worker that held the task gave it back; it is handed out again, unless the run was aborted meanwhile.
    case returned(Int)
    /// A worker took the task up.
    case started(Int)
    /// The attempt under way is over.
    case ended(Int, AttemptOutcome)
    /// The pause before the next attempt is over.
    case backoffElapsed(Int)
    /// The attempt reached its time limit.
    case overran(Int, attempt: Int)
    /// The run is to end early.
    case abort
}

/// How an attempt ended.
package enum AttemptOutcome: Sendable, Hashable {
    case succeeded, failed, aborted
}

/// How often a task is tried, in what rhythm, and how long each time.
package struct RetryPolicy: Sendable, Hashable {
    package var maxAttempts: Int
    package var backoff: Duration
    package var timeout: TimeLimit

    package init(maxAttempts: Int = 1, backoff: Duration = .zero, timeout: TimeLimit = .unlimited) {
        self.maxAttempts = maxAttempts
        self.backoff = backoff
        self.timeout = timeout
    }
}

/// What is known of a task before the run begins.
package enum TaskOrigin: Sendable, Hashable {
    /// It has to run.
    case fresh
    /// An earlier run completed it.
    case completed
    /// It is left out on request.
    case skipped
}
