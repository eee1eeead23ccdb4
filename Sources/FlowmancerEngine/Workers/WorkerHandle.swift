import DequeModule
import FlowmancerWire
import NIOCore

/// A worker process as the engine sees it. Used on the event loop only.
final class WorkerHandle {
    /// What a worker is doing.
    enum Phase {
        /// It has not said hello.
        case starting
        case idle
        case busy(Assignment)
        /// It is being ended; if the attempt reported its end before, this is how.
        case retiring(Assignment?, AttemptReport?)
        case ended
    }

    /// The stream that a line came from.
    enum Stream {
        case output, errors
    }

    let number: UInt32
    var phase = Phase.starting
    /// Whether it has executed an attempt.
    var isUsed = false
    var socket: (any Channel)?
    var pipes: [any Channel] = []
    var messages: DescriptorReader?
    var output: DescriptorReader?
    var errors: DescriptorReader?
    var decoder = FrameDecoder<WireFromWorker>()
    var outputLines = LineSplitter()
    var errorLines = LineSplitter()
    /// Messages that wait until what was printed before them was handed on.
    var held = Deque<WireFromWorker.OneOf_Body>()
    private var barrier: (output: Int, errors: Int)?
    /// How the process ended, once the keeper said so.
    var end: ProcessEnd?
    /// Messages that were written before the channel was there.
    private var backlog: [ByteBuffer] = []
    private var hasUnflushed = false

    init(number: UInt32) {
        self.number = number
    }

    /// The attempt that what the worker says and prints belongs to.
    var assignment: Assignment? {
        switch phase {
        case .busy(let assignment), .retiring(let assignment?, _): assignment
        case .starting, .idle, .retiring(nil, _), .ended: nil
        }
    }

    func attach(_ channel: any Channel) {
        socket = channel
        for buffer in backlog { channel.write(buffer, promise: nil) }
        backlog = []
        channel.flush()
    }

    /// Queues a message until ``flush()``.
    func write(_ body: WireToWorker.OneOf_Body) throws {
        let frame = try Frame.encode(WireToWorker.with { $0.body = body })
        if let socket {
            socket.write(ByteBuffer(bytes: frame), promise: nil)
            hasUnflushed = true
        } else {
            backlog.append(ByteBuffer(bytes: frame))
        }
    }

    func flush() {
        guard hasUnflushed else { return }
        hasUnflushed = false
        socket?.flush()
    }

    /// Whether what the worker and its children wrote until the first call of a series was handed on.
    func hasCaughtUp() -> Bool {
        guard let output, let errors else { return true }
        let barrier = barrier ?? (output.position, errors.position)
        let hasCaughtUp = output.hasReached(barrier.output) && errors.hasReached(barrier.errors)
        self.barrier = hasCaughtUp ? nil : barrier
        return hasCaughtUp
    }

    /// Whether nothing more can arrive from the worker or anything that it started.
    var isSilent: Bool {
        ![messages, output, errors].contains { $0?.isOpen == true }
    }

    func pauseOutput(_ isPaused: Bool) {
        for pipe in pipes { pipe.setOption(.autoRead, value: !isPaused).whenFailure { _ in } }
    }

    func closeChannels() {
        socket?.close(promise: nil)
        for pipe in pipes { pipe.close(promise: nil) }
    }
}
