import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire

extension WireCommandEnd {
    init(_ outcome: CommandOutcome, _ published: CommandReport.Outputs) {
        self.init(outcome)
        switch published {
        case .bytes(let bytes): outputs = .init(bytes)
        case .tooLarge(let size): outputsSize = UInt64(size)
        }
    }
}

extension CommandReport.Outputs {
    init(_ end: WireCommandEnd) {
        self = end.hasOutputsSize ? .tooLarge(Int(clamping: end.outputsSize)) : .bytes([UInt8](end.outputs))
    }
}

extension WirePilotAttemptEnded {
    init(_ id: UInt64, _ report: AttemptReport) {
        self.init()
        self.id = id
        end = WireAttemptEnded(id, report.outcome, outputs: report.outputs)
        if case .failed(let kind) = report.outcome { failure = WireFailure(kind) }
        remarks = report.remarks.map { remark in
            .with {
                $0.severity = .init(remark.severity)
                $0.text = remark.text
            }
        }
    }
}

extension AttemptReport {
    init(_ ended: WirePilotAttemptEnded) {
        let outcome = AttemptOutcome(ended.end)
        if case .failed = outcome, let kind = FailureKind(ended.failure) {
            self.init(outcome: .failed(kind))
        } else {
            self.init(outcome: outcome)
        }
        remarks = ended.remarks.map { (Severity($0.severity), $0.text) }
        if !ended.end.outputs.isEmpty { outputs = TaskOutputs.checked([UInt8](ended.end.outputs)) }
    }
}

extension WirePilotCommand {
    /// What a pilot is told about an attempt that is a command.
    init(_ request: CommandRequest, of task: Int, _ attempts: AttemptMessages) {
        self.init(request)
        mergesOutput = attempts.mergesOutput(task)
        guard let extras = attempts.extras(of: task) else { return }
        tellsDependencies = extras.dependencies != nil
        self.extras.dependencies = (extras.dependencies ?? []).map(WireDependencyEnd.init)
        self.extras.resources = WireResourceGrant.list(extras.resources)
    }
}
