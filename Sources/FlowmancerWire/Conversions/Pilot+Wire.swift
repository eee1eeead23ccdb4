package import FlowmancerCore
import FoundationEssentials

// How the engine and a pilot tell each other of commands and of the ends of attempts.

extension WirePilotCommand {
    package init(_ request: CommandRequest) {
        self.init()
        words = request.words
        shellWords = request.shellWords
        for (name, value) in request.environment {
            if let value { environment[name] = value } else { removedVariables.append(name) }
        }
        if let directory = request.directory { self.directory = directory }
        if let input = request.input { self.input = input }
        if let limit = request.captureLimit { captureLimit = UInt64(limit) }
    }
}

extension CommandRequest {
    package init(_ command: WirePilotCommand) {
        self.init(words: command.words)
        shellWords = command.shellWords
        environment = command.environment.mapValues { $0 }
        for name in command.removedVariables { environment[name] = .some(nil) }
        if command.hasDirectory { directory = command.directory }
        if command.hasInput { input = command.input }
        if command.hasCaptureLimit { captureLimit = Int(clamping: command.captureLimit) }
    }
}

extension WireCommandEnd {
    package init(_ outcome: CommandOutcome) {
        self.init()
        switch outcome {
        case .notStarted(let failure):
            notStarted = .with {
                $0.problem = failure.problem.rawValue
                $0.reason = failure.reason
                $0.subject = failure.subject
                $0.detail = failure.detail
            }
        case .ended(let status, let output):
            exit = .with {
                $0.status = status
                if let output { $0.output = output }
            }
        case .lost:
            lost = true
        }
    }
}

extension CommandOutcome {
    package init(_ end: WireCommandEnd) {
        switch end.outcome {
        case .notStarted(let failure):
            self = .notStarted(
                CommandFailure(
                    CommandFailure.Problem(rawValue: failure.problem) ?? .refused,
                    reason: failure.reason,
                    subject: failure.subject,
                    detail: failure.detail
                )
            )
        case .exit(let exit):
            self = .ended(status: exit.status, output: exit.hasOutput ? exit.output : nil)
        case .lost, nil:
            self = .lost
        }
    }
}

extension WireFailure {
    package init(_ failure: FailureKind) {
        self.init()
        switch failure {
        case .error, .thrown: kind = .error
        case .timeout: kind = .timeout
        case .crash(let signal):
            kind = .crash
            if let signal { code = UInt32(signal) }
        case .exit(let code):
            kind = .exit
            self.code = UInt32(code)
        }
    }
}

extension FailureKind {
    /// - Returns: `nil` for an error, of which something else tells more.
    package init?(_ failure: WireFailure) {
        switch failure.kind {
        case .timeout: self = .timeout
        case .crash: self = .crash(signal: failure.hasCode ? UInt8(truncatingIfNeeded: failure.code) : nil)
        case .exit: self = .exit(code: UInt8(truncatingIfNeeded: failure.code))
        case .error, .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension WireLogLine.Severity {
    package init(_ severity: Severity) {
        switch severity {
        case .debug: self = .debug
        case .info: self = .info
        case .warning: self = .warning
        case .error: self = .error
        case .critical: self = .critical
        }
    }
}

extension WirePilotSharedReply {
    package init(_ reply: SharedDictReply, to number: UInt64) {
        self.init()
        self.number = number
        self.reply = WireSharedReply(reply, to: number)
    }

    package init(refusing number: UInt64, _ reason: String) {
        self.init()
        self.number = number
        reply.requestID = number
        reply.refused = reason
    }
}
