import FlowmancerNotifications
import Testing

@Suite struct LogTailTests {
    private func tail(_ messages: String...) -> LogTail {
        var tail = LogTail()
        for message in messages { tail.append(message) }
        return tail
    }

    @Test func theLastLinesAreKeptInOrder() {
        let text = (1...25).map { "é\($0)" }.joined(separator: "\n")
        #expect(tail(text).lines == (16...25).map { "é\($0)" })
        #expect(tail(text).omitted == 15)
        #expect(tail(text, "a\n\nb").lines.suffix(4) == ["é25", "a", "", "b"])
        #expect(tail(text, "a\n\nb").omitted == 18)
        #expect(tail("").lines == [""])
        #expect(tail("a\n").lines == ["a", ""])
        #expect(tail("a\n").omitted == 0)
    }

    @Test func aLongLineIsCutAtACharacter() {
        #expect(tail(String(repeating: "x", count: 300)).lines == [String(repeating: "x", count: 300)])
        #expect(tail(String(repeating: "👩‍🚀", count: 301)).lines == [String(repeating: "👩‍🚀", count: 300) + "…"])
    }

    /// One character of many scalars would be kept whole otherwise.
    @Test func aCharacterWithoutEndIsCutToo() throws {
        let line = try #require(tail("e" + String(repeating: "\u{301}", count: 100_000)).lines.first)
        #expect(line.unicodeScalars.count < 10_000)
        #expect(line.hasSuffix("…"))
    }
}
