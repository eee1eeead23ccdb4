import FlowmancerCore
import NIOCore
import Synchronization

/// The shared dictionary as plug-ins in the engine's own process see it.
final class EngineSharedDictStorage: SharedDictStorage {
    private let loop = Mutex<NIOLoopBound<RunLoop>?>(nil)

    func attach(_ loop: NIOLoopBound<RunLoop>) {
        self.loop.withLock { $0 = loop }
    }

    func detach() {
        loop.withLock { $0 = nil }
    }

    func perform(_ operation: SharedDictOperation) async throws -> SharedDictReply {
        guard let loop = loop.withLock({ $0 }) else {
            return try await UnavailableSharedDictStorage().perform(operation)
        }
        return await withCheckedContinuation { continuation in
            loop.eventLoop.execute {
                loop.value.perform(operation) { continuation.resume(returning: $0) }
            }
        }
    }
}
