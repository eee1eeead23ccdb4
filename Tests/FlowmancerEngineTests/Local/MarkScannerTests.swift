import FlowmancerWire
import TestSupport
import Testing

@testable import FlowmancerEngine

@Suite struct MarkScannerTests {
    private let mark = OutputMark(number: 0x8182_8384_8586_8788)

    @Test func aMarkIsInOnePieceAndTellsRunsApart() {
        #expect(mark.bytes.count <= 512, "_POSIX_PIPE_BUF")
        #expect(mark.bytes.first == 0)
        #expect(!mark.bytes.dropFirst().contains(0))
        #expect(mark.bytes != OutputMark(number: OutputMark.randomNumber()).bytes)
    }

    @Test func marksAreFoundInWhateverPiecesTheyArrive() {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            // Texts that have beginnings of marks in them, and never the last byte of one.
            let texts = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                (0..<Int.random(in: 0...8, using: &random)).flatMap { _ -> [UInt8] in
                    random.chance(50)
                        ? Array(mark.bytes.prefix(Int.random(in: 1..<mark.bytes.count, using: &random)))
                        : [UInt8.random(in: 0...127, using: &random)]
                }
            }
            let stream = Array(texts.joined(separator: mark.bytes))
            var pieces: [[UInt8]] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...20, using: &random))
                pieces.append(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            #expect(split(pieces) == texts, "seed \(seed)")
        }
    }

    private func split(_ pieces: [[UInt8]]) -> [[UInt8]] {
        var scanner = MarkScanner(mark)
        var texts: [[UInt8]] = [[]]
        func append(_ bytes: UnsafeRawBufferPointer) { texts[texts.count - 1] += Array(bytes) }
        for piece in pieces {
            piece.withUnsafeBytes { bytes in
                var rest = bytes
                while scanner.skip(to: &rest, emit: append) { texts.append([]) }
                #expect(rest.isEmpty)
            }
        }
        scanner.finish(emit: append)
        return texts
    }
}
