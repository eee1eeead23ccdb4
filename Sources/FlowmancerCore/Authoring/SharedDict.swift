import FoundationEssentials

/// A dictionary that the tasks of a job share.
///
/// The engine stores the values as JSON. When a write returns, every later read sees the value, in every process. Values
/// are kept across retries and restarts. ``SharedKey`` gives a key a type.
public struct SharedDict: Sendable {
    private let storage: any SharedDictStorage

    package init(storage: any SharedDictStorage) {
        self.storage = storage
    }

    /// Stores a value.
    ///
    /// - Throws: ``SharedDictError`` if the value cannot be written as JSON or is too large.
    public func set(_ key: String, to value: some Codable & Sendable) async throws {
        _ = try await storage.perform(.set(key: key, value: Self.encode(value, for: key)))
    }

    /// Returns a value.
    ///
    /// - Throws: ``SharedDictError`` if the key has no value, or if the value is not a `Value`.
    public func get<Value: Codable & Sendable>(_ key: String, as type: Value.Type = Value.self) async throws -> Value {
        guard let value = try await getIfPresent(key, as: type) else {
            throw SharedDictError(.missingKey, key: key, text: "has no value")
        }
        return value
    }

    /// Returns a value, or `nil` if the key has none.
    ///
    /// - Throws: ``SharedDictError`` if the value is not a `Value`.
    public func getIfPresent<Value: Codable & Sendable>(
        _ key: String,
        as type: Value.Type = Value.self
    ) async throws -> Value? {
        guard case .value(let json, revision: _) = try await storage.perform(.get(key: key)) else { return nil }
        return try Self.decode(json, as: type, for: key)
    }

    /// Returns whether the key has a value.
    public func contains(_ key: String) async throws -> Bool {
        if case .value = try await storage.perform(.get(key: key)) { true } else { false }
    }

    /// Removes the value of a key, if it has one.
    public func remove(_ key: String) async throws {
        _ = try await storage.perform(.remove(key: key))
    }

    /// Returns all keys, sorted.
    public func keys() async throws -> [String] {
        guard case .keys(let keys) = try await storage.perform(.keys) else { return [] }
        return keys.sorted()
    }

    /// Changes a value atomically.
    ///
    /// Updates of the same key run one after the other, in the order of the calls.
    ///
    /// - Parameters:
    ///   - key: The value's key.
    ///   - default: The value to start from if the key has none.
    ///   - change: Computes the new value. If another write came first, such as a ``set(_:to:)``, it is called again with
    ///     the new current value, so it should have no other effects.
    public func update<Value: Codable & Sendable>(
        _ key: String,
        default: Value,
        _ change: @Sendable (inout Value) throws -> Void
    ) async throws {
        var current = try await storage.perform(.beginUpdate(key: key))
        do {
            while true {
                var value = `default`
                var revision: UInt64 = 0
                if case .value(let json, let currentRevision) = current {
                    value = try Self.decode(json, as: Value.self, for: key)
                    revision = currentRevision
                }
                try change(&value)
                let json = try Self.encode(value, for: key)
                let reply = try await storage.perform(.replace(key: key, value: json, ifRevision: revision))
                if case .done = reply { return }
                current = reply
            }
        } catch {
            _ = try? await storage.perform(.abandonUpdate(key: key))
            throw error
        }
    }

    /// Returns a value as it is kept, or `nil` if there is none.
    package func json(_ key: String) async throws -> JSONText? {
        guard case .value(let json, revision: _) = try await storage.perform(.get(key: key)) else { return nil }
        return JSONText(rawValue: String(decoding: json, as: UTF8.self))
    }

    /// Stores a value that is JSON already.
    package func setJSON(_ key: String, _ value: JSONText) async throws {
        _ = try await storage.perform(.set(key: key, value: Array(value.rawValue.utf8)))
    }

    /// Returns a value as it is stored.
    package static func encode(_ value: some Encodable, for key: String) throws -> [UInt8] {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try [UInt8](encoder.encode(value))
        } catch {
            throw SharedDictError(.notCodable, key: key, text: "cannot be written as JSON: \(error.inWords)")
        }
    }

    private static func decode<Value: Decodable>(_ json: [UInt8], as type: Value.Type, for key: String) throws -> Value
    {
        do {
            return try JSONDecoder().decode(type, from: Data(json))
        } catch {
            let shown = String(decoding: json.prefix(80), as: UTF8.self)
            throw SharedDictError(
                .otherType,
                key: key,
                text: "is not of type \(type): \(shown)\(json.count > 80 ? "…" : "")"
            )
        }
    }
}

/// An error of an operation on the shared dictionary.
public struct SharedDictError: Error, Sendable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Hashable { case missingKey, otherType, notCodable, tooLarge, unavailable }
        private let value: Value

        /// The key has no value.
        public static let missingKey = Code(value: .missingKey)
        /// The value is not of the requested type.
        public static let otherType = Code(value: .otherType)
        /// The value cannot be written as JSON.
        public static let notCodable = Code(value: .notCodable)
        /// The value is too large for a message to the engine.
        public static let tooLarge = Code(value: .tooLarge)
        /// The dictionary was used outside of a run, or changed after its end.
        public static let unavailable = Code(value: .unavailable)
    }

    /// What went wrong.
    public let code: Code
    /// The key that was used.
    public let key: String
    private let text: String

    package init(_ code: Code, key: String, text: String) {
        self.code = code
        self.key = key
        self.text = text
    }

    /// A description of the error that names the key.
    public var description: String {
        key.isEmpty ? "the shared dictionary \(text)" : "the shared dictionary's '\(key.printable)' \(text)"
    }
}
