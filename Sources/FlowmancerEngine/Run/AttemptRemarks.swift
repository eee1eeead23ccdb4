import FlowmancerCore

// What the log of an attempt says of its time limit and its end by force.

extension KillReason {
    var remark: String {
        switch self {
        case .request:
            "It was killed on request."
        case .abortGrace(let grace):
            "It did not end within the grace period of \(grace.text), so it was killed."
        case .overrun(let limit, let grace):
            "The task exceeded its time limit of \(limit.text) and did not end within the grace period of \(grace.text), "
                + "so it was killed."
        case .lateStart:
            "It started while the run was being aborted, so it was killed."
        }
    }
}

/// What is said of an attempt and its time limit.
enum TimeLimitRemark {
    static func cancelled(_ limit: Duration, grace: Duration) -> String {
        "The task exceeded its time limit of \(limit.text), so it is cancelled. It has \(grace.text) to end."
    }

    static func ended(_ limit: Duration) -> String {
        "The task ended after it was cancelled, since it had exceeded its time limit of \(limit.text)."
    }
}
