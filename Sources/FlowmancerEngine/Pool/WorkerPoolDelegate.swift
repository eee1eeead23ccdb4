import FlowmancerCore
import FlowmancerSystem

/// What a ``WorkerPool`` tells the run.
protocol WorkerPoolDelegate: AnyObject {
    /// A worker took an attempt up.
    func poolDidStart(_ assignment: Assignment)
    /// A worker that executes another attempt was given this one, and begins it by itself after that: it may begin from
    /// the next ``WorkerPool/flush()`` on.
    func poolDidHold(_ assignment: Assignment)
    /// An attempt that a worker held was not begun, and waits again or, if it was cancelled, is over.
    func poolDidReturn(_ assignment: Assignment)
    /// There are messages for workers: ``WorkerPool/flush()`` should be called.
    func poolHasUnsent()
    /// An attempt, or a process that it started, wrote a line.
    func pool(_ assignment: Assignment, didWrite line: UnsafeRawBufferPointer, on stream: OutputStream)
    /// An attempt logged a line.
    func pool(_ assignment: Assignment, didLog line: LoggedLine)
    /// Something that an attempt had started logged a line after the attempt had ended.
    func poolDidReceiveLate(_ line: LateLine)
    /// An attempt is over, and everything that it wrote was handed on.
    func pool(_ assignment: Assignment, didEndWith report: AttemptReport)
    /// A task wants something of the shared dictionary.
    func pool(
        _ assignment: Assignment,
        didRequest operation: SharedDictOperation,
        reply: @escaping (SharedAnswer) -> Void
    )
    /// There are no workers and there will be none.
    func poolDidFail(_ reason: String)
    /// Fewer workers run than there could be.
    func poolDidReachLimit(_ reason: String, workers: Int)
    /// The keeper is gone, and all workers with it; another one will be started.
    func poolDidLoseKeeper(_ end: ProcessEnd)
}
