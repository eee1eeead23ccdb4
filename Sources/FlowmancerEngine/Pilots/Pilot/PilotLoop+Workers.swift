import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire

/// What a pilot hears of its workers, and tells the engine.
extension PilotLoop: WorkerPoolDelegate {
    func poolDidStart(_ assignment: Assignment) {
        admission.begin(assignment.task)
        tell(.with { $0.started = assignment.id })
    }

    // The engine takes everything for held that it gave.

    func poolDidHold(_ assignment: Assignment) {}

    func poolDidReturn(_ assignment: Assignment) {
        // If it was cancelled, it is over; otherwise it waits for a worker again.
        if pool?.has(task: assignment.task) != true { giveBack(assignment.task) }
    }

    func poolHasUnsent() { scheduleTurn() }

    func pool(_ assignment: Assignment, didWrite line: UnsafeRawBufferPointer, on stream: OutputStream) {
        tell(
            .with {
                $0.output.attemptID = assignment.id
                $0.output.isErrors = stream == .errors
                $0.output.line = .init(line)
            }
        )
    }

    func pool(_ assignment: Assignment, didLog line: LoggedLine) {
        tell(.with { $0.log = WireLogLine(line) })
    }

    func poolDidReceiveLate(_ line: LateLine) {
        tell(.with { $0.lateLine = WireLateLine(line) })
    }

    func pool(_ assignment: Assignment, didEndWith report: AttemptReport) {
        admission.remove(assignment.task)
        let entry = briefing?.remove(assignment.task)
        // Nobody hears the answers any more.
        if !requests.isEmpty { requests = requests.filter { $0.value.attempt != assignment.id } }
        var ended = WirePilotAttemptEnded(assignment.id, report)
        if let end = entry?.end { ended.command = end }
        let message = WireFromPilot.with { $0.ended = ended }
        if report.outcome == .aborted || ended.isSuccess { tell(message) } else { tellUnlessLost(message) }
    }

    /// Tells of a failure, unless the pilot ends right now, too. When a machine goes down or its job is cancelled, the processes
    /// get their signals one after the other: the attempt is lost then, and has not failed.
    private func tellUnlessLost(_ message: WireFromPilot) {
        loop.schedule(after: Self.suspicion) { [weak self] in
            guard let self, !isOver else { return }
            tell(message)
        }
    }

    func pool(
        _ assignment: Assignment,
        didRequest operation: SharedDictOperation,
        reply: @escaping (SharedAnswer) -> Void
    ) {
        lastRequest += 1
        requests[lastRequest] = (assignment.id, reply)
        tell(
            .with {
                $0.sharedRequest.attemptID = assignment.id
                $0.sharedRequest.number = lastRequest
                $0.sharedRequest.request = WireSharedRequest(operation, id: lastRequest)
            }
        )
    }

    func take(_ reply: WirePilotSharedReply) {
        guard let request = requests.removeValue(forKey: reply.number) else { return }
        request.reply(SharedDictReply(reply.reply).map { .result($0) } ?? .refused(reply.reply.refused))
        scheduleTurn()
    }

    func takeTooLarge(_ message: WireFromPilot) {
        switch message.body {
        case .ended(let ended):
            var report = AttemptReport(outcome: .failed(.error))
            report.remarks = [(.error, "What it published is too large to be sent.")]
            tell(.with { $0.ended = WirePilotAttemptEnded(ended.id, report) })
        case .sharedRequest(let request):
            requests.removeValue(forKey: request.number)?.reply(.refused("the value is too large to be sent"))
        default: break
        }
    }

    func poolDidFail(_ reason: String) { end(.failed(reason)) }

    func poolDidReachLimit(_ reason: String, workers: Int) {
        tell(.with { $0.notice.text = "no more than \(workers) workers can be started: \(reason)" })
    }

    func poolDidLoseKeeper(_ end: ProcessEnd) {
        tell(.with { $0.notice.text = "the process that keeps the workers \(end.explained)" })
    }

    private func tell(_ message: WireFromPilot) {
        link.send(message)
        scheduleTurn()
    }
}

extension WirePilotAttemptEnded {
    /// Whether the attempt did what it was to do, as far as a pilot knows.
    fileprivate var isSuccess: Bool {
        guard hasCommand else { return end.outcome == .succeeded }
        guard case .exit(let exit)? = command.outcome else { return false }
        return exit.status == 0
    }
}

extension WireLogLine {
    init(_ line: LoggedLine) {
        self.init()
        attemptID = line.attempt
        severity = .init(line.severity)
        message = line.message
        metadata = line.metadata
        isRemark = line.isRemark
    }
}

extension WireLateLine {
    init(_ line: LateLine) {
        self.init()
        attemptID = line.attempt
        taskName = line.taskName
        attempt = UInt32(clamping: line.attemptNumber)
        message = line.message
    }
}
