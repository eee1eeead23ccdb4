import CFlowmancerKeeper
import FlowmancerSystem
import Glibc

/// The connection to a worker process on this machine: a socket for messages, one or two pairs of pipes for what it prints,
/// and the end of the process. What the messages are is the matter of its subclasses. Used on the event loop only.
class LocalWorkerLink {
    let worker: Int
    /// By this number the keeper knows the worker.
    private let number: UInt32
    unowned let source: LocalWorkerSource
    unowned let observer: any WorkerObserver
    private(set) var socket: DescriptorChannel!
    /// The attempts write to them in turn.
    private(set) var streams: [OutputStreams] = []
    /// The pair that the present attempt writes to.
    var turn = 0
    private(set) var isOutputPaused = false
    private var conversation = Conversation.open
    /// The process, once it was started.
    private var pid: pid_t?
    /// How the process ended, once the keeper said so.
    private var end: ProcessEnd?
    /// Ends the waiting for the end of the process, or of what it wrote.
    private var endLimit: EventLoop.Timer?

    /// How long the descriptors of a dead worker may stay open: somebody outside of the run has them.
    private static let silenceDeadline: Duration = .seconds(5)
    /// How long a process may live on that closed its socket: usually that is the first that is seen of its end.
    private static let farewellDeadline: Duration = .seconds(2)
    /// How many bytes of messages may wait for the one in hand before no more are read.
    private static let maximumBacklog = 1 << 18

    /// What becomes of messages.
    private enum Conversation {
        case open
        /// The worker says nothing more.
        case closed
        /// The worker is not to be trusted: whatever it says is ignored.
        case refused
    }

    /// Takes charge of a new worker.
    ///
    /// - Parameters:
    ///   - worker: By this number the observer of the source knows the worker.
    ///   - descriptors: The engine's ends of its descriptors, which are taken over.
    init(_ worker: Int, number: UInt32, _ descriptors: WorkerDescriptors, of source: LocalWorkerSource) {
        self.worker = worker
        self.number = number
        self.source = source
        observer = source.observer
        // Whatever calls back here has come to its end when the link does: its descriptors are closed.
        socket = DescriptorChannel(
            descriptors.socket,
            on: source.loop,
            received: { [unowned self] in if conversation != .refused { receive($0) } },
            progressed: { [unowned self] in handleMessages() },
            hasRoom: { [unowned self] in proceed() }
        )
        streams = descriptors.streams.indices.map { index in
            OutputStreams(
                descriptors.streams[index],
                masker: source.masker,
                on: source.loop,
                isEarly: { [unowned self] in index != turn && isHolding },
                emit: { [unowned self] in emit($0, $1) },
                progressed: { [unowned self] in handleMessages() }
            )
        }
    }

    // MARK: For subclasses

    /// Whether the worker has an attempt that it begins by itself.
    var isHolding: Bool { false }
    /// How many bytes wait behind a message that cannot be handled yet; `nil` if there is no such message.
    var backlog: Int? { nil }
    /// Whether the end of the attempt was reported, be it behind output that is still on its way.
    var hasReportedEnd: Bool { false }
    /// Why the process ended itself, as far as the present attempt wrote it.
    var trapReason: String? { nil }

    /// Takes in what has arrived through the socket.
    func receive(_ bytes: UnsafeRawBufferPointer) {}
    /// Goes on with what there was no room for in the socket.
    func proceed() {}
    /// Handles the next message, after what was printed before it.
    ///
    /// - Returns: Whether there was one, and it could be handled.
    func handleMessage() -> Bool { false }
    /// Forgets all messages that have arrived.
    func discardMessages() {}
    /// Hands a line on.
    func emit(_ line: UnsafeRawBufferPointer, _ stream: OutputStream) {
        observer.worker(worker, didWrite: line, on: stream)
    }

    final func tell(_ news: WorkerNews) { observer.worker(worker, did: news) }

    final func handleMessages() {
        while conversation != .refused, handleMessage() {}
        setPace()
        guard !socket.isOpen else { return }
        if streams.contains(where: \.isOpen) {
            expectEnd()
        } else if backlog == nil {
            conclude()
        }
    }

    /// The worker does not keep to the protocol.
    final func misbehave(_ reason: String) {
        guard conversation != .refused else { return }
        conversation = .refused
        discardMessages()
        socket.close()
        tell(.misbehaved(reason))
    }

    /// Stops reading while a message that cannot be handled keeps too many others waiting.
    private func setPace() {
        let isBehind = backlog.map { $0 >= Self.maximumBacklog } ?? false
        if socket.isPaused != isBehind { socket.isPaused = isBehind }
    }

    // MARK: Output

    func pauseOutput(_ isPaused: Bool) {
        isOutputPaused = isPaused
        for stream in streams { stream.isPaused = isPaused }
        if !isPaused { handleMessages() }
    }

    func takeReport() {
        guard isOutputPaused, hasReportedEnd else { return }
        pauseOutput(false)
        pauseOutput(true)
    }

    // MARK: The process

    var processorSeconds: Double? { pid.map(flowmancer_processor_seconds) }

    func kill() { source.kill(number) }

    func close() {
        end = nil
        conversation = .refused
        endLimit?.cancel()
        socket.close()
        for stream in streams { stream.close() }
        source.release(number)
    }

    /// Takes note that the process was started.
    func noteStart(_ pid: pid_t) {
        self.pid = pid
        tell(.started)
    }

    /// Takes note of the end of the process. It is told once everything that it had written was handed on.
    func noteEnd(_ end: ProcessEnd) {
        self.end = end
        endLimit?.cancel()
        handleMessages()
        if self.end != nil { concludeAfterSilence() }
    }

    private func concludeAfterSilence() {
        endLimit = source.loop.schedule(after: Self.silenceDeadline) { [self] in
            guard end != nil else { return }
            if !isOutputPaused {
                // What has arrived meanwhile only has to be taken in.
                socket.catchUp()
                for stream in streams { _ = stream.catchUp() }
                handleMessages()
            }
            if isOutputPaused { concludeAfterSilence() } else { conclude() }
        }
    }

    /// A worker that closed its socket can report nothing: if it does not end, it is ended.
    private func expectEnd() {
        guard end == nil, conversation == .open else { return }
        conversation = .closed
        endLimit = source.loop.schedule(after: Self.farewellDeadline) { [self] in
            guard end == nil else { return }
            misbehave("it closed its connection to the engine")
        }
    }

    /// Tells the end of the process, once.
    private func conclude() {
        guard let end else { return }
        self.end = nil
        streams[turn].flush()
        close()
        let isTrap = if case .killed(let signal) = end { Self.signalsOfTraps.contains(signal) } else { false }
        tell(.gone(WorkerEnd(process: end, reason: isTrap ? trapReason : nil)))
    }

    /// The signals of a process that ends itself; another one has nothing to do with what was written before.
    private static let signalsOfTraps: Set<Int32> = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE]
}
