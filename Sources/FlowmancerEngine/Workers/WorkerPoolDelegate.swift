import FlowmancerCore
import FlowmancerWire

/// What a ``WorkerPool`` tells the run.
protocol WorkerPoolDelegate: AnyObject {
    /// A worker took an attempt up.
    func poolDidStart(_ assignment: Assignment)
    /// An attempt, or a process that it started, wrote a line.
    func pool(_ assignment: Assignment, didWrite line: UnsafeRawBufferPointer, on stream: WorkerHandle.Stream)
    /// An attempt logged a line.
    func pool(_ assignment: Assignment, didLog line: WireLogLine)
    /// An attempt is over, and everything that it wrote was handed on.
    func pool(_ assignment: Assignment, didEndWith report: AttemptReport)
    /// A task wants something of the shared dictionary.
    func pool(
        _ assignment: Assignment,
        didRequest operation: SharedDictOperation,
        reply: @escaping (SharedDictReply) -> Void
    )
    /// There are no workers and there will be none.
    func poolDidFail(_ reason: String)
    /// Fewer workers run than there could be.
    func poolDidReachLimit(_ reason: String, workers: Int)
    /// The keeper is gone, and all workers with it; another one will be started.
    func poolDidLoseKeeper(_ end: ProcessEnd)
}
