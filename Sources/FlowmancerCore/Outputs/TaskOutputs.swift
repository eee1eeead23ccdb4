package import OrderedCollections

/// What an attempt published: values by name, as JSON.
package struct TaskOutputs: Sendable, Hashable {
    /// The variable with the path of the file in which a command leaves what it publishes.
    package static let environmentVariable = "FLOWMANCER_OUTPUT"
    /// The most bytes that the values of an attempt may have together. They have room in one message.
    package static let maximumLength = 63 << 20

    /// The values by name, in the order in which they were published.
    package internal(set) var values: OrderedDictionary<String, JSONText> = [:]

    package init() {}

    package var isEmpty: Bool { values.isEmpty }

    /// Publishes a value, in place of an earlier one of the name.
    package mutating func set(_ name: String, to value: JSONText) { values[name] = value }

    /// Publishes a value of a job file.
    package mutating func set(_ name: String, to value: ParameterValue) { values[name] = value.json }

    /// All values as one JSON object, as they are stored.
    package var json: JSONText {
        var buffer: [UInt8] = [UInt8(ascii: "{")]
        for (name, value) in values {
            if buffer.count > 1 { buffer.append(UInt8(ascii: ",")) }
            JSONString.append(name, to: &buffer)
            buffer.append(UInt8(ascii: ":"))
            buffer.append(contentsOf: value.rawValue.utf8)
        }
        buffer.append(UInt8(ascii: "}"))
        return JSONText(rawValue: String(decoding: buffer, as: UTF8.self))
    }

    /// The same, if it is not too large.
    ///
    /// - Throws: ``OutputError``.
    package var boundedJSON: JSONText {
        get throws(OutputError) {
            let json = json
            let size = json.rawValue.utf8.count
            guard size <= Self.maximumLength else { throw OutputError.tooLarge(size) }
            return json
        }
    }

    /// Reads what was stored.
    ///
    /// - Returns: `nil` if it is not a JSON object, or has a name that no output can have.
    package init?(_ json: JSONText) {
        do {
            try self.init(object: Array(json.rawValue.utf8))
        } catch {
            return nil
        }
    }

    /// Returns what a worker sent, if it is the JSON of outputs.
    package static func checked(_ bytes: [UInt8]) -> JSONText? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let json = JSONText(rawValue: text)
        return TaskOutputs(json).map { _ in json }
    }

    /// Whether an output can have a name: letters, digits, `_` and `-`, the first of them a letter or `_`.
    package static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.first, first.isLetter || first == "_" else { return false }
        return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    }
}

extension TaskOutputs {
    /// Collects what the `@Output` properties of a task hold.
    ///
    /// - Throws: ``OutputError`` with the name of the output that cannot be published.
    package init(of task: some ParameterGroup) throws(OutputError) {
        for entry in ParameterBinder.outputs(of: task) where values[entry.key] == nil {
            do {
                guard let value = try entry.output.published() else { continue }
                guard Self.isName(entry.key) else { throw OutputError.name }
                values[entry.key] = value.json
            } catch {
                throw OutputError.value(of: entry.key, error)
            }
        }
    }
}

extension ParameterValue {
    /// The value as JSON, without blanks.
    package var json: JSONText {
        var buffer: [UInt8] = []
        appendJSON(to: &buffer)
        return JSONText(rawValue: String(decoding: buffer, as: UTF8.self))
    }

    private func appendJSON(to buffer: inout [UInt8]) {
        switch self {
        case .null: buffer += "null".utf8
        case .bool(let value): buffer += "\(value)".utf8
        case .int(let value): buffer += "\(value)".utf8
        // JSON has no word for what is not finite.
        case .double(let value) where !value.isFinite: buffer += "\"\(value)\"".utf8
        case .double(let value): buffer += "\(value)".utf8
        case .string(let value): JSONString.append(value, to: &buffer)
        case .template(let template): JSONString.append(template.description, to: &buffer)
        case .array(let values):
            buffer.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { buffer.append(UInt8(ascii: ",")) }
                value.appendJSON(to: &buffer)
            }
            buffer.append(UInt8(ascii: "]"))
        case .object(let members):
            buffer.append(UInt8(ascii: "{"))
            for (index, (key, value)) in members.enumerated() {
                if index > 0 { buffer.append(UInt8(ascii: ",")) }
                JSONString.append(key, to: &buffer)
                buffer.append(UInt8(ascii: ":"))
                value.appendJSON(to: &buffer)
            }
            buffer.append(UInt8(ascii: "}"))
        }
    }
}
