public import Flowmancer
import FlowmancerCore
import FlowmancerEngine
import Synchronization

extension SharedDict {
    /// Creates a dictionary in memory. Fill it before you run a task or a job, and look at it afterwards.
    ///
    /// It behaves like the dictionary of a real run: values are stored as JSON, and updates are atomic.
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
