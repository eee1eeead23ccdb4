/// The names of the tasks that run for items: `load[eu]` is the task `load` for the item with the key `eu`.
package enum ItemName {
    /// Returns the name of a task for an item.
    ///
    /// - Parameter key: A key of an ``ItemList``.
    package static func name(_ task: String, key: String) -> String { "\(task)[\(key)]" }

    /// Takes a name apart, if it has a key at its end; the task's name may have some in it.
    package static func split(_ name: String) -> (task: String, key: String)? {
        let bytes = name.utf8
        guard bytes.last == UInt8(ascii: "]"), let open = bytes.lastIndex(of: UInt8(ascii: "[")),
            open > bytes.startIndex
        else { return nil }
        let key = bytes[bytes.index(after: open)...].dropLast()
        guard !key.isEmpty, !key.contains(where: { isEncoded($0, isPart: false) && $0 != UInt8(ascii: "%") }) else {
            return nil
        }
        return (String(Substring(bytes[..<open])), String(Substring(key)))
    }

    /// Returns a text as a key has it: what cannot stand in the name of a task, or would make it unreadable, becomes `%`
    /// and two digits.
    ///
    /// - Parameter isPart: Whether the text is one of several that are joined by commas.
    package static func encoded(_ text: String, isPart: Bool = false) -> String {
        guard text.utf8.contains(where: { isEncoded($0, isPart: isPart) }) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isEncoded(byte, isPart: isPart) {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A slash would lead into a sub-job, and brackets would end the key.
    private static func isEncoded(_ byte: UInt8, isPart: Bool) -> Bool {
        switch byte {
        case 0..<0x20, 0x7f, UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "%"): true
        case UInt8(ascii: ","): isPart
        default: false
        }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
