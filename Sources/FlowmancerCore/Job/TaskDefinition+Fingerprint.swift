extension TaskDefinition {
    /// A digest of what the task does: its type, its parameters and its dependencies.
    ///
    /// Equal definitions have equal fingerprints in every process and on every machine. The hash is FNV-1a, 64 bits
    /// (http://www.isthe.com/chongo/tech/comp/fnv/), over an unambiguous serialisation.
    ///
    /// A digest of a short secret would give it away to whoever tries all of them, and a new token makes no new task:
    /// ``JobSecrets/redactedJob`` has the definition to take the fingerprint of.
    package var fingerprint: String {
        var hash = StableHash()
        hash.combine(variant.split(separator: ".").last.map(String.init) ?? variant)
        for dependency in dependencies.sorted() { hash.combine(dependency) }
        hash.combine(.object(parameters))
        let digits = String(hash.value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private struct StableHash {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func combine(byte: UInt8) {
            value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
        }

        mutating func combine(_ text: String) {
            for byte in text.utf8 { combine(byte: byte) }
            combine(byte: 0xff)
        }

        mutating func combine(_ parameter: ParameterValue) {
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
}
