import FoundationEssentials
import OrderedCollections

extension ParameterValue {
    /// Creates the value that an `Encodable` type makes of one of its own, by way of JSON; `nil` if it makes none.
    init?(encoding value: any Encodable) {
        guard let data = try? JSONEncoder().encode(value),
            let tree = try? JSONDecoder().decode(JSONTree.self, from: data)
        else { return nil }
        self = tree.value
    }

    /// Decodes whatever JSON there is.
    private struct JSONTree: Decodable {
        let value: ParameterValue

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            if let container = try? decoder.container(keyedBy: Key.self) {
                var members: OrderedDictionary<String, ParameterValue> = [:]
                for key in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
                    members[key.stringValue] = try container.decode(JSONTree.self, forKey: key).value
                }
                value = .object(members)
            } else if var container = try? decoder.unkeyedContainer() {
                var items: [ParameterValue] = []
                while !container.isAtEnd { items.append(try container.decode(JSONTree.self).value) }
                value = .array(items)
            } else {
                let container = try decoder.singleValueContainer()
                if container.decodeNil() {
                    value = .null
                } else if let flag = try? container.decode(Bool.self) {
                    value = .bool(flag)
                } else if let number = try? container.decode(Int.self) {
                    value = .int(number)
                } else if let number = try? container.decode(Double.self) {
                    value = .double(number)
                } else {
                    value = .string(try container.decode(String.self))
                }
            }
        }
    }
}
