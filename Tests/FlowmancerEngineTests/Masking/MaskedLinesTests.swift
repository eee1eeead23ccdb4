import TestSupport
import Testing

@testable import FlowmancerEngine

/// Masking and cutting into lines, together.
@Suite struct MaskedLinesTests {
    /// Random streams in random pieces, with states shown at random times: no secret gets through, be it cut by a carriage
    /// return's piece, and lines are those of the whole stream, masked first.
    @Test func secretsInLinesThatReplaceThemselvesAreMasked() throws {
        let masker = try #require(SecretMasker(["s3cret-token", "alpha\rbeta-x\rgamma"]))
        let pieces = [
            "s3cret-token", "s3cret", "-token", "alpha\rbeta-x\rgamma", "alpha\rbet", "\r", "\n", "\r\n", "x", "10%",
        ]
        for seed in UInt64(0)..<400 {
            var random = SeededGenerator(seed: seed)
            let text = (0..<Int.random(in: 0...30, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            #expect(
                lines(Array(text.utf8), masker, &random, isShowing: false)
                    == lines(Array(masker.mask(text).utf8), nil, &random, isShowing: false),
                "seed \(seed)"
            )
            let shown = lines(Array(text.utf8), masker, &random, isShowing: true)
            #expect(!shown.contains { $0.contains("s3cret-token") || $0.contains("beta-x") }, "seed \(seed)")
        }
    }

    private func lines(
        _ bytes: [UInt8],
        _ masker: SecretMasker?,
        _ random: inout SeededGenerator,
        isShowing: Bool
    ) -> [String] {
        var cutter = MaskedLines(masker)
        var lines: [String] = []
        func take(_ line: UnsafeRawBufferPointer) { lines.append(String(decoding: line, as: UTF8.self)) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...9, using: &random))
            rest = rest.dropFirst(piece.count)
            piece.withUnsafeBytes { cutter.append($0, emit: take) }
            if isShowing, random.chance(30) { cutter.showState(emit: take) }
        }
        cutter.finish(emit: take)
        return lines
    }
}
