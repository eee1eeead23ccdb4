import DequeModule
import FlowmancerWire
import Glibc
import NIOCore
import NIOPosix

/// A worker process as the engine sees it: what it says and prints, in order, and how it ends. Used on the event loop
/// only.
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
    /// The process, once the keeper has started it.
    var pid: pid_t?
    var phase = Phase.starting
    /// Whether it has executed an attempt.
    var isUsed = false

    private weak var delegate: (any WorkerHandleDelegate)?
    private var socket: (any Channel)?
    private var pipes: [any Channel] = []
    /// The sources of messages, output and errors.
    private var readers: [DescriptorReader] = []
    private var decoder = FrameDecoder<WireFromWorker>()
    private var outputLines: MaskedLines
    private var errorLines: MaskedLines
    /// Messages that wait until what was printed before them was handed on.
    private var held = Deque<WireFromWorker.OneOf_Body>()
    private var barrier: (output: Int, errors: Int)?
    /// How the process ended, once the keeper said so.
    private var end: ProcessEnd?
    /// Messages that were written before the channel was there.
    private var backlog: [ByteBuffer] = []
    private var hasUnflushed = false

    private var isPaused = false

    /// How long the descriptors of a dead worker may stay open: somebody outside of the run has them.
    private static let silenceDeadline: TimeAmount = .seconds(5)

    init(number: UInt32, masker: SecretMasker?, delegate: any WorkerHandleDelegate) {
        self.number = number
        self.delegate = delegate
        outputLines = MaskedLines(masker)
        errorLines = MaskedLines(masker)
    }

    /// The attempt that what the worker says and prints belongs to.
    var assignment: Assignment? {
        switch phase {
        case .busy(let assignment), .retiring(let assignment?, _): assignment
        case .starting, .idle, .retiring(nil, _), .ended: nil
        }
    }

    /// Whether it has said hello and is not being ended.
    var isReady: Bool {
        switch phase {
        case .idle, .busy: true
        case .starting, .retiring, .ended: false
        }
    }

    // MARK: Channels

    /// Takes the engine's ends of the descriptors over.
    func connect(_ descriptors: WorkerDescriptors, on eventLoop: any EventLoop, isOutputPaused: Bool) {
        isPaused = isOutputPaused
        readers = [
            reader(descriptors.socket) { $0.receive($1) },
            reader(descriptors.output) { worker, bytes in
                worker.outputLines.append(bytes) { worker.handOn($0, .output) }
            },
            reader(descriptors.errors) { worker, bytes in
                worker.errorLines.append(bytes) { worker.handOn($0, .errors) }
            },
        ]
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        @Sendable func addReader(_ index: Int, to channel: any Channel) -> EventLoopFuture<Void> {
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(bound.value.readers[index])
            }
        }
        ClientBootstrap(group: eventLoop)
            .channelInitializer { addReader(0, to: $0) }
            .withConnectedSocket(descriptors.socket)
            .whenSuccess { bound.value.attach($0) }
        for (index, descriptor) in [(1, descriptors.output), (2, descriptors.errors)] {
            NIOPipeBootstrap(group: eventLoop)
                .channelInitializer { addReader(index, to: $0) }
                .takingOwnershipOfDescriptor(input: descriptor)
                .whenSuccess { channel in
                    bound.value.pipes.append(channel)
                    if bound.value.isPaused { channel.setAutoRead(false) }
                }
        }
    }

    private func reader(
        _ descriptor: Int32,
        handle: @escaping (WorkerHandle, UnsafeRawBufferPointer) -> Void
    ) -> DescriptorReader {
        DescriptorReader(
            descriptor,
            handle: { [unowned self] in handle(self, $0) },
            progressed: { [weak self] in self?.handleHeld() }
        )
    }

    private func attach(_ channel: any Channel) {
        socket = channel
        if isPaused { channel.setAutoRead(false) }
        for buffer in backlog { channel.write(buffer, promise: nil) }
        backlog = []
        channel.flush()
    }

    /// Stops or resumes reading what the worker prints, and what it says: that waits for what was printed before.
    func pauseOutput(_ isPaused: Bool) {
        self.isPaused = isPaused
        for channel in pipes + [socket].compactMap({ $0 }) { channel.setAutoRead(!isPaused) }
    }

    func closeChannels() {
        socket?.close(promise: nil)
        for pipe in pipes { pipe.close(promise: nil) }
    }

    // MARK: To the worker

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

    // MARK: From the worker

    /// Takes note of the end of the process. It is told once everything that it had written was handed on.
    func noteEnd(_ end: ProcessEnd, on eventLoop: any EventLoop) {
        self.end = end
        handleHeld()
        concludeAfterSilence(on: eventLoop)
    }

    private func concludeAfterSilence(on eventLoop: any EventLoop) {
        eventLoop.assumeIsolated().scheduleTask(in: Self.silenceDeadline) { [weak self] in
            guard let self else { return }
            if isPaused { concludeAfterSilence(on: eventLoop) } else { conclude() }
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        decoder.append(bytes)
        do {
            while let message = try decoder.next() {
                if let body = message.body { held.append(body) }
            }
        } catch {
            delegate?.worker(self, didSendGarbage: error)
        }
    }

    /// Handles messages in their order, each after what was printed before it.
    private func handleHeld() {
        while let body = held.first {
            switch body {
            case .log: guard hasCaughtUp() else { return }
            case .ended:
                guard hasCaughtUp() else { return }
                flushLines()
            case .hello, .sharedRequest: break
            }
            held.removeFirst()
            delegate?.worker(self, didSay: body)
        }
        if !readers.contains(where: \.isOpen) { conclude() }
    }

    /// Tells the end of the process, once.
    private func conclude() {
        guard let end else { return }
        self.end = nil
        flushLines()
        closeChannels()
        delegate?.worker(self, didEnd: end)
    }

    /// Whether what the worker and its children wrote until the first call of a series was handed on.
    private func hasCaughtUp() -> Bool {
        let (output, errors) = (readers[1], readers[2])
        let barrier = barrier ?? (output.position, errors.position)
        let hasCaughtUp = output.hasReached(barrier.output) && errors.hasReached(barrier.errors)
        self.barrier = hasCaughtUp ? nil : barrier
        return hasCaughtUp
    }

    private func flushLines() {
        outputLines.finish { handOn($0, .output) }
        errorLines.finish { handOn($0, .errors) }
    }

    private func handOn(_ line: UnsafeRawBufferPointer, _ stream: Stream) {
        delegate?.worker(self, didWrite: line, on: stream)
    }
}

extension Channel {
    fileprivate func setAutoRead(_ isOn: Bool) {
        // A channel that is closed has nothing to read.
        setOption(.autoRead, value: isOn).whenFailure { _ in }
    }
}
