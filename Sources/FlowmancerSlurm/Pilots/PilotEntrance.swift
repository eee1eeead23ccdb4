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

    /// Returns what a pilot knows, and what connects it with its engine.
    static func seat(_ surroundings: PilotSurroundings, _ invitation: String) throws -> PilotSeat {
        let invitation = try PilotInvitation(path: invitation)
        return PilotSeat(
            id: surroundings.id,
            node: surroundings.node,
            capacity: surroundings.capacity,
            lease: invitation.site.lease,
            connect: { try await invitation.connect() }
        )
    }
}
