/// What a mail server answers to a command: a code and one or more lines of text.
package struct SMTPReply: Sendable, Hashable {
    package var code: Int
    package var lines: [String]

    package init(_ code: Int, _ lines: [String] = [""]) {
        self.code = code
        self.lines = lines
    }

    /// Whether the server did what was asked, or waits for more of it.
    package var isPositive: Bool { (200..<400).contains(code) }

    /// Whether the server may do the same soon.
    package var isTemporary: Bool { (400..<500).contains(code) }

    /// The answer on one line.
    package var text: String { "\(code) \(lines.joined(separator: " "))" }
}

/// Puts the bytes that a mail server sends together to replies.
package struct SMTPReplyReader: Sendable {
    /// Longer lines, and more of them, are no answer of a mail server.
    private static let longestLine = 4_096
    private static let mostLines = 256

    private var buffer: [UInt8] = []
    private var code: Int?
    private var lines: [String] = []

    package init() {}

    /// Bytes that do not follow the protocol.
    package struct Malformed: Error, Hashable {
        package var text: String
    }

    /// Whether a part of a reply is there.
    package var isEmpty: Bool { buffer.isEmpty && lines.isEmpty }

    /// Takes bytes.
    package mutating func append(_ bytes: some Sequence<UInt8>) {
        buffer.append(contentsOf: bytes)
    }

    /// Returns the next reply that is complete.
    package mutating func next() throws(Malformed) -> SMTPReply? {
        while let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
            var line = Array(buffer[..<end])
            buffer.removeFirst(end + 1)
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if let reply = try take(line) { return reply }
        }
        guard buffer.count <= Self.longestLine else { throw Malformed(text: "a line without an end") }
        return nil
    }

    private mutating func take(_ line: [UInt8]) throws(Malformed) -> SMTPReply? {
        let text = String(decoding: line, as: UTF8.self)
        guard line.count <= Self.longestLine, lines.count < Self.mostLines, line.count >= 3,
            let code = Int(String(decoding: line[..<3], as: UTF8.self)), (200..<600).contains(code),
            self.code == nil || self.code == code,
            line.count == 3 || line[3] == UInt8(ascii: " ") || line[3] == UInt8(ascii: "-")
        else { throw Malformed(text: text) }
        lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
        guard line.count == 3 || line[3] == UInt8(ascii: " ") else {
            self.code = code
            return nil
        }
        defer {
            self.code = nil
            lines = []
        }
        return SMTPReply(code, lines)
    }
}
