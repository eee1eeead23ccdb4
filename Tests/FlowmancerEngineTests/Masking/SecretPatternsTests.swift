import FoundationEssentials
import TestSupport
import Testing

@testable import FlowmancerEngine

@Suite struct SecretPatternsTests {
    private func mask(_ text: String, _ secrets: String...) -> String { SecretMasker(secrets).mask(text) }

    @Test func nothingToMaskMakesNoMasker() {
        #expect(SecretMasker([]) == nil)
        #expect(SecretMasker(["", "abc", " abc\n", "a\nb\nc\nd"]) == nil)
        #expect(mask("abc", "abc") == "abc")
    }

    @Test(
        arguments: [
            // As it is, without blanks around it.
            ("abcd", "(abcd)", "(***)"), (" abcd\n", "(abcd)", "(***)"),
            // Base64 in its three alignments, at an end and within.
            ("secret", "c2VjcmV0", "***"), ("secrets", "c2VjcmV0cw==", "***"), ("secrets", "c2VjcmV0cw", "***"),
            ("secret", "YWE6c2VjcmV0", "YWE6***"), ("secrets", "dXNlcjpzZWNyZXRz", "dXNlcjp***"),
            ("sec?>ret", "c2VjPz5yZXQ=", "***"), ("sec?>~~t", "c2VjPz5-fnQ", "***"),
            ("sec?>~~t", "c2VjPz5+fnQ=", "***"),
            // Percent-encoding.
            ("a b/c&d", "a%20b%2Fc%26d", "***"), ("a b/c&d", "a%20b%2fc%26d", "***"), ("a b/c&d", "a+b%2Fc%26d", "***"),
            ("a b/c&d", "a%20b/c&d", "***"), ("pä:ß!", "p%C3%A4%3A%C3%9F!", "***"),
            ("pä:ß!", "p%C3%A4:%C3%9F%21", "p%C3%A4:%C3%9F%21"),
            // JSON.
            ("a\"b\\c", "{\"x\":\"a\\\"b\\\\c\"}", "{\"x\":\"***\"}"), ("a/b/c", "a\\/b\\/c", "***"),
            ("pä<ss", "p\\u00e4<ss", "***"), ("pä<ss", "p\\u00E4\\u003Css", "***"),
            ("😀😀", "\\ud83d\\ude00\\uD83D\\uDE00", "\\ud83d\\ude00\\uD83D\\uDE00"),
            ("😀😀", "\\ud83d\\ude00\\ud83d\\ude00", "***"),
            // Lines of a secret of several lines, and the whole where it is on one.
            ("first\nok\r\nthird\n", "first", "***"), ("first\nok\r\nthird\n", "ok", "ok"),
            ("first\nok\r\nthird\n", "third", "***"), ("first\nsecond", "first\\nsecond", "***"),
            ("first\nsecond", "Zmlyc3QKc2Vjb25k", "***"),
        ]
    )
    func aSecretIsFoundInEveryForm(secret: String, text: String, expected: String) {
        #expect(mask(text, secret) == expected)
    }

    @Test func base64ThatIsBrokenIntoLinesIsFound() {
        let secret = (0..<60).map { "part \($0)" }.joined(separator: "-")
        for options in [Data.Base64EncodingOptions.lineLength64Characters, .lineLength76Characters] {
            let lines = Data(secret.utf8).base64EncodedString(options: options.union(.endLineWithLineFeed))
            #expect(Set(mask(lines, secret).split(separator: "\n")) == ["***"])
        }
    }

    /// Of base64, a few bits at the ends may be left, but never a whole byte of the secret.
    @Test func nothingOfASecretIsLeftInBase64() {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            func bytes(_ count: ClosedRange<Int>) -> String {
                String(
                    (0..<Int.random(in: count, using: &random)).map { _ in
                        Character(Unicode.Scalar(UInt8.random(in: 0x21...0x7e, using: &random)))
                    }
                )
            }
            let (before, secret, after) = (bytes(0...9), bytes(8...30), bytes(0...9))
            let text = Data((before + secret + after).utf8).base64EncodedString()
            let masked = mask(text, secret)
            let parts = masked.components(separatedBy: "***")
            #expect(parts.count == 2, "seed \(seed): \(text) → \(masked)")
            #expect(parts[0].count <= (before.utf8.count * 8 + 5) / 6)
            let end = (before.utf8.count + secret.utf8.count) * 8 / 6
            #expect(parts.last.map { $0.count <= text.count - end } == true, "seed \(seed): \(text) → \(masked)")
        }
    }
}
