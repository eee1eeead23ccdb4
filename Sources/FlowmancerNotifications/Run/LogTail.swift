import FlowmancerCore

/// The last lines of a log.
package struct LogTail: Sendable, Hashable {
    /// How many lines are kept, and how much of each.
    package static let keptLines = 10
    package static let keptCharacters = 300

    package private(set) var lines: [String] = []
    /// How many lines came before those.
    package private(set) var omitted = 0

    package init() {}

    /// Adds a message; what is longer than people read is cut off.
    package mutating func append(_ message: String) {
        // Backwards and by bytes: to find the characters of a message of many megabytes would take seconds.
        let newline = UInt8(ascii: "\n")
        var rest: Substring? = message[...]
        var last: [Substring] = []
        while last.count < Self.keptLines, let text = rest {
            if let end = text.utf8.lastIndex(of: newline) {
                last.append(text[text.utf8.index(after: end)...])
                rest = text[..<end]
            } else {
                last.append(text)
                rest = nil
            }
        }
        if let rest { omitted += 1 + rest.utf8.count(where: { $0 == newline }) }
        for line in last.reversed() {
            if lines.count == Self.keptLines {
                lines.removeFirst()
                omitted += 1
            }
            lines.append(Self.shown(line))
        }
    }

    /// A character may be made of any number of scalars.
    private static let keptScalars = 16 * keptCharacters

    private static func shown(_ line: Substring) -> String {
        let beginning = Substring(line.unicodeScalars.prefix(keptScalars))
        let shown = beginning.prefix(keptCharacters)
        return String(shown).printableLines + (shown.endIndex < line.endIndex ? "…" : "")
    }
}
