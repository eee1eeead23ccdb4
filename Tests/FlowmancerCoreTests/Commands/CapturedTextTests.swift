import TestSupport
import Testing

@testable import FlowmancerCore

@Suite struct CapturedTextTests {
    /// Random texts in random pieces, kept up to every length near their own.
    @Test func piecesAndLimitsDoNotMatter() {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            let printed = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                ["a", "b", "\n", "\r"].randomElement(using: &random) ?? ""
            }.joined()
            let expected = Self.text(of: printed)
            for limit in max(0, expected.utf8.count - 2)...expected.utf8.count + 2 {
                var captured = CapturedText(limit: limit)
                var rest = Array(printed.utf8)[...]
                while !rest.isEmpty {
                    let piece = rest.prefix(Int.random(in: 1...7, using: &random))
                    rest = rest.dropFirst(piece.count)
                    captured.append(piece)
                }
                #expect(captured.text == (expected.utf8.count <= limit ? expected : nil), "seed \(seed)")
            }
        }
    }

    /// What is to be kept of a text, the simple way.
    private static func text(of printed: String) -> String {
        var lines = printed.utf8.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
        for index in lines.indices { while lines[index].last == 13 { lines[index].removeLast() } }
        while lines.last == [] { lines.removeLast() }
        return String(decoding: Array(lines.joined(separator: [10])), as: UTF8.self)
    }
}
