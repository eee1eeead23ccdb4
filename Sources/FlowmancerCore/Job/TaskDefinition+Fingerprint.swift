extension TaskDefinition {
    /// A digest of what the task does: its type, its parameters and its dependencies.
    ///
    /// Equal definitions have equal fingerprints in every process and on every machine; what is hashed is an unambiguous
    /// serialisation.
    ///
    /// A digest of a short secret would give it away to whoever tries all of them, and a new token makes no new task:
    /// ``JobSecrets/redactedJob`` has the definition to take the fingerprint of.
    package var fingerprint: String {
        var hash = StableHash()
        hash.combine(TypeName.bare(variant))
        for dependency in dependencies.sorted() { hash.combine(dependency) }
        hash.combine(.object(parameters))
        return hash.hexadecimal
    }
}

extension StableHash {
    fileprivate mutating func combine(_ text: String) {
        combine(bytes: text.utf8)
        combine(byte: 0xff)
    }

    fileprivate mutating func combine(_ parameter: ParameterValue) {
        switch parameter {
        case .null: combine("null")
        case .bool(let value): combine("bool \(value)")
        case .int(let value): combine("int \(value)")
        case .double(let value): combine("double \(value)")
        case .string(let value):
            combine("string")
            combine(value)
        case .array(let values):
            combine("array \(values.count)")
            for value in values { combine(value) }
        case .object(let members):
            combine("object \(members.count)")
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                combine(key)
                combine(value)
            }
        }
    }
}
