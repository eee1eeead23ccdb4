import FlowmancerCore

/// The shared dictionary as plug-ins in the engine's own process see it.
final class EngineSharedDictStorage: SharedDictStorage {
    /// Closed before and after the run.
    let loop = LoopEntrance<RunLoop>()

    func perform(_ operation: SharedDictOperation) async throws -> SharedDictReply {
        let reply: Result<SharedDictReply, SharedDictError>? = await withCheckedContinuation { continuation in
            let isOpen = loop.enter { loop in
                loop.perform(operation) { continuation.resume(returning: $0) }
            }
            if !isOpen { continuation.resume(returning: nil) }
        }
        guard let reply else { return try await UnavailableSharedDictStorage().perform(operation) }
        return try reply.get()
    }
}
