import FlowmancerCore
import Testing

@Suite struct GlobPatternTests {
    @Test(arguments: [
        ("fetch", "fetch"), ("fetch-*", "fetch-"), ("fetch-*", "fetch-a/b"), ("*", ""), ("*", "anything"),
        ("*-debug", "a-debug"), ("a*b*c", "axxbyyc"), ("a*b*c", "abbcbc"), ("**", "x"), ("a?c", "abc"),
        ("[a-c]x", "bx"), ("[!a-c]x", "dx"), ("[^a-c]x", "dx"), ("[]]", "]"), ("[!]]", "x"), ("[a-]", "-"),
        ("[-a]", "-"), (#"\*"#, "*"), (#"[\]]"#, "]"), ("[abc", "[abc"), ("a[", "a["), (#"a\"#, #"a\"#),
        ("größ?", "größe"),
        ("?", "🇩🇪"), ("[à-ü]", "é"), ("", ""),
    ])
    func matches(pattern: String, name: String) {
        #expect(GlobPattern(pattern).matches(name))
    }

    @Test(arguments: [
        ("fetch", "fetch2"), ("fetch", "Fetch"), ("fetch-*", "prefetch-a"), ("a?c", "ac"), ("a?c", "abbc"),
        ("[a-c]x", "dx"), ("[!a-c]x", "bx"), (#"\*"#, "x"), ("", "a"), ("?", ""), ("a*b", "a"), ("*a", "b"),
        ("[]x", "x"),
    ])
    func doesNotMatch(pattern: String, name: String) {
        #expect(!GlobPattern(pattern).matches(name))
    }

    @Test(arguments: [
        ("fetsh-*", ["fetch-a", "Fetch-b", "fetch-c"]), ("*-debgu", ["x-debug"]), ("FETCH-A", ["fetch-a"]),
        ("fetch-aa", ["fetch-a"]), ("[x-z]-debag", ["x-debug"]), ("[!a-z]-*", []), ("a*", []), ("nothing", []),
        ("", []),
    ])
    func theNearestNamesAreKnown(pattern: String, names: [String]) {
        let all = ["x-debug", "fetch-a", "Fetch-b", "fetch-c", "fetch-d"]
        #expect(GlobPattern(pattern).nearest(among: all) == names)
    }

    /// A matcher that tries every way through the stars would not end.
    @Test func manyStarsTakeNoTime() {
        let pattern = GlobPattern(String(repeating: "*a", count: 50) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 5_000)))
    }
}
