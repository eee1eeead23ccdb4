#if Postgres
    import FlowmancerDatabases

    /// Lists in the form in which the server takes them as parameters.
    enum PostgresArray {
        /// Returns a list: `{"a","b"}`.
        static func literal(_ items: [String]) -> String {
            var bytes: [UInt8] = [UInt8(ascii: "{")]
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(UInt8(ascii: "\""))
                for byte in item.utf8 {
                    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                    bytes.append(byte)
                }
                bytes.append(UInt8(ascii: "\""))
            }
            bytes.append(UInt8(ascii: "}"))
            return String(decoding: bytes, as: UTF8.self)
        }

        /// Returns the keys and the values of a dictionary as two lists, in the same order.
        static func pairs<Value>(
            _ dictionary: [String: Value],
            _ text: (Value) -> String
        ) -> (names: String, values: String) {
            let pairs = dictionary.map { (DatabaseText.encode($0), text($1)) }
            return (literal(pairs.map(\.0)), literal(pairs.map(\.1)))
        }
    }
#endif
