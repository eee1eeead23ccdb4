import OrderedCollections

/// Reads JSON (RFC 8259) as the values that a job file could hold, with the members of objects in their order.
///
/// It is for values of a run, of which there may be a million.
struct JSONValueReader {
    /// The text is no JSON, or nested too deeply.
    private struct Failure: Error {}

    /// The deepest nesting, so that no text exhausts the stack.
    private static let maximumDepth = 500

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// Returns the value that a text holds; `nil` if it is not JSON, or nested too deeply.
    static func read(_ text: String) -> ParameterValue? {
        var text = text
        return text.withUTF8 { bytes in
            var reader = JSONValueReader(bytes: bytes)
            return try? reader.whole()
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    private mutating func whole() throws(Failure) -> ParameterValue {
        skipBlanks()
        let value = try value(depth: 0)
        skipBlanks()
        guard position == bytes.count else { throw Failure() }
        return value
    }

    private mutating func value(depth: Int) throws(Failure) -> ParameterValue {
        guard depth <= Self.maximumDepth else { throw Failure() }
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func array(depth: Int) throws(Failure) -> ParameterValue {
        var items: [ParameterValue] = []
        position += 1
        skipBlanks()
        if skip(UInt8(ascii: "]")) { return .array(items) }
        repeat {
            skipBlanks()
            items.append(try value(depth: depth))
            skipBlanks()
        } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return .array(items)
    }

    private mutating func object(depth: Int) throws(Failure) -> ParameterValue {
        var members: OrderedDictionary<String, ParameterValue> = [:]
        position += 1
        skipBlanks()
        if skip(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipBlanks()
            let key = try string()
            skipBlanks()
            try expect(UInt8(ascii: ":"))
            skipBlanks()
            members[key] = try value(depth: depth)
            skipBlanks()
        } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        return .object(members)
    }

    private mutating func word(_ text: StaticString, _ value: ParameterValue) throws(Failure) -> ParameterValue {
        let length = text.utf8CodeUnitCount
        guard position + length <= bytes.count,
            (0..<length).allSatisfy({ bytes[position + $0] == text.utf8Start[$0] })
        else { throw Failure() }
        position += length
        return value
    }

    // MARK: Numbers

    private mutating func number() throws(Failure) -> ParameterValue {
        let start = position
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try digits() }
        let endOfWhole = position
        if skip(UInt8(ascii: ".")) { try digits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if position == endOfWhole, let value = Int(text) { return .int(value) }
        guard let value = Double(text), value.isFinite else { throw Failure() }
        return .double(value)
    }

    private mutating func digits() throws(Failure) {
        let start = position
        while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { position += 1 }
        guard position > start else { throw Failure() }
    }

    // MARK: Texts

    private mutating func string() throws(Failure) -> String {
        try expect(UInt8(ascii: "\""))
        let start = position
        while next != UInt8(ascii: "\""), next != UInt8(ascii: "\\"), next >= 0x20 { position += 1 }
        if next == UInt8(ascii: "\"") {
            position += 1
            return String(decoding: bytes[start..<position - 1], as: UTF8.self)
        }
        return try escapedString(behind: bytes[start..<position])
    }

    private mutating func escapedString(behind beginning: Slice<UnsafeBufferPointer<UInt8>>) throws(Failure) -> String {
        var content = Array(beginning)
        while true {
            switch next {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                content.append(contentsOf: UTF8.encode(try escape())!)
            case 0x20...:
                content.append(next)
                position += 1
            default:
                throw Failure()
            }
        }
    }

    private mutating func escape() throws(Failure) -> Unicode.Scalar {
        let letter = next
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexadecimal()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            // Half of a character, which the other half has to follow.
            guard unit < 0xDC00, skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) else { throw Failure() }
            let low = try hexadecimal()
            guard (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
            else { throw Failure() }
            return scalar
        default: throw Failure()
        }
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(next)).hexDigitValue else { throw Failure() }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    // MARK: Bytes

    /// The byte at the position, or 0 at the end.
    private var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(Failure) {
        guard skip(byte) else { throw Failure() }
    }

    private mutating func skipBlanks() {
        while next == 0x20 || next == 0x0a || next == 0x0d || next == 0x09 { position += 1 }
    }
}
