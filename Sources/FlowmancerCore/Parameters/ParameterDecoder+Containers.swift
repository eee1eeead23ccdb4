import OrderedCollections

extension ParameterDecoder {
    struct KeyedNode<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let node: Node
        let members: OrderedDictionary<String, ParameterValue>
        var codingPath: [any CodingKey] { node.codingPath }

        var allKeys: [Key] {
            node.usedKeys.all = true
            return members.keys.compactMap { Key(stringValue: $0) }
        }

        /// A job file may spell a key as in Swift or in snake_case.
        private func spelling(of key: Key) -> String {
            let snake = ParameterKey.snakeCase(key.stringValue)
            let name = members[key.stringValue] == nil && members[snake] != nil ? snake : key.stringValue
            node.usedKeys.names.insert(name)
            return name
        }

        private func child(_ key: Key) throws -> Node {
            let name = spelling(of: key)
            guard let value = members[name] else {
                throw Failure([JobIssue(.missingKey(name, expected: "a value"), at: node.path)])
            }
            return Node(value: value, path: node.path.appending(name), codingPath: codingPath + [key])
        }

        func contains(_ key: Key) -> Bool { members[spelling(of: key)] != nil }

        func decodeNil(forKey key: Key) throws -> Bool { try child(key).value == .null }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try child(key).decode(type)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> {
            try child(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try child(key).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder { node }

        func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
    }

    struct UnkeyedNode: UnkeyedDecodingContainer {
        let node: Node
        let values: [ParameterValue]
        var currentIndex = 0
        var codingPath: [any CodingKey] { node.codingPath }
        var count: Int? { values.count }
        var isAtEnd: Bool { currentIndex >= values.count }

        private mutating func next() throws -> Node {
            guard !isAtEnd else { throw node.mismatch("a list of more than \(values.count) items") }
            defer { currentIndex += 1 }
            return Node(value: values[currentIndex], path: node.path.appending(currentIndex), codingPath: codingPath)
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, values[currentIndex] == .null else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try next().decode(type)
        }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> {
            try next().container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            try next().unkeyedContainer()
        }

        mutating func superDecoder() throws -> any Decoder { try next() }
    }

    struct SingleNode: SingleValueDecodingContainer {
        let node: Node
        var codingPath: [any CodingKey] { node.codingPath }

        func decodeNil() -> Bool { node.value == .null }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try node.decode(type)
        }
    }
}
