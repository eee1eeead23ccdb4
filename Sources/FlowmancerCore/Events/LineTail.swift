/// The last lines of a text that arrives in pieces. What it takes is bounded, whatever arrives.
package struct LineTail: Sendable {
    /// How many lines are kept.
    package static let keptLines = 10
    /// How many bytes of each line are kept.
    package static let keptBytes = 600

    /// A ring: the oldest line makes room for the newest, and its memory is used again.
    private var ring: [[UInt8]] = []
    private var oldest = 0

    package init() {}

    /// Adds a line without its line feed; a line without any text is not kept.
    package mutating func append(_ line: UnsafeRawBufferPointer) {
        guard line.contains(where: { $0 > 0x20 }) else { return }
        // One byte more shows that the line was longer.
        let kept = line.prefix(Self.keptBytes + 1)
        if ring.count < Self.keptLines {
            ring.append(Array(kept))
        } else {
            ring[oldest].removeAll(keepingCapacity: true)
            ring[oldest].append(contentsOf: kept)
            oldest = (oldest + 1) % Self.keptLines
        }
    }

    /// The lines, the newest last.
    package var lines: [String] { (ring[oldest...] + ring[..<oldest]).map(Self.text) }

    private static func text(of line: [UInt8]) -> String {
        guard line.count > keptBytes else { return String(decoding: line, as: UTF8.self) }
        // Not within a character: its other bytes begin with the bits 10.
        var end = keptBytes
        while end > 0, line[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: line[..<end], as: UTF8.self) + "…"
    }
}
