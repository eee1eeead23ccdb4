import TestSupport
import Testing

@testable import FlowmancerEngine

@Suite struct LineSplitterTests {
    @Test(
        arguments: [
            ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("\n", [""]),
            ("\n\na\n\n", ["", "", "a", ""]),
            ("a\r\nb", ["a\r", "b"]), ("é\n日本", ["é", "日本"]),
        ]
    )
    func aStreamIsCutAtItsLineFeeds(stream: String, lines: [String]) {
        #expect(split([Array(stream.utf8)]) == lines.map { Array($0.utf8) })
    }

    @Test func linesDoNotDependOnThePiecesInWhichTheyArrive() {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in
                random.chance(10) ? UInt8(ascii: "\n") : UInt8.random(in: 0...255, using: &random)
            }
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...9, using: &random))
                pieces.append(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            let whole = split([bytes])
            #expect(split(pieces) == whole, "seed \(seed)")
            #expect(Array((whole + (bytes.last == 10 ? [[]] : [])).joined(separator: [10])) == bytes, "seed \(seed)")
        }
    }

    @Test func aLongLineIsKeptWhole() {
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let lines = split(Array(repeating: piece, count: 10) + [[10, 121]])
        #expect(lines.map(\.count) == [10 << 20, 1])
    }

    @Test func anEndlessLineIsHandedOnInParts() {
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let lines = split(Array(repeating: piece, count: 70))
        #expect(lines.map(\.count) == [LineSplitter.maximumLength, LineSplitter.maximumLength, 6 << 20])
    }

    private func split(_ pieces: [[UInt8]]) -> [[UInt8]] {
        var splitter = LineSplitter()
        var lines: [[UInt8]] = []
        for piece in pieces { piece.withUnsafeBytes { splitter.append($0) { lines.append(Array($0)) } } }
        splitter.finish { lines.append(Array($0)) }
        return lines
    }
}
