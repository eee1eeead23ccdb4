import FlowmancerFaults
import FlowmancerSystem
import FlowmancerWire
import Glibc

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
    var phase = Phase.starting {
        didSet { phaseLimit.take()?.cancel() }
    }
    /// Whether it has executed an attempt.
    var isUsed = false
    /// Whether something that an earlier attempt started still runs in it.
    var isHaunted = false
    /// The attempt that the worker begins by itself when it has reported the end of the present one.
    var next: Assignment?
    /// Whether it is among those that may be given such an attempt.
    var isCandidate = false
    /// Why the process is about to die, as far as the present attempt wrote it.
    var trapReason = TrapReason()
    /// When the present attempt began, and how long the one before took.
    var began = SuspendingClock.now
    var lastDuration: Duration?

    private unowned let delegate: any WorkerHandleDelegate
    private let loop: EventLoop
    private var socket: DescriptorChannel!
    private var writer: MessageWriter!
    /// One or two pairs; the attempts write to them in turn.
    private var streams: [OutputStreams] = []
    /// The pair that the present attempt writes to.
    private var turn = 0
    private var conversation = Conversation.open
    private var decoder = FrameDecoder<WireFromWorker>()
    /// The message that cannot be handled yet, and keeps those behind it waiting.
    private var held: WireFromWorker.OneOf_Body?
    private var isOutputPaused = false
    /// How the process ended, once the keeper said so.
    private var end: ProcessEnd?
    /// Ends the present phase if it lasts too long.
    private var phaseLimit: EventLoop.Timer?
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
        /// The worker has to wait.
        case paused
        /// The worker says nothing more.
        case closed
        /// The worker is not to be trusted: whatever it says is ignored.
        case refused
    }

    /// Takes charge of a new worker.
    ///
    /// - Parameters:
    ///   - descriptors: The engine's ends of its descriptors, which are taken over.
    ///   - delegate: Lives as long as the handle is not closed.
    init(
        number: UInt32,
        _ descriptors: WorkerDescriptors,
        isOutputPaused: Bool,
        masker: SecretMasker?,
        on loop: EventLoop,
        delegate: any WorkerHandleDelegate
    ) {
        self.number = number
        self.isOutputPaused = isOutputPaused
        self.loop = loop
        self.delegate = delegate
        // Whatever calls back here has come to its end when the handle does: its descriptors are closed.
        socket = DescriptorChannel(
            descriptors.socket,
            on: loop,
            received: { [unowned self] in receive($0) },
            progressed: { [unowned self] in handleMessages() },
            hasRoom: { [unowned self] in writer.proceed() }
        )
        writer = MessageWriter(
            socket,
            on: loop,
            opened: { [unowned self] in handleMessages() },
            deaf: { [unowned self] in misbehaved("it does not read the answers to its requests") }
        )
        streams = descriptors.streams.indices.map { index in
            OutputStreams(
                descriptors.streams[index],
                isPaused: isOutputPaused,
                masker: masker,
                on: loop,
                isEarly: { [unowned self] in index != turn && next != nil },
                emit: { [unowned self] in self.delegate.worker(self, didWrite: $0, on: $1) },
                progressed: { [unowned self] in handleMessages() }
            )
        }
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
    static let quick: Duration = .milliseconds(3)

    /// Whether the attempt before was such a one.
    var isQuick: Bool { lastDuration.map { $0 < Self.quick } ?? false }

    /// Whether the worker can be given an attempt while it executes another one.
    var canHold: Bool { streams.count > 1 && next == nil && !isHaunted }

    /// Whether the next attempt writes to the second pair of pipes.
    var nextWritesToSecond: Bool { turn == 0 }

    /// Whether the present one does.
    var writesToSecond: Bool { turn == 1 }

    /// What became of the present attempt when its process ended, in words.
    func remark(on end: ProcessEnd) -> String {
        guard case .killed(let signal) = end, Self.signalsOfTraps.contains(signal), let reason = trapReason.text else {
            return "The worker process \(end.explained) before the task ended."
        }
        return "The worker process \(end.named) before the task ended: \(reason)"
    }

    /// The signals of a process that ends itself; another one has nothing to do with what was written before.
    private static let signalsOfTraps: Set<Int32> = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE]

    /// Calls back if the present phase lasts longer than a time.
    func limitPhase(to limit: Duration, _ body: @escaping (WorkerHandle) -> Void) {
        phaseLimit = loop.schedule(after: limit) { [weak self] in if let self { body(self) } }
    }

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

    /// Stops or resumes handing on what the worker prints and logs.
    func pauseOutput(_ isPaused: Bool) {
        isOutputPaused = isPaused
        for stream in streams { stream.isPaused = isPaused }
        if !isPaused { handleMessages() }
    }

    /// Takes in the report of the attempt's end, and what was written before it, even while that is to wait: it is not
    /// much, and nothing comes behind it.
    func takeReport() {
        guard isOutputPaused, hasReportedEnd else { return }
        pauseOutput(false)
        pauseOutput(true)
    }

    /// Ends all contact with the worker.
    func close() {
        end = nil
        conversation = .refused
        phaseLimit?.cancel()
        endLimit?.cancel()
        socket.close()
        for stream in streams { stream.close() }
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
        endLimit?.cancel()
        handleMessages()
        if self.end != nil { concludeAfterSilence() }
    }

    private func concludeAfterSilence() {
        endLimit = loop.schedule(after: Self.silenceDeadline) { [self] in
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

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        guard conversation != .refused else { return }
        decoder.append(bytes)
    }

    /// Handles messages in their order, each after what was printed before it.
    private func handleMessages() {
        while conversation != .refused, let message = nextMessage() {
            guard isReady(for: message) else {
                held = message
                if case .ended = message { FaultPoint.pass("report.held") }
                break
            }
            delegate.worker(self, didSay: message)
            if case .log(let line) = message, line.isMarked { streams[turn].passMark() }
        }
        setPace()
        guard !socket.isOpen else { return }
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
        case .log(let line):
            guard !isOutputPaused, streams[turn].catchUp() else { return false }
            // A line about the attempt follows what the task wrote, also if that has no end yet.
            if line.isRemark { streams[turn].endLines() }
            return true
        case .sharedRequest:
            // There is no use in answering the dead.
            guard writer.mayBeginRequest || !socket.isOpen else { return false }
            writer.beginRequest()
            return true
        case .ended:
            guard streams[turn].catchUp() else { return false }
            streams[turn].flush()
            return true
        case .returned, .lateLine:
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
        socket.isPaused = isBehind
    }

    /// A worker that closed its socket can report nothing: if it does not end, it is ended.
    private func expectEnd() {
        guard end == nil, conversation == .open || conversation == .paused else { return }
        conversation = .closed
        endLimit = loop.schedule(after: Self.farewellDeadline) { [self] in
            guard end == nil, phase.isAlive else { return }
            misbehaved("it closed its connection to the engine")
        }
    }

    private func misbehaved(_ reason: String) {
        guard conversation != .refused else { return }
        conversation = .refused
        held = nil
        decoder = FrameDecoder()
        socket.close()
        delegate.worker(self, didMisbehave: reason)
    }

    /// Tells the end of the process, once.
    private func conclude() {
        guard let end else { return }
        self.end = nil
        streams[turn].flush()
        close()
        delegate.worker(self, didEnd: end)
    }
}
