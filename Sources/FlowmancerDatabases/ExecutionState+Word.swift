package import FlowmancerCore

extension ExecutionState {
    /// The state as a word, for people who look into a database: `completed`.
    package var word: String {
        switch self {
        case .initial: "initial"
        case .pending: "pending"
        case .running: "running"
        case .completed: "completed"
        case .failed: "failed"
        case .defaulted: "defaulted"
        case .aborted: "aborted"
        case .skipped: "skipped"
        }
    }

    /// Creates a state from its word.
    package init?(word: String) {
        guard let state = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = state
    }
}
