import TestSupport
import Testing

@testable import FlowmancerCore

/// Texts that stand for the system's bytes.
@Suite struct SystemBytesTests {
    @Test(arguments: ["", "café", "a\u{301}", "日本/x", "\u{10FFFF}\u{FFFD}", "a\0b"])
    func textStaysAsItIs(text: String) {
        #expect(Array(String(systemBytes: Array(text.utf8)).unicodeScalars) == Array(text.unicodeScalars))
        #expect(text.systemBytes == Array(text.utf8))
        #expect(!text.holdsSystemBytes)
    }

    @Test func otherBytesAreShownAndComeBack() {
        let bytes = Array("caf".utf8) + [0xE9, 0x2F, 0xFF] + Array("é".utf8)
        let text = String(systemBytes: bytes)
        #expect(text.systemBytes == bytes)
        #expect(text.holdsSystemBytes)
        #expect(text.printable == "caf\\xE9/\\xFFé")
        #expect(text.hasPrefix("caf") && text.hasSuffix("é"))
        #expect(String(systemText: bytes.map { CChar(bitPattern: $0) } + [0]) == text)
        #expect(text.withSystemText { String(systemText: $0) } == text)
    }

    /// Among them the scalars that stand for bytes, and what is cut, too long, or a surrogate.
    @Test func anyBytesComeBack() {
        let pieces: [[UInt8]] = [
            [0x61], [0xE9], [0xC3, 0xA9], [0xC3], [0xF4, 0x8F, 0xBA, 0x80], [0xF4, 0x8F, 0xBB, 0xBF],
            [0xF4, 0x8F, 0xBB],
            [0xF4], [0xF4, 0x90, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0x80], [0xF4, 0x8F, 0xBF, 0xBF],
            [0xFF],
        ]
        for seed in UInt64(0)..<2_000 {
            var random = SeededGenerator(seed: seed)
            let bytes = (0..<Int.random(in: 0...12, using: &random)).flatMap { _ in
                random.chance(20)
                    ? [UInt8.random(in: 1...255, using: &random)] : pieces.randomElement(using: &random) ?? []
            }
            let text = String(systemBytes: bytes)
            #expect(text.systemBytes == bytes, "seed \(seed)")
            let isText = String(validating: bytes, as: UTF8.self).map { !$0.holdsSystemBytes } ?? false
            #expect(text.holdsSystemBytes == !isText, "seed \(seed)")
        }
    }
}
