/// What holds the shared dictionary: the engine, directly or behind a worker's socket.
package protocol SharedDictStorage: Sendable {
    func perform(_ operation: SharedDictOperation) async throws -> SharedDictReply
}

/// One step on the shared dictionary. Values are JSON in UTF-8.
package enum SharedDictOperation: Sendable, Hashable {
    case get(key: String)
    case set(key: String, value: [UInt8])
    /// Sets the value only if its revision is still the one that was read; 0 stands for a missing value.
    case replace(key: String, value: [UInt8], ifRevision: UInt64)
    case remove(key: String)
    /// Reads a value to replace it: answered like ``get(key:)``, but not before it is the asker's turn. The turn ends
    /// with a ``replace(key:value:ifRevision:)`` that is carried out, with ``abandonUpdate(key:)``, or with the asker.
    case beginUpdate(key: String)
    /// Ends a turn without a write.
    case abandonUpdate(key: String)
    case keys
}

/// The engine's answer to a ``SharedDictOperation``.
package enum SharedDictReply: Sendable, Hashable {
    /// The write is in force.
    case done
    /// The value, also of a ``SharedDictOperation/replace(key:value:ifRevision:)`` that came too late.
    case value([UInt8], revision: UInt64)
    /// There is no value.
    case missing
    case keys([String])
}

/// Stands in where no run is under way.
package struct UnavailableSharedDictStorage: SharedDictStorage {
    package init() {}

    package func perform(_ operation: SharedDictOperation) async throws -> SharedDictReply {
        throw SharedDictError(.unavailable, key: "", text: "is not available: no run is in progress")
    }
}
