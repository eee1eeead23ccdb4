import OrderedCollections

/// Makes values of JSON (RFC 8259) that ``JSONScanner`` found to be in order. Keys keep their order.
///
/// Published lists may have a million items, so that this is not left to `JSONDecoder`.
struct JSONReader {
    /// A list or mapping that is not read to its end.
    private struct Open {
        /// The key of the value that is read next; `nil` in a list.
        var key: String?
        var items: [ParameterValue] = []
        var members: OrderedDictionary<String, ParameterValue> = [:]

        mutating func add(_ value: ParameterValue) {
            if let key { members[key] = value } else { items.append(value) }
        }

        var value: ParameterValue { key == nil ? .array(items) : .object(members) }
    }

    private let bytes: [UInt8]
    private var position = 0

    /// - Parameter bytes: One JSON value in valid UTF-8.
    init(checked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads the value.
    mutating func read() -> ParameterValue {
        // No depth of nesting is a matter of the stack.
        var open: [Open] = []
        while true {
            skipBlanks()
            var value: ParameterValue
            switch next {
            case UInt8(ascii: "["):
                position += 1
                skipBlanks()
                guard next == UInt8(ascii: "]") else {
                    open.append(Open())
                    continue
                }
                position += 1
                value = .array([])
            case UInt8(ascii: "{"):
                position += 1
                skipBlanks()
                guard next == UInt8(ascii: "}") else {
                    open.append(Open(key: key()))
                    continue
                }
                position += 1
                value = .object([:])
            default:
                value = scalar()
            }
            // The value may be the last one of what is open.
            while !open.isEmpty {
                open[open.count - 1].add(value)
                skipBlanks()
                let isLast = next != UInt8(ascii: ",")
                position += 1
                guard isLast else {
                    if open[open.count - 1].key != nil { open[open.count - 1].key = key() }
                    break
                }
                value = open.removeLast().value
            }
            if open.isEmpty { return value }
        }
    }

    private var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skipBlanks() {
        while position < bytes.count, JSONScanner.isBlank(bytes[position]) { position += 1 }
    }

    private mutating func key() -> String {
        skipBlanks()
        let key = string()
        skipBlanks()
        // The colon.
        position += 1
        return key
    }

    private mutating func scalar() -> ParameterValue {
        switch next {
        case UInt8(ascii: "\""): return .string(string())
        case UInt8(ascii: "t"):
            position += 4
            return .bool(true)
        case UInt8(ascii: "f"):
            position += 5
            return .bool(false)
        case UInt8(ascii: "n"):
            position += 4
            return .null
        default: return number()
        }
    }

    /// An integer that does not fit is a number with a fraction.
    private mutating func number() -> ParameterValue {
        let start = position
        var isWhole = true
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isWhole = false
            default: return Self.number(String(decoding: bytes[start..<position], as: UTF8.self), isWhole)
            }
            position += 1
        }
        return Self.number(String(decoding: bytes[start...], as: UTF8.self), isWhole)
    }

    private static func number(_ text: String, _ isWhole: Bool) -> ParameterValue {
        if isWhole, let number = Int(text) { return .int(number) }
        return .double(Double(text) ?? 0)
    }

    private mutating func string() -> String {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
            position += 1
        }
        if next == UInt8(ascii: "\"") {
            position += 1
            return String(decoding: bytes[start..<position - 1], as: UTF8.self)
        }
        var text = Array(bytes[start..<position])
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\\") { appendEscape(to: &text) } else { text.append(byte) }
        }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func appendEscape(to text: inout [UInt8]) {
        let letter = next
        position += 1
        switch letter {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var unit = hexadecimal()
            if (0xD800...0xDBFF).contains(unit) {
                position += 2
                unit = 0x1_0000 + (unit - 0xD800) << 10 + (hexadecimal() & 0x3FF)
            }
            text += String(Character(Unicode.Scalar(unit) ?? "\u{FFFD}")).utf8
        default: text.append(letter)
        }
    }

    private mutating func hexadecimal() -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            unit = unit << 4 | UInt32(Character(UnicodeScalar(next)).hexDigitValue ?? 0)
            position += 1
        }
        return unit
    }
}

extension ParameterValue {
    /// Creates the value that JSON holds; `nil` if the text is not JSON, or nested too deeply.
    package init?(json text: JSONText) {
        var text = text.rawValue
        let bytes = text.withUTF8 { Array($0) }
        guard JSONScanner.isValue(bytes) else { return nil }
        var reader = JSONReader(checked: bytes)
        self = reader.read()
    }
}
