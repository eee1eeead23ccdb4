import FlowmancerCluster
import FlowmancerCore

/// Connects as a pilot with the invitation that its argument names, and sends back what it gets until the connection ends.
@main struct ClusterPeer {
    static func main() async throws {
        let invitation = try PilotInvitation(path: CommandLine.arguments[1])
        let connection = try await invitation.connect()
        await withCheckedContinuation { continuation in
            connection.begin { event in
                switch event {
                case .received(let bytes): connection.send(bytes)
                case .drained: break
                case .ended: continuation.resume()
                }
            }
        }
    }
}
