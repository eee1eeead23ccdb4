public import FlowmancerCore

/// Why an engine cannot be reached by pilots.
public struct PilotListenerError: PlainError, Sendable {
    /// What is wrong, and what to do about it.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
