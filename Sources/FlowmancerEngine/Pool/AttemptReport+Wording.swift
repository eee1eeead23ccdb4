import FlowmancerCore
import FlowmancerSystem

/// What is said about an attempt that ended by what became of its worker.
extension AttemptReport {
    static func died(_ outcome: AttemptOutcome, _ end: WorkerEnd) -> Self {
        let text =
            if let reason = end.reason {
                "The worker process \(end.process.named) before the task ended: \(reason)"
            } else {
                "The worker process \(end.process.explained) before the task ended."
            }
        return Self(outcome: outcome, remarks: [(.error, text)])
    }

    static func lost(_ outcome: AttemptOutcome, _ end: ProcessEnd) -> Self {
        let text = "The worker process was killed, because the process that keeps all workers \(end.explained)."
        return Self(outcome: outcome, remarks: [(.error, text)])
    }

    static func distrusted(_ reason: String) -> Self {
        Self(
            outcome: .failed(.crash(signal: nil)),
            remarks: [(.error, "The worker process was ended because \(reason).")]
        )
    }

    static func tooLarge(_ reason: String) -> Self {
        Self(outcome: .failed(.error), remarks: [(.error, "The parameters are too large: \(reason).")])
    }

    static var unsupported: Self {
        Self(outcome: .failed(.error), remarks: [(.error, "No worker can execute tasks of this kind.")])
    }

    mutating func noteLeftovers() {
        let text =
            outcome == .aborted
            ? "The task was still running and was killed." : "Processes that the task left running were killed."
        remarks.append((.warning, text))
    }
}
