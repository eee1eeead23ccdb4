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

        fileprivate var isAlive: Bool { if case .ended = self { false } else { true } }
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
    /// The attempt that the worker begins by itself when it has reported the end of the present one.
    var next: Assignment?
    /// Whether it is among those that may be given such an attempt.
    var isCandidate = false
    /// When the present attempt began, and how long the one before took.
    var began = NIODeadline.uptimeNanoseconds(0)
    var lastDuration: TimeAmount?

    private weak var delegate: (any WorkerHandleDelegate)?
    private let eventLoop: any EventLoop
    private var writer: MessageWriter!
    private var socket: (any Channel)?
    private var pipes: [any Channel] = []
    private var messages: DescriptorReader!
    /// One or two pairs; the attempts write to them in turn.
    private var streams: [OutputStreams] = []
    /// The pair that the present attempt writes to.
    private var turn = 0
    private var conversation = Conversation.open
    private var decoder = FrameDecoder<WireFromWorker>()
    private let masker: SecretMasker?
    /// The message that cannot be handled yet, and keeps those behind it waiting.
    private var held: WireFromWorker.OneOf_Body?
    private var isOutputPaused = false
    /// How the process ended, once the keeper said so.
    private var end: ProcessEnd?

    /// How long the descriptors of a dead worker may stay open: somebody outside of the run has them.
    private static let silenceDeadline: TimeAmount = .seconds(5)
    /// How long a process may live on that closed its socket: usually that is the first that is seen of its end.
    private static let farewellDeadline: TimeAmount = .seconds(2)
    /// How many bytes of messages may wait for the one in hand before no more are read.
    private static let maximumBacklog = 1 << 18

    /// What becomes of messages.
    private enum Conversation {
        case open
        /// The worker has to wait.
        case paused
        /// The worker says nothing more.
        case closed
        /// The worker is not to be trusted: whatever it says is ignored.
        case refused
    }

    init(number: UInt32, on eventLoop: any EventLoop, masker: SecretMasker?, delegate: any WorkerHandleDelegate) {
        self.number = number
        self.eventLoop = eventLoop
        self.delegate = delegate
        self.masker = masker
        writer = MessageWriter(
            on: eventLoop,
            opened: { [weak self] in self?.handleMessages() },
            deaf: { [weak self] in self?.misbehaved("it does not read the answers to its requests") }
        )
    }

    /// The attempt that what the worker says and prints belongs to.
    var assignment: Assignment? {
        switch phase {
        case .busy(let assignment), .retiring(let assignment?, _): assignment
        case .starting, .idle, .retiring(nil, _), .ended: nil
        }
    }

    /// Whether it is not being ended.
    var isInUse: Bool {
        switch phase {
        case .starting, .idle, .busy: true
        case .retiring, .ended: false
        }
    }

    /// Attempts that take less than this are too short to wait for the engine between them; many a command is.
    static let quick: TimeAmount = .milliseconds(3)

    /// Whether the attempt before was such a one.
    var isQuick: Bool { lastDuration.map { $0 < Self.quick } ?? false }

    /// Whether the worker can be given an attempt while it executes another one.
    var canHold: Bool { streams.count > 1 && next == nil }

    /// Whether the next attempt writes to the second pair of pipes.
    var nextWritesToSecond: Bool { turn == 0 }

    /// Whether the present one does.
    var writesToSecond: Bool { turn == 1 }

    /// Takes note that the worker has begun the next attempt.
    func beginNext() {
        guard let next else { return }
        self.next = nil
        phase = .busy(next)
        turn = 1 - turn
    }

    /// Hands on what the present attempt wrote before it was known to have begun.
    func handOnEarly() {
        streams[turn].handOnEarly()
    }

    // MARK: Channels

    /// Takes the engine's ends of the descriptors over.
    func connect(_ descriptors: WorkerDescriptors, isOutputPaused: Bool) {
        self.isOutputPaused = isOutputPaused
        messages = DescriptorReader(
            descriptors.socket,
            handle: { [unowned self] in receive($0) },
            progressed: { [weak self] in self?.handleMessages() }
        )
        streams = descriptors.streams.indices.map { index in
            OutputStreams(
                descriptors.streams[index],
                masker: masker,
                isEarly: { [unowned self] in index != turn && next != nil },
                emit: { [unowned self] in handOn($0, $1) },
                progressed: { [weak self] in self?.handleMessages() }
            )
        }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .channelInitializer { channel in Self.add(to: channel) { bound.value.messages } }
            .withConnectedSocket(descriptors.socket)
            .whenSuccess { channel in
                bound.value.socket = channel
                bound.value.writer.attach(channel)
            }
        for (index, descriptors) in descriptors.streams.enumerated() {
            open(descriptors.output) { $0.streams[index].output }
            open(descriptors.errors) { $0.streams[index].errors }
        }
    }

    private func open(_ pipe: Int32, reader: @escaping @Sendable (WorkerHandle) -> DescriptorReader) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        NIOPipeBootstrap(group: eventLoop)
            .channelInitializer { channel in Self.add(to: channel) { reader(bound.value) } }
            .takingOwnershipOfDescriptor(input: pipe)
            .whenSuccess { channel in
                bound.value.pipes.append(channel)
                if bound.value.isOutputPaused { channel.setAutoRead(false) }
            }
    }

    private static func add(to channel: any Channel, _ reader: () -> DescriptorReader) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(reader()) }
    }

    /// Stops or resumes handing on what the worker prints and logs.
    func pauseOutput(_ isPaused: Bool) {
        isOutputPaused = isPaused
        for pipe in pipes { pipe.setAutoRead(!isPaused) }
        if !isPaused { handleMessages() }
    }

    func closeChannels() {
        socket?.close(promise: nil)
        for pipe in pipes { pipe.close(promise: nil) }
    }

    // MARK: To the worker

    /// Queues a message until ``flush()``.
    func write(_ body: WireToWorker.OneOf_Body) throws { try writer.write(body) }

    /// Queues the answer to a request until ``flush()``.
    func answer(_ reply: ReplyWindow.Reply) { writer.answer(reply) }

    func flush() { writer.flush() }

    // MARK: From the worker

    /// Whether the report of the attempt's end has arrived, be it behind output that is still on its way.
    var hasReportedEnd: Bool {
        if case .ended = held { return true }
        var rest = decoder
        while let message = try? rest.next() {
            if case .ended = message.body { return true }
        }
        return false
    }

    /// Whether there is more than what was handled.
    var hasUnhandled: Bool { held != nil || !decoder.isAtBoundary }

    /// Takes note of the end of the process. It is told once everything that it had written was handed on.
    func noteEnd(_ end: ProcessEnd) {
        self.end = end
        handleMessages()
        concludeAfterSilence()
    }

    private func concludeAfterSilence() {
        eventLoop.assumeIsolated().scheduleTask(in: Self.silenceDeadline) { [weak self] in
            guard let self else { return }
            if isOutputPaused { concludeAfterSilence() } else { conclude() }
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        guard conversation != .refused else { return }
        decoder.append(bytes)
    }

    /// Handles messages in their order, each after what was printed before it.
    private func handleMessages() {
        while conversation != .refused, let message = nextMessage() {
            guard isReady(for: message) else {
                held = message
                break
            }
            delegate?.worker(self, didSay: message)
        }
        setPace()
        guard !messages.isOpen else { return }
        if streams.contains(where: \.isOpen) {
            expectEnd()
        } else if held == nil {
            conclude()
        }
    }

    private func nextMessage() -> WireFromWorker.OneOf_Body? {
        if let message = held.take() { return message }
        do {
            while let message = try decoder.next() {
                if let body = message.body { return body }
            }
        } catch {
            misbehaved("it sent \(error)")
        }
        return nil
    }

    private func isReady(for message: WireFromWorker.OneOf_Body) -> Bool {
        switch message {
        case .hello:
            return true
        case .log:
            return !isOutputPaused && hasCaughtUp()
        case .sharedRequest:
            // There is no use in answering the dead.
            guard writer.mayBeginRequest || !messages.isOpen else { return false }
            writer.beginRequest()
            return true
        case .ended:
            guard hasCaughtUp() else { return false }
            flushLines()
            return true
        case .returned:
            return true
        }
    }

    /// Stops reading while a message that cannot be handled keeps too many others waiting.
    private func setPace() {
        let isBehind = held != nil && decoder.bufferedCount >= Self.maximumBacklog
        switch conversation {
        case .open where isBehind: conversation = .paused
        case .paused where !isBehind: conversation = .open
        default: return
        }
        if let socket { socket.setAutoRead(!isBehind) }
    }

    /// A worker that closed its socket can report nothing: if it does not end, it is ended.
    private func expectEnd() {
        guard end == nil, conversation == .open || conversation == .paused else { return }
        conversation = .closed
        eventLoop.assumeIsolated().scheduleTask(in: Self.farewellDeadline) { [weak self] in
            guard let self, end == nil, phase.isAlive else { return }
            misbehaved("it closed its connection to the engine")
        }
    }

    private func misbehaved(_ reason: String) {
        guard conversation != .refused else { return }
        conversation = .refused
        held = nil
        decoder = FrameDecoder()
        socket?.close(promise: nil)
        delegate?.worker(self, didMisbehave: reason)
    }

    /// Tells the end of the process, once.
    private func conclude() {
        guard let end else { return }
        self.end = nil
        flushLines()
        closeChannels()
        delegate?.worker(self, didEnd: end)
    }

    private func hasCaughtUp() -> Bool { streams[turn].hasCaughtUp() }

    private func flushLines() {
        streams[turn].flush()
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
