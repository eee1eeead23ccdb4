/// Splits Swift source text into words and signs, without comments and the contents of literals.
struct SwiftTokens: Sequence, IteratorProtocol {
    /// One word or sign, and where it stands.
    struct Token: Hashable {
        var text: String
        var line: Int
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ text: some Sequence<UInt8>) {
        bytes = Array(text)
    }

    mutating func next() -> Token? {
        while position < bytes.count {
            let byte = bytes[position]
            if starts(with: "//") {
                skipLine()
            } else if starts(with: "/*") {
                skipBlockComment()
            } else if byte == UInt8(ascii: "\"") {
                skipString(hashes: 0)
            } else if byte == UInt8(ascii: "#"), let hashes = hashesBeforeQuote() {
                position += hashes
                skipString(hashes: hashes)
            } else if Self.isWordByte(byte) {
                return word()
            } else if byte == UInt8(ascii: "`") {
                // An escaped name is a name like others.
                position += 1
            } else if Self.isBlank(byte) {
                advance()
            } else {
                return sign()
            }
        }
        return nil
    }

    private mutating func word() -> Token {
        let start = position
        while position < bytes.count, Self.isWordByte(bytes[position]) { position += 1 }
        return Token(text: String(decoding: bytes[start..<position], as: UTF8.self), line: line)
    }

    private mutating func sign() -> Token {
        let byte = bytes[position]
        // A directive of the compiler is one word; so that `->` does not close a list of generic parameters, it is, too.
        if byte == UInt8(ascii: "#"), position + 1 < bytes.count, Self.isWordByte(bytes[position + 1]) {
            position += 1
            let name = word()
            return Token(text: "#\(name.text)", line: name.line)
        }
        if starts(with: "->") {
            position += 2
            return Token(text: "->", line: line)
        }
        position += 1
        return Token(text: String(UnicodeScalar(byte)), line: line)
    }

    private func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { prefix in
            position + prefix.count <= bytes.count && bytes[position..<position + prefix.count].elementsEqual(prefix)
        }
    }

    /// Steps over a byte, which may end a line.
    private mutating func advance() {
        if bytes[position] == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    }

    /// Block comments nest.
    private mutating func skipBlockComment() {
        var depth = 0
        while position < bytes.count {
            if starts(with: "/*") {
                depth += 1
                position += 2
            } else if starts(with: "*/") {
                depth -= 1
                position += 2
                if depth == 0 { return }
            } else {
                advance()
            }
        }
    }

    private func hashesBeforeQuote() -> Int? {
        let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
        return position + hashes < bytes.count && bytes[position + hashes] == UInt8(ascii: "\"") ? hashes : nil
    }

    /// Skips a string with the quote at the present position, also what is interpolated into it.
    private mutating func skipString(hashes: Int) {
        let isMultiline = starts(with: "\"\"\"")
        let quotes = isMultiline ? 3 : 1
        position += quotes
        while position < bytes.count {
            if ends(quotes: quotes, hashes: hashes) {
                position += quotes + hashes
                return
            }
            if bytes[position] == UInt8(ascii: "\\"), hasHashes(hashes, at: position + 1) {
                position += 1 + hashes
                guard position < bytes.count else { return }
                if bytes[position] == UInt8(ascii: "(") { skipInterpolation() } else { advance() }
            } else if bytes[position] == UInt8(ascii: "\n"), !isMultiline {
                // The string is not closed: the line is no Swift, but the next one may be.
                return
            } else {
                advance()
            }
        }
    }

    private func ends(quotes: Int, hashes: Int) -> Bool {
        guard position + quotes <= bytes.count else { return false }
        let isQuoted = bytes[position..<position + quotes].allSatisfy { $0 == UInt8(ascii: "\"") }
        return isQuoted && hasHashes(hashes, at: position + quotes)
    }

    private func hasHashes(_ count: Int, at start: Int) -> Bool {
        start + count <= bytes.count && bytes[start..<start + count].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private mutating func skipInterpolation() {
        var depth = 0
        while let token = next() {
            if token.text == "(" { depth += 1 }
            if token.text == ")" { depth -= 1 }
            if depth == 0 { return }
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }
}
