import Testing

@testable import FlowmancerHistory

@Suite struct HTMLTextTests {
    private func text(_ data: String) -> String { String(decoding: ("\(data)" as HTMLText).bytes, as: UTF8.self) }

    @Test(
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            (#""><img src=x onerror='a()'>"#, "&quot;&gt;&lt;img src=x onerror=&#39;a()&#39;&gt;"),
            ("a & b &amp; c", "a &amp; b &amp;amp; c"),
            ("\u{1B}[2Ja\u{0}\u{7}\r\n", #"\u{1B}[2Ja\u{0}\u{7}\u{D}\u{A}"#),
            ("abc\u{202E}cba", #"abc\u{202E}cba"#),
            ("\u{FFFE}\u{FFFF}", "\u{FFFD}\u{FFFD}"),
            ("größer 🐟", "größer 🐟"),
            ("\"\u{301}", "&quot;\u{301}"),
            ("", ""),
        ]
    )
    func dataNeverBecomesMarkup(data: String, expected: String) {
        #expect(Array(text(data).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test func linesStayLines() {
        let html: HTMLText = "<p>\(lines: "a\n\tb\u{8}<")</p>"
        #expect(String(decoding: html.bytes, as: UTF8.self) == "<p>a\n\tb\\u{8}&lt;</p>")
    }

    @Test func piecesAreMarkupAlready() {
        let inner: HTMLText = "<b>\("<")</b>"
        #expect(String(decoding: ("<p>\(inner) \(7)</p>" as HTMLText).bytes, as: UTF8.self) == "<p><b>&lt;</b> 7</p>")
    }
}
