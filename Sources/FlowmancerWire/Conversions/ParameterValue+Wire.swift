package import FlowmancerCore
package import OrderedCollections

extension WireValue {
    package init(_ value: ParameterValue) {
        self.init()
        switch value {
        case .null: kind = .null(true)
        case .bool(let value): kind = .bool(value)
        case .int(let value): kind = .int(Int64(value))
        case .double(let value): kind = .double(value)
        case .string(let value): kind = .string(value)
        // Values are known before an attempt is sent.
        case .template(let template): kind = .string(template.description)
        case .array(let values): kind = .array(.with { $0.values = values.map(WireValue.init) })
        case .object(let members): kind = .object(WireValueMap(members))
        }
    }
}

extension WireValueMap {
    package init(_ members: OrderedDictionary<String, ParameterValue>) {
        self = .with { map in
            map.members = members.map { key, value in
                .with {
                    $0.key = key
                    $0.value = WireValue(value)
                }
            }
        }
    }
}

extension ParameterValue {
    package init(_ value: WireValue) {
        switch value.kind {
        case .null, nil: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(Int(value))
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .array(let list): self = .array(list.values.map(ParameterValue.init))
        case .object(let map): self = .object(OrderedDictionary(map))
        }
    }
}

extension OrderedDictionary<String, ParameterValue> {
    package init(_ map: WireValueMap) {
        self.init(map.members.map { ($0.key, ParameterValue($0.value)) }, uniquingKeysWith: { _, last in last })
    }
}
