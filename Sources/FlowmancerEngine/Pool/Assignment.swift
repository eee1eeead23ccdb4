import FlowmancerCore

/// An attempt on its way through the pool. What its worker has to know of it is made when it is given to one.
struct Assignment: Hashable {
    /// Tells it from all other attempts of the run.
    let id: UInt64
    /// The task's number in the graph.
    let task: Int
    /// The number of the attempt, from 1.
    let attempt: Int
    /// Its number among the attempts that count, which those do not that were lost with their machine.
    let counted: Int
    /// What executes it.
    let runtime: TaskRuntime
    /// Which process it needs.
    let isolation: Isolation
    /// Whether an earlier run left the task as a failed one.
    let isRestart: Bool
}

/// How an attempt ended, and why if that is not the task's own doing.
struct AttemptReport {
    typealias Remark = (severity: Severity, text: String)

    var outcome: AttemptOutcome
    /// What the loggers should know, beyond what the task wrote itself.
    var remarks: [Remark] = []
    /// What the attempt published: a JSON object. It counts if the attempt completes its task.
    var outputs: JSONText?
}
