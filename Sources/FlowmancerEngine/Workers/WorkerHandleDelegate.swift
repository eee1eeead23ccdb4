import FlowmancerSystem
import FlowmancerWire

/// What a ``WorkerHandle`` tells the pool.
protocol WorkerHandleDelegate: AnyObject {
    /// The worker sent a message, and what it had printed before was handed on.
    func worker(_ worker: WorkerHandle, didSay body: WireFromWorker.OneOf_Body)
    /// The worker, or a process that it started, wrote a line.
    func worker(_ worker: WorkerHandle, didWrite line: UnsafeRawBufferPointer, on stream: WorkerHandle.Stream)
    /// The worker does not keep to the protocol, for this reason: "it sent …". It is not listened to any more.
    func worker(_ worker: WorkerHandle, didMisbehave reason: String)
    /// The worker and everything that it had started is gone, and what they had written was handed on.
    func worker(_ worker: WorkerHandle, didEnd end: ProcessEnd)
}
