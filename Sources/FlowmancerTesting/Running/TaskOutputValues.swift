public import Flowmancer
import FlowmancerCore
import FoundationEssentials

/// What a task published: the values of its `@Output` properties, or of the file `$FLOWMANCER_OUTPUT`, by name.
public struct TaskOutputValues: Sendable, Hashable {
    private let values: TaskOutputs

    init(_ json: JSONText?) {
        values = json.flatMap { TaskOutputs($0) } ?? TaskOutputs()
    }

    /// The names of the values, in the order in which they were published.
    public var names: [String] { Array(values.values.keys) }

    /// Whether nothing was published.
    public var isEmpty: Bool { values.isEmpty }

    /// Returns a value as JSON, exactly as it is stored; `nil` if nothing was published under the name.
    public subscript(name: String) -> JSONText? { values.values[name] }

    /// Returns a value.
    ///
    /// - Throws: ``OutputValueError`` if nothing was published under the name, or if the value is not a `Value`.
    public func get<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        guard let json = self[name] else {
            let published = names.isEmpty ? "nothing was published" : "published: \(names.joined(separator: ", "))"
            throw OutputValueError("there is no output '\(name)'; \(published)")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(json.rawValue.utf8))
        } catch {
            throw OutputValueError("the output '\(name)' is not of type \(type): \(json.rawValue.prefix(80))")
        }
    }
}

/// The error of reading an output that is not there, or is of another type.
public struct OutputValueError: Error, Sendable, CustomStringConvertible {
    /// The error in words, with the name of the output.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
