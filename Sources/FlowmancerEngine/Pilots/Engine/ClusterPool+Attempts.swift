import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire

/// What pilots are told about attempts, and what they tell.
extension ClusterPool {
    // MARK: To pilots

    func give(_ assignment: Assignment, _ demand: NodeDemand, to node: Int) {
        var message = WirePilotAttempt()
        message.id = assignment.id
        message.isIsolated = assignment.isolation == .process
        message.processors = UInt32(clamping: demand.processors)
        message.memory = UInt64(demand.memory)
        message.graphicsProcessors = UInt32(clamping: demand.graphicsProcessors)
        switch assignment.runtime {
        case .swift:
            message.task = attempts.message(assignment, writesToSecond: false)
        case .command:
            var issues: [JobIssue] = []
            guard let task = attempts.command(of: assignment.task, &issues) else {
                return refuse(assignment, node, issues.map(\.description))
            }
            commands[assignment.id] = task
            message.command = WirePilotCommand(task.request, of: assignment.task, attempts)
        }
        let secrets = attempts.secrets(of: assignment.task)
        if !secrets.isEmpty { send(.with { $0.secrets.texts = secrets.sorted() }, to: node) }
        send(.with { $0.attempt = message }, to: node)
        delegate.poolDidHold(assignment)
    }

    /// Ends an attempt that cannot be sent.
    private func refuse(_ assignment: Assignment, _ node: Int, _ reasons: [String]) {
        handle(.ended(node: node, attempt: assignment.id))
        delegate.poolDidStart(assignment)
        for text in reasons {
            let line = LoggedLine(attempt: assignment.id, severity: .error, message: text, isRemark: true)
            delegate.pool(assignment, didLog: line)
        }
        delegate.pool(assignment, didEndWith: AttemptReport(outcome: .failed(.error)))
    }

    /// A message was too large to be sent.
    func take(tooLarge message: WireToPilot, to node: Int) {
        switch message.body {
        case .attempt(let attempt):
            guard let given = state.nodes[node].attempts[attempt.id] else { return }
            handle(.ended(node: node, attempt: attempt.id))
            commands[attempt.id] = nil
            delegate.poolDidStart(given.assignment)
            delegate.pool(given.assignment, didEndWith: .tooLarge("more than a message can have"))
        case .sharedReply(let reply):
            answer(reply.number, .refused("the value is too large to be sent"), to: node)
        default: break
        }
    }

    // MARK: From pilots

    private func assignment(_ attempt: UInt64, _ node: Int) -> Assignment? {
        // What is said of other attempts is out of date.
        state.nodes[node].attempts[attempt]?.assignment
    }

    func take(start attempt: UInt64, _ node: Int) {
        guard let assignment = assignment(attempt, node) else { return }
        handle(.started(node: node, attempt: attempt))
        delegate.poolDidStart(assignment)
    }

    func take(_ output: WirePilotOutput, _ node: Int) {
        guard let assignment = assignment(output.attemptID, node) else { return }
        output.line.withUnsafeBytes {
            delegate.pool(assignment, didWrite: $0, on: output.isErrors ? .errors : .output)
        }
    }

    func take(_ line: WireLogLine, _ node: Int) {
        guard let assignment = assignment(line.attemptID, node) else { return }
        delegate.pool(assignment, didLog: LoggedLine(line))
    }

    func take(_ ended: WirePilotAttemptEnded, _ node: Int) {
        guard let assignment = assignment(ended.id, node) else { return }
        var report = AttemptReport(ended)
        if ended.hasCommand, let task = commands.removeValue(forKey: ended.id) {
            let verdict = CommandVerdict(on: CommandOutcome(ended.command), .init(ended.command), of: task)
            for line in verdict.lines {
                let logged = LoggedLine(
                    attempt: ended.id,
                    severity: line.severity,
                    message: line.text,
                    isRemark: line.isRemark
                )
                delegate.pool(assignment, didLog: logged)
            }
            if let shared = verdict.shared { delegate.pool(assignment, didRequest: shared) { _ in } }
            report.outcome = verdict.outcome
            report.outputs = verdict.outputs
        }
        commands[ended.id] = nil
        handle(.ended(node: node, attempt: ended.id))
        delegate.pool(assignment, didEndWith: report)
    }

    func take(_ request: WirePilotSharedRequest, _ node: Int) {
        guard let assignment = assignment(request.attemptID, node) else { return }
        let number = request.number
        guard let operation = SharedDictOperation(request.request) else {
            return answer(number, .refused("the engine does not know the operation"), to: node)
        }
        delegate.pool(assignment, didRequest: operation) { [weak self] in self?.answer(number, $0, to: node) }
    }

    private func answer(_ number: UInt64, _ answer: SharedAnswer, to node: Int) {
        switch answer {
        case .result(let reply): send(.with { $0.sharedReply = .init(reply, to: number) }, to: node)
        case .refused(let reason): send(.with { $0.sharedReply = .init(refusing: number, reason) }, to: node)
        }
        delegate.poolHasUnsent()
    }
}
