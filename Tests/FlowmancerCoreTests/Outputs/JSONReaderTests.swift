import FlowmancerCore
import FlowmancerRandom
import Testing

/// Values of JSON.
@Suite struct JSONReaderTests {
    private func read(_ text: String) -> ParameterValue? { ParameterValue(json: JSONText(rawValue: text)) }

    @Test(arguments: 0..<100) func whatIsWrittenIsRead(seed: UInt64) {
        var random = RandomTemplate(random: SeededGenerator(seed: seed))
        for _ in 0..<20 {
            let value = random.value(depth: 4)
            #expect(ParameterValue(json: value.json) == value)
        }
    }

    @Test func everyFormIsRead() {
        #expect(
            read(#" {"b" : [1, -2.5, 1e3, true, false, null], "a": {}, "c":[]} "#) == [
                "b": [1, -2.5, 1000.0, true, false, nil], "a": [:], "c": [],
            ]
        )
        #expect(read(#""\"\\\/\b\f\n\r\té\ud83d\ude00é""#) == "\"\\/\u{8}\u{c}\n\r\té😀é")
        #expect(read("123456789012345678901") == .double(1.2345678901234568e20))
        #expect(read(#"{"a":1,"b":2,"a":3}"#) == ["a": 3, "b": 2])
        #expect(read("[[1],[2,[3]]]") == [[1], [2, [3]]])
    }

    @Test(arguments: ["", "[", "{\"a\"}", "01", "[1,]", "nul", "\"\\x\"", "1 2", "{\"a\":1,}", "\"\\ud800\""])
    func whatIsNoJSONIsNoValue(text: String) {
        #expect(read(text) == nil)
    }
}
