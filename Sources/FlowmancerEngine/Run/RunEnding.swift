package import FlowmancerCore

/// How a run ended, as plug-ins are told.
enum RunEnding: Sendable {
    case success, failure, abort

    init(_ result: Result<[ExecutionState], JobRunError>) {
        switch result {
        case .failure: self = .failure
        case .success(let states) where states.contains(.aborted): self = .abort
        case .success(let states): self = states.contains(where: \.countsAsFailure) ? .failure : .success
        }
    }
}

extension ExecutionState {
    /// Whether a task in this state makes the job a failed one.
    package var countsAsFailure: Bool { self == .failed || self == .defaulted || self == .aborted }
}
