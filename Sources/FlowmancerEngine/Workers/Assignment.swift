import FlowmancerCore
import FlowmancerWire

/// An attempt on its way through the pool.
struct Assignment {
    /// The task's number in the graph.
    let task: Int
    /// The number of the attempt, from 1.
    let attempt: Int
    /// Which process it needs.
    let isolation: Isolation
    /// What the worker is told.
    var message: WireAttempt
    /// If the attempt was cancelled, the time after which its ending is performed on a fresh instance. If it does not
    /// end by itself after all, it was aborted.
    var cancellation: Duration?
    /// Whether the worker that holds it was asked to give it back.
    var isRecalled = false
}

/// How an attempt ended, and why if that is not the task's own doing.
struct AttemptReport {
    var outcome: AttemptOutcome
    /// What the loggers should know, beyond what the task wrote itself.
    var remarks: [(severity: Severity, text: String)] = []
}
