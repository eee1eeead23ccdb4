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
        let all = message.split(separator: "\n", omittingEmptySubsequences: false)
        omitted += max(0, all.count - Self.keptLines)
        for line in all.suffix(Self.keptLines) {
            if lines.count == Self.keptLines {
                lines.removeFirst()
                omitted += 1
            }
            let shown = line.prefix(Self.keptCharacters)
            lines.append(String(shown).printableLines + (shown.endIndex < line.endIndex ? "…" : ""))
        }
    }
}
