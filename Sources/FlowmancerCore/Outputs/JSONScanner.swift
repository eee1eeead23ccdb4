/// Checks JSON (RFC 8259) and finds the members of an object, without changing a digit of them.
///
/// The bytes have to be valid UTF-8. No depth of nesting can exhaust the stack.
struct JSONScanner {
    /// What is not as it should be, and where.
    struct Problem: Error, Hashable {
        var offset: Int
        var text: String
    }

    /// The deepest nesting that other readers of JSON take.
    private static let maximumDepth = 500

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads one object that is everything.
    ///
    /// - Returns: The places of names, without quotes and as they are written, and of values.
    mutating func object() throws(Problem) -> [(name: Range<Int>, value: Range<Int>)] {
        var members: [(Range<Int>, Range<Int>)] = []
        skipBlanks()
        try expect(UInt8(ascii: "{"), "expected {")
        skipBlanks()
        if !skip(UInt8(ascii: "}")) {
            repeat {
                let name = try key()
                skipBlanks()
                let start = position
                try value()
                members.append((name, start..<position))
                skipBlanks()
            } while skip(UInt8(ascii: ","))
            try expect(UInt8(ascii: "}"), "expected , or }")
        }
        skipBlanks()
        guard position == bytes.count else { throw problem("expected nothing behind the object") }
        return members
    }

    /// Whether bytes are one value.
    static func isValue(_ bytes: [UInt8]) -> Bool {
        var scanner = JSONScanner(bytes)
        guard (try? scanner.value()) != nil else { return false }
        scanner.skipBlanks()
        return scanner.position == bytes.count
    }

    /// Passes a value over.
    private mutating func value() throws(Problem) {
        // The closing marks of what is open.
        var open: [UInt8] = []
        while true {
            skipBlanks()
            if skip(UInt8(ascii: "{")) {
                skipBlanks()
                if !skip(UInt8(ascii: "}")) {
                    open.append(UInt8(ascii: "}"))
                    _ = try key()
                    guard open.count <= Self.maximumDepth else { throw problem("it is nested too deeply") }
                    continue
                }
            } else if skip(UInt8(ascii: "[")) {
                skipBlanks()
                if !skip(UInt8(ascii: "]")) {
                    open.append(UInt8(ascii: "]"))
                    guard open.count <= Self.maximumDepth else { throw problem("it is nested too deeply") }
                    continue
                }
            } else {
                try scalar()
            }
            while let end = open.last {
                skipBlanks()
                if skip(UInt8(ascii: ",")) {
                    if end == UInt8(ascii: "}") { _ = try key() }
                    break
                }
                try expect(end, "expected , or \(Character(UnicodeScalar(end)))")
                open.removeLast()
            }
            if open.isEmpty { return }
        }
    }

    /// Passes the name of a member and the colon behind it over.
    ///
    /// - Returns: The place of the name.
    private mutating func key() throws(Problem) -> Range<Int> {
        skipBlanks()
        guard next == UInt8(ascii: "\"") else {
            throw problem(next == nil ? "it ends too early" : "expected a name in quotes")
        }
        let name = try string()
        skipBlanks()
        try expect(UInt8(ascii: ":"), "expected :")
        return name
    }

    private mutating func scalar() throws(Problem) {
        switch next {
        case UInt8(ascii: "\"")?: _ = try string()
        case UInt8(ascii: "t")?: try word("true")
        case UInt8(ascii: "f")?: try word("false")
        case UInt8(ascii: "n")?: try word("null")
        case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?: try number()
        case nil: throw problem("it ends too early")
        default: throw problem("expected a value")
        }
    }

    private mutating func word(_ text: StaticString) throws(Problem) {
        let start = position
        let isThere = text.withUTF8Buffer { expected in
            bytes.count - start >= expected.count && expected.indices.allSatisfy { bytes[start + $0] == expected[$0] }
        }
        guard isThere else { throw problem("expected \(text)") }
        position += text.utf8CodeUnitCount
    }

    private mutating func number() throws(Problem) {
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try digits() }
        if skip(UInt8(ascii: ".")) { try digits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try digits()
        }
        if let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { throw problem("a number begins with 0") }
    }

    private mutating func digits() throws(Problem) {
        let start = position
        while let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { position += 1 }
        guard position > start else { throw problem("expected a digit") }
    }

    /// Passes a text over.
    ///
    /// - Returns: The place of what is between the quotes.
    private mutating func string() throws(Problem) -> Range<Int> {
        position += 1
        let start = position
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return start..<position - 1
            case UInt8(ascii: "\\"):
                position += 1
                try escape()
            case ..<0x20:
                throw problem("a text contains a control character; write it as an escape")
            default:
                position += 1
            }
        }
        throw problem("a text has no end")
    }

    /// Passes over what follows a backslash.
    private mutating func escape() throws(Problem) {
        switch next {
        case UInt8(ascii: "u")?:
            position += 1
            let unit = try hexadecimal()
            guard (0xD800...0xDFFF).contains(unit) else { return }
            // Half of a character, which the other half has to follow.
            guard unit < 0xDC00, skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")),
                (0xDC00...0xDFFF).contains(try hexadecimal())
            else { throw problem("an escape is half of a character") }
        case let letter? where Self.escapes.contains(letter): position += 1
        default: throw problem("an escape is unknown")
        }
    }

    private static let escapes = Array(#""\/bfnrt"#.utf8)

    private mutating func hexadecimal() throws(Problem) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(UnicodeScalar($0)).hexDigitValue }) else {
                throw problem("an escape needs four hexadecimal digits")
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8, _ text: String) throws(Problem) {
        guard skip(byte) else { throw problem(position == bytes.count ? "it ends too early" : text) }
    }

    private mutating func skipBlanks() {
        while let next, Self.isBlank(next) { position += 1 }
    }

    private func problem(_ text: String) -> Problem { Problem(offset: position, text: text) }

    static func isBlank(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): true
        default: false
        }
    }

    /// The number of the line that a byte is in, from 1.
    static func line(of offset: Int, in bytes: [UInt8]) -> Int {
        1 + bytes.prefix(offset).count { $0 == UInt8(ascii: "\n") }
    }
}
