import FlowmancerCore
import TestSupport
import OrderedCollections
import Testing

@Suite struct JSONValueReaderTests {
    private func read(_ text: String) -> ParameterValue? { ParameterValue(json: JSONText(rawValue: text)) }

    @Test(
        arguments: [
            ("5", 5), ("-0", 0), ("1.5", 1.5), ("-2e3", -2000.0), ("9223372036854775807", .int(.max)),
            ("9223372036854775808", 9_223_372_036_854_775_808.0), ("true", true), (" null ", nil), (#""""#, ""),
            (#""a\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00é😀""#, "a\"\\/\u{8}\u{c}\n\r\té😀é😀"), ("[]", []), ("{}", [:]),
            ("[1, [2, {}], \"x\"]", [1, [2, [:]], "x"]), (#"{"a": 1, "a": 2}"#, ["a": 2]),
        ] as [(String, ParameterValue)]
    )
    func valuesAreRead(_ text: String, _ value: ParameterValue) {
        #expect(read(text) == value)
    }

    @Test func membersKeepTheirOrder() {
        guard case .object(let members)? = read(#"{"z": 1, "a": {"y": 2, "b": 3}}"#) else {
            Issue.record("no object")
            return
        }
        #expect(Array(members.keys) == ["z", "a"])
        #expect(members["a"] == ["y": 2, "b": 3])
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a: 1}", "01", "1.", ".5", "+1", "1e", "-", "tru", "nul",
        "\"", "\"\n\"", #""\x""#, #""\u12""#, #""\uD800""#, #""\uD800\u0041""#, "5 5", "1e999", "'a'", "NaN", "[1]]",
        String(repeating: "[", count: 100_000),
    ])
    func otherTextIsNone(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test func depthIsLimited() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(read(nested(500)) != nil)
        #expect(read(nested(502)) == nil)
    }

    /// No text makes it trap.
    @Test(arguments: 0..<200)
    func damagedTextIsSurvived(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var bytes = Array(#"{"a": [1, -2.5e3, true, null, "x\u00e9\n"], "b": {"c": "😀"}}"#.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let position = Int.random(in: 0..<bytes.count, using: &random)
            if random.chance(50) {
                bytes.remove(at: position)
            } else {
                bytes[position] = .random(in: 0x20..<0x7f, using: &random)
            }
        }
        _ = read(String(decoding: bytes, as: UTF8.self))
    }
}
