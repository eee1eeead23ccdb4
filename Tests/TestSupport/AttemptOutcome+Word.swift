package import FlowmancerCore

extension AttemptOutcome {
    /// The outcome without the kind of a failure.
    package var word: String {
        switch self {
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .aborted: "aborted"
        }
    }
}
