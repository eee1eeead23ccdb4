public import Flowmancer
import FlowmancerCore
import FlowmancerEngine
import Synchronization

extension SharedDict {
    /// Creates a dictionary in memory, to be filled before a task or a job runs, and looked into afterwards.
    ///
    /// It behaves like that of a run: values are kept as JSON, and updates are atomic.
    public static func inMemory() -> SharedDict { SharedDict(storage: InMemorySharedDict()) }
}

/// The store of the engine, without an engine.
final class InMemorySharedDict: SharedDictStorage {
    private let store: Mutex<SharedDictStore>

    init(_ contents: [String: JSONText] = [:]) {
        store = Mutex(SharedDictStore(contents))
    }

    func perform(_ operation: SharedDictOperation) async throws -> SharedDictReply {
        store.withLock { $0.perform(operation).reply }
    }
}

extension SharedDict {
    /// Everything in it, for a checkpoint.
    func contents() async throws -> [String: JSONText] {
        var result: [String: JSONText] = [:]
        for key in try await keys() { result[key] = try await json(key) }
        return result
    }
}
