import FlowmancerCore
import FlowmancerWire

extension AttemptEnd {
    /// - Returns: `nil` if what the attempt published is not a JSON object.
    init?(_ ended: WireAttemptEnded, isFollowed: Bool) {
        var outputs: JSONText?
        if !ended.outputs.isEmpty {
            outputs = TaskOutputs.checked([UInt8](ended.outputs))
            if outputs == nil { return nil }
        }
        self.init(
            attempt: ended.id,
            outcome: AttemptOutcome(ended),
            outputs: outputs,
            hasLeftovers: ended.hasLeftovers_p,
            hasLeftThreads: ended.hasLeftThreads_p,
            isFollowed: isFollowed
        )
    }
}

extension LoggedLine {
    init(_ line: WireLogLine) {
        self.init(
            attempt: line.attemptID,
            severity: Severity(line.severity),
            message: line.message,
            metadata: line.metadata,
            isRemark: line.isRemark
        )
    }
}

extension LateLine {
    init(_ line: WireLateLine) {
        self.init(
            attempt: line.attemptID,
            taskName: line.taskName,
            attemptNumber: Int(line.attempt),
            message: line.message
        )
    }
}
