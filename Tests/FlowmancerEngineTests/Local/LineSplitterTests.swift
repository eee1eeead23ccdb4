import TestSupport
import Testing

@testable import FlowmancerEngine

@Suite struct LineSplitterTests {
    @Test(
        arguments: [
            ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("\n", [""]),
            ("\n\na\n\n", ["", "", "a", ""]),
            ("a\r\nb", ["a", "b"]), ("a\r\r\nb\r", ["a", "b"]), ("\r\n\n", ["", ""]), ("a\n\r", ["a"]),
            ("10%\r20%\r100%\n", ["100%"]), ("\r10%\r20%", ["20%"]), ("1\r2\r\r\n3", ["2", "3"]),
            ("a\rb\nc\n\rd\n", ["b", "c", "d"]), ("é\n日本", ["é", "日本"]),
        ]
    )
    func aStreamIsCutAtItsLineFeeds(stream: String, lines: [String]) {
        #expect(split([Array(stream.utf8)]) == lines.map { Array($0.utf8) })
    }

    @Test func linesDoNotDependOnThePiecesInWhichTheyArrive() {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            let bytes = randomBytes(using: &random)
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...9, using: &random))
                pieces.append(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            let whole = split([bytes])
            #expect(split(pieces) == whole, "seed \(seed)")
            #expect(whole == linesOfModel(bytes), "seed \(seed)")
        }
    }

    /// What is shown before the end of a line is its state at that time; nothing is handed on twice.
    @Test func statesThatAreShownAreThoseOfTheModel() {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            var splitter = LineSplitter()
            var taken: [UInt8] = []
            var lines: [[UInt8]] = []
            var expected: [[UInt8]] = []
            var isShown = false
            for byte in randomBytes(using: &random) {
                taken.append(byte)
                [byte].withUnsafeBytes { splitter.append($0) { lines.append(Array($0)) } }
                let line = taken.drop { $0 == 13 }
                if byte == 10 {
                    if !isShown { expected.append(linesOfModel(taken)[0]) }
                    (taken, isShown) = ([], false)
                } else {
                    if byte != 13 { isShown = false }
                    let replaces = line.contains(13) || line.count < taken.count
                    #expect(
                        (splitter.pauseBeforeShowing != nil) == (replaces && !line.isEmpty && !isShown),
                        "seed \(seed)"
                    )
                    guard random.chance(20) else { continue }
                    splitter.showState { lines.append(Array($0)) }
                    if replaces, !line.isEmpty, !isShown {
                        expected.append(linesOfModel(taken)[0])
                        isShown = true
                    }
                }
            }
            splitter.finish { lines.append(Array($0)) }
            #expect(lines == expected + (isShown ? [] : linesOfModel(taken)), "seed \(seed)")
        }
    }

    @Test func statesAreShownLessAndLessOften() {
        var splitter = LineSplitter()
        var pauses: [Duration?] = []
        for number in 0..<6 {
            Array("\(number)\r".utf8).withUnsafeBytes { splitter.append($0) { _ in } }
            pauses.append(splitter.pauseBeforeShowing)
            splitter.showState { _ in }
            #expect(splitter.pauseBeforeShowing == nil)
        }
        #expect(pauses == [1, 2, 4, 8, 8, 8].map { .seconds($0) })
        Array("\n0\r".utf8).withUnsafeBytes { splitter.append($0) { _ in } }
        #expect(splitter.pauseBeforeShowing == .seconds(1))
    }

    @Test func aLineThatReplacesItselfKeepsItsLastStateOnly() {
        let piece = [UInt8]((0..<100_000).map { "\r\($0) of many" }.joined().utf8)
        #expect(split(Array(repeating: piece, count: 40) + [[10]]) == [Array("99999 of many".utf8)])
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

    private func randomBytes(using random: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...400, using: &random)).map { _ in
            random.chance(10) ? 10 : random.chance(20) ? 13 : UInt8.random(in: 0...255, using: &random)
        }
    }

    /// The lines of a stream, the simple way.
    private func linesOfModel(_ bytes: [UInt8]) -> [[UInt8]] {
        var parts = bytes.split(separator: 10, omittingEmptySubsequences: false).map { line in
            let end = line.lastIndex { $0 != 13 }.map { $0 + 1 } ?? line.startIndex
            return Array(line[..<end].split(separator: 13).last ?? [])
        }
        // Behind the last line feed there is a line only if it has something in it.
        if parts.last == [] { parts.removeLast() }
        return parts
    }

    private func split(_ pieces: [[UInt8]]) -> [[UInt8]] {
        var splitter = LineSplitter()
        var lines: [[UInt8]] = []
        for piece in pieces { piece.withUnsafeBytes { splitter.append($0) { lines.append(Array($0)) } } }
        splitter.finish { lines.append(Array($0)) }
        return lines
    }
}
