public import FlowmancerCore

/// An engine that cannot be reached.
public struct PilotConnectError: PlainError, Sendable {
    /// What was tried, and why it did not succeed: one text for each address.
    public let attempts: [String]

    /// - Parameter attempts: The hosts, and why there is no connection.
    init(_ attempts: [(host: String, reason: String)], port: Int) {
        self.attempts = attempts.map { "\($0.host.printable) (\($0.reason))" }
        self.port = port
    }

    private let port: Int

    /// What was tried, why it did not succeed, and what to do about it.
    public var description: String {
        "the engine cannot be reached at port \(port) of \(attempts.joined(separator: ", ")); "
            + "check that the run is not over, that a network connects the machines, "
            + "and that no firewall closes the port"
    }
}
