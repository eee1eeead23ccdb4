/// The key of a value in the shared dictionary, together with the value's type.
///
/// Declare a key once, and no task can misspell it or expect another type:
/// ```swift
/// extension SharedKey where Value == Int {
///     static var rowCount: Self { Self("row_count") }
/// }
///
/// try await sharedDict.set(.rowCount, to: 42)
/// let rows = try await sharedDict.get(.rowCount)
/// ```
/// It is only a name for the compiler: `sharedDict.get("row_count", as: Int.self)` reads the same value.
public struct SharedKey<Value: Codable & Sendable>: Sendable, Hashable {
    /// The key.
    public let name: String

    /// Creates a key.
    public init(_ name: String) {
        self.name = name
    }
}

extension SharedDict {
    /// Stores a value.
    ///
    /// - Throws: ``SharedDictError`` if the value cannot be written as JSON or is too large.
    public func set<Value>(_ key: SharedKey<Value>, to value: Value) async throws {
        try await set(key.name, to: value)
    }

    /// Returns a value.
    ///
    /// - Throws: ``SharedDictError`` if there is none, or if it is not a `Value`.
    public func get<Value>(_ key: SharedKey<Value>) async throws -> Value {
        try await get(key.name, as: Value.self)
    }

    /// Returns a value, or `nil` if there is none.
    ///
    /// - Throws: ``SharedDictError`` if there is a value that is not a `Value`.
    public func getIfPresent<Value>(_ key: SharedKey<Value>) async throws -> Value? {
        try await getIfPresent(key.name, as: Value.self)
    }

    /// Returns whether there is a value, of whatever type.
    public func contains<Value>(_ key: SharedKey<Value>) async throws -> Bool {
        try await contains(key.name)
    }

    /// Removes a value if there is one.
    public func remove<Value>(_ key: SharedKey<Value>) async throws {
        try await remove(key.name)
    }

    /// Changes a value in one step that no other write can come between.
    ///
    /// Updates of one key are made one after the other, in the order of the calls.
    ///
    /// - Parameters:
    ///   - key: The value's key.
    ///   - default: The value to start from if there is none.
    ///   - change: Computes the new value. It is called again, with the value that is then stored, if another write came
    ///     first.
    public func update<Value>(
        _ key: SharedKey<Value>,
        default: Value,
        _ change: @Sendable (inout Value) throws -> Void
    ) async throws {
        try await update(key.name, default: `default`, change)
    }
}
