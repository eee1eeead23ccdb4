import FlowmancerCore

/// How a run ended, as plug-ins are told.
enum RunEnding: Sendable {
    case success, failure, abort

    init(_ result: Result<RunOutcome, JobRunError>) {
        switch result {
        case .failure: self = .failure
        case .success(let outcome) where outcome.isAborted: self = .abort
        case .success(let outcome): self = outcome.failureCount > 0 ? .failure : .success
        }
    }
}
