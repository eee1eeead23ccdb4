import TestSupport
import Testing

@testable import FlowmancerEngine

@Suite struct StreamMaskerTests {
    @Test(
        arguments: [
            ("", ""), ("nothing", "nothing"), ("secret", "***"), ("a secret here", "a *** here"),
            ("secretsecret", "***"), ("secret secret", "*** ***"), ("secre", "secre"), ("secresecret", "secre***"),
            // Two that overlap: neither end of them may be left.
            ("abcdefgh", "***"), ("xabcdefghx", "x***x"), ("abcdefg", "***fg"), ("cdefgh", "***"),
            // One that is a part of another.
            ("a-very-long-secret-indeed", "***"), ("a-very-long-secret-in", "a-very-long-***-in"),
            ("sec\nret", "sec\nret"), ("é secret ü", "é *** ü"),
        ]
    )
    func secretsAreMasked(text: String, expected: String) throws {
        let masker = try #require(SecretMasker(["secret", "abcde", "cdefgh", "a-very-long-secret-indeed"]))
        #expect(masker.mask(text) == expected)
    }

    @Test func whatTheStreamIsCutIntoMakesNoDifference() throws {
        for seed in UInt64(0)..<2_000 {
            var random = SeededGenerator(seed: seed)
            let letters = Array("abc\n".utf8.prefix(Int.random(in: 2...4, using: &random)))
            func text(_ count: ClosedRange<Int>) -> [UInt8] {
                (0..<Int.random(in: count, using: &random)).map { _ in letters.randomElement(using: &random)! }
            }
            let patterns = (0..<Int.random(in: 1...6, using: &random)).map { _ in text(1...7) }
            let bytes = text(0...60)
            let automaton = PatternAutomaton(patterns)
            let longest = patterns.map(\.count).max() ?? 0

            var stream = StreamMasker(SecretMasker(automaton))
            var masked: [UInt8] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(Int.random(in: 0...9, using: &random)))
                rest = rest.dropFirst(piece.count)
                piece.withUnsafeBytes { bytes in stream.append(bytes) { masked += $0 } }
                #expect(stream.heldBytes <= longest)
            }
            stream.finish { masked += $0 }
            #expect(masked == naive(bytes, patterns), "seed \(seed)")
            #expect(stream.heldBytes == 0)
        }
    }

    /// Marks every byte of every occurrence, then replaces what is marked.
    private func naive(_ bytes: [UInt8], _ patterns: [[UInt8]]) -> [UInt8] {
        var isSecret = [Bool](repeating: false, count: bytes.count)
        for pattern in patterns where !pattern.isEmpty && pattern.count <= bytes.count {
            for start in 0...(bytes.count - pattern.count)
            where bytes[start..<start + pattern.count].elementsEqual(pattern) {
                for index in start..<start + pattern.count { isSecret[index] = true }
            }
        }
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if !isSecret[index] {
                result.append(byte)
            } else if index == 0 || !isSecret[index - 1] {
                result += Array("***".utf8)
            }
        }
        return result
    }

    @Test func onlyWhatMayBeginASecretIsHeldBack() throws {
        let masker = try #require(SecretMasker(["secret"]))
        var stream = StreamMasker(masker)
        func append(_ text: String) -> String {
            var result: [UInt8] = []
            Array(text.utf8).withUnsafeBytes { bytes in stream.append(bytes) { result += $0 } }
            return String(decoding: result, as: UTF8.self)
        }
        #expect(append("a line\nand a sec") == "a line\nand a ")
        #expect(append("r") == "")
        #expect(append("ond\n") == "secrond\n")
        #expect(append("sec\n") == "sec\n")
        #expect(append("se") == "")
        #expect(append("cret") == "")
        #expect(append("!") == "***!")
    }

    @Test func linesAreMaskedBeforeTheyAreCut() throws {
        var lines = MaskedLines(SecretMasker(["secret"]))
        var found: [String] = []
        for piece in ["one sec", "ret\ntwo", "\nse", "cret\nlast sec", "ret"] {
            Array(piece.utf8).withUnsafeBytes { bytes in
                lines.append(bytes) { found.append(String(decoding: $0, as: UTF8.self)) }
            }
        }
        lines.finish { found.append(String(decoding: $0, as: UTF8.self)) }
        #expect(found == ["one ***", "two", "***", "last ***"])
    }
}
