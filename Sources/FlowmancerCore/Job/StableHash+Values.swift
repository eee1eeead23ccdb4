extension StableHash {
    mutating func combine(_ text: String) {
        combine(bytes: text.utf8)
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
        case .template(let template):
            combine("template")
            combine(template.description)
        case .object(let members):
            combine("object \(members.count)")
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                combine(key)
                combine(value)
            }
        }
    }
}
