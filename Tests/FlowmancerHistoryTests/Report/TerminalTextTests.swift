import Testing

@testable import FlowmancerHistory

@Suite struct TerminalTextTests {
    private func html(_ lines: String...) -> String {
        String(decoding: TerminalText(lines).html.bytes, as: UTF8.self)
    }

    @Test(
        arguments: [
            ("\u{1B}[31mred\u{1B}[0m plain", #"<span class="c1">red</span> plain"#),
            ("\u{1B}[1;92mb", #"<span class="c10 bold">b</span>"#),
            ("\u{1B}[38;5;9mx", #"<span class="c9">x</span>"#),
            ("\u{1B}[38;2;255;200;0mx", #"<span style="color:#ffc800">x</span>"#),
            ("\u{1B}[38:5:196mx\u{1B}[39my", #"<span style="color:#ff5a5a">x</span>y"#),
            ("\u{9B}4mx\u{1B}[24my", #"<span class="line">x</span>y"#),
        ]
    )
    func coloursAreShown(line: String, expected: String) {
        #expect(html(line) == expected)
    }

    @Test(
        arguments: [
            "a\u{1B}[2Jb", "a\u{1B}[10;20Hb", "a\u{1B}]0;title\u{7}b", "a\u{1B}]8;;http://x\u{1B}\\b", "a\u{1B}(Bb",
            "a\u{1B}cb", "a\u{1B}Pq#0\u{1B}\\b", "a\u{9D}52;c;AAAA\u{9C}b", "a\u{1B}[?25lb", "a\u{1B}[>4;1mb",
            "ab\u{1B}", "ab\u{1B}[31", "ab\u{1B}]0;never ended",
        ]
    )
    func otherEscapesAreNothing(line: String) {
        #expect(html(line) == "ab")
    }

    @Test func otherControlCharactersAreVisible() {
        #expect(html("a\u{7}\u{8}b\tc") == "a\\u{7}\\u{8}b\tc")
    }

    @Test func whatIsColouredIsNoMarkup() {
        #expect(html("\u{1B}[31m<script>\"&") == #"<span class="c1">&lt;script&gt;&quot;&amp;</span>"#)
    }

    @Test func aColourHoldsOnTheNextLine() {
        #expect(html("\u{1B}[31ma", "b\u{1B}[m", "c") == "<span class=\"c1\">a</span>\n<span class=\"c1\">b</span>\nc")
    }

    @Test(arguments: [
        "\u{1B}[38mx", "\u{1B}[38;5mx", "\u{1B}[38;5;999mx", "\u{1B}[38;2;1mx", "\u{1B}[99999999999999999999mx",
    ])
    func coloursThatAreNoneAreNothing(line: String) {
        #expect(html(line) == "x")
    }
}
