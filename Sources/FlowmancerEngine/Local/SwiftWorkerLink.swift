import FlowmancerCore
import FlowmancerFaults
import FlowmancerWire

/// The connection to a worker that has the types of the program. The messages are Protocol Buffers in frames.
final class SwiftWorkerLink: LocalWorkerLink, WorkerLink {
    private var writer: MessageWriter!
    private var decoder = FrameDecoder<WireFromWorker>()
    /// The message that cannot be handled yet, and keeps those behind it waiting.
    private var waiting: WireFromWorker.OneOf_Body?
    /// The attempt that the worker begins by itself after the present one.
    private var held: (id: UInt64, mergesOutput: Bool)?
    private var isMergingOutput = false
    private var trap = TrapReason()

    override init(_ worker: Int, number: UInt32, _ descriptors: WorkerDescriptors, of source: LocalWorkerSource) {
        super.init(worker, number: number, descriptors, of: source)
        writer = MessageWriter(
            socket,
            on: source.loop,
            opened: { [unowned self] in handleMessages() },
            deaf: { [unowned self] in misbehave("it does not read the answers to its requests") }
        )
        write(.run(source.messages.run))
    }

    // MARK: To the worker

    func give(_ assignment: Assignment) throws {
        let message = source.messages.message(assignment, writesToSecond: turn == 1)
        begin(mergingOutput: message.mergesOutput)
        try writer.write(.attempt(message))
    }

    func hold(_ assignment: Assignment) throws {
        let message = source.messages.message(assignment, writesToSecond: turn == 0)
        try writer.write(.attempt(message))
        held = (message.id, message.mergesOutput)
    }

    func beginHeld() {
        guard let held = held.take() else { return }
        turn = 1 - turn
        begin(mergingOutput: held.mergesOutput)
        streams[turn].handOnEarly()
    }

    private func begin(mergingOutput: Bool) {
        isMergingOutput = mergingOutput
        trap = TrapReason()
    }

    func recall(_ assignment: Assignment) {
        write(.recall(.with { $0.id = assignment.id }))
    }

    func cancel(_ assignment: Assignment, endingAfter patience: Duration) {
        let message = WireCancelAttempt.with {
            $0.id = assignment.id
            $0.endingAfterMilliseconds = UInt64(max(0, patience / .milliseconds(1)))
        }
        write(.cancel(message))
    }

    private func write(_ body: WireToWorker.OneOf_Body) {
        // Such messages are never too large.
        try? writer.write(body)
    }

    func answer(_ reply: ReplyWindow.Reply) { writer.answer(reply) }

    func flush() { writer.flush() }

    override func proceed() { writer.proceed() }

    // MARK: From the worker

    override var isHolding: Bool { held != nil }
    override var backlog: Int? { waiting == nil ? nil : decoder.bufferedCount }
    override var trapReason: String? { trap.text }

    override var hasReportedEnd: Bool {
        if case .ended = waiting { return true }
        var rest = decoder
        while let message = try? rest.next() {
            if case .ended = message.body { return true }
        }
        return false
    }

    override func emit(_ line: UnsafeRawBufferPointer, _ stream: OutputStream) {
        if stream == .errors || isMergingOutput { trap.note(line) }
        super.emit(line, stream)
    }

    override func receive(_ bytes: UnsafeRawBufferPointer) { decoder.append(bytes) }

    override func discardMessages() {
        waiting = nil
        decoder = FrameDecoder()
    }

    override func handleMessage() -> Bool {
        guard let message = nextMessage() else { return false }
        guard isReady(for: message) else {
            waiting = message
            if case .ended = message { FaultPoint.pass("report.held") }
            return false
        }
        handle(message)
        return true
    }

    private func nextMessage() -> WireFromWorker.OneOf_Body? {
        if let message = waiting.take() { return message }
        do {
            while let message = try decoder.next() {
                if let body = message.body { return body }
            }
        } catch {
            misbehave("it sent \(error)")
        }
        return nil
    }

    /// Hands on what was printed before a message.
    ///
    /// - Returns: Whether the message can be handled now.
    private func isReady(for message: WireFromWorker.OneOf_Body) -> Bool {
        switch message {
        case .log(let line):
            guard !isOutputPaused, streams[turn].catchUp() else { return false }
            // A line about the attempt follows what the task wrote, also if that has no end yet.
            if line.isRemark { streams[turn].endLines() }
        case .sharedRequest:
            // There is no use in answering the dead.
            guard writer.mayBeginRequest || !socket.isOpen else { return false }
            writer.beginRequest()
        case .ended:
            guard streams[turn].catchUp() else { return false }
            streams[turn].flush()
        case .hello, .returned, .lateLine:
            break
        }
        return true
    }

    private func handle(_ message: WireFromWorker.OneOf_Body) {
        switch message {
        case .hello(let hello):
            let isKnown = hello.protocolVersion == Frame.protocolVersion
            tell(isKnown ? .ready : .misbehaved("it speaks version \(hello.protocolVersion) of the protocol"))
        case .log(let line):
            observer.worker(worker, didLog: LoggedLine(line))
            if line.isMarked { streams[turn].passMark() }
        case .lateLine(let line):
            observer.worker(worker, didLogLate: LateLine(line))
        case .sharedRequest(let request):
            observer.worker(worker, didRequest: SharedDictOperation(request), id: request.id)
        case .returned(let returned):
            if held?.id == returned.id { held = nil }
            tell(.returned(attempt: returned.id))
        case .ended(let ended):
            guard let end = AttemptEnd(ended, isFollowed: !decoder.isAtBoundary) else {
                return misbehave("it sent outputs that are not a JSON object")
            }
            tell(.ended(end))
        }
    }
}
