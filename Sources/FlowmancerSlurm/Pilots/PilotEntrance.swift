import FlowmancerCluster
import FlowmancerCore
import FlowmancerSystem

/// Where the pilots of a run connect with its engine.
struct PilotEntrance: Sendable {
    /// The path of what a pilot needs to connect.
    let invitation: String
    /// Takes no pilot in any more.
    let close: @Sendable () async -> Void

    /// Takes pilots in from now on.
    static func open(
        _ site: PilotSite,
        address: String?,
        accept: @escaping @Sendable (any PilotConnection) -> Void
    ) async throws -> PilotEntrance {
        let listener = try await PilotListener(site, address: address, accept: accept)
        return PilotEntrance(invitation: FileSystem.absolutePath(listener.invitation)) { await listener.close() }
    }

    /// Returns what connects a pilot with its engine.
    static func connector(_ invitation: String) throws -> @Sendable () async throws -> any PilotConnection {
        let invitation = try PilotInvitation(path: invitation)
        return { try await invitation.connect() }
    }
}
