import FlowmancerCore
import Testing

@testable import FlowmancerJobFile

@Suite struct JSONSyntaxTests {
    @Test func valuesHaveTheirTypes() throws {
        let job = try loadJSON(
            #"""
            {"tasks": {"t": {"task": "T", "parameters": {
              "a": 1, "b": -0, "c": 1.0, "d": 1e2, "e": true, "f": false, "g": null, "h": "5", "i": "true",
              "j": "é\u00e9\uD83D\uDE00\n\t\"\\\/\b\f\r", "k": [], "l": {}, "m": [1, [2, {"x": []}]], "": "",
              "n": 9223372036854775807, "o": 9223372036854775808, "p": -1.5E-1, "q": "~"
            }}}}
            """#
        )
        #expect(job.issues == [])
        #expect(
            job.definition.tasks["t"]?.parameters == [
                "a": 1, "b": 0, "c": 1.0, "d": 100.0, "e": true, "f": false, "g": nil, "h": "5", "i": "true",
                "j": "éé\u{1F600}\n\t\"\\/\u{8}\u{c}\r", "k": [], "l": [:], "m": [1, [2, ["x": []]]], "": "",
                "n": .int(.max), "o": 9_223_372_036_854_775_808.0, "p": -0.15, "q": "~",
            ]
        )
    }

    @Test(
        arguments: [
            ("", ":1:1: error: the file is empty; expected a mapping with 'tasks' in it"),
            (" \n ", ":1:1: error: the file is empty; expected a mapping with 'tasks' in it"),
            ("null", ":1:1: error: the file is empty; expected a mapping with 'tasks' in it"),
            ("[]", ":1:1: error: expected a mapping with 'tasks' in it, found a list of 0 items"),
            ("{", ":1:2: error: expected a key in double quotes, found the end of the file"),
            ("{\n\"tasks\": {}\n", ":3:1: error: expected ',' or '}', found the end of the file"),
            ("{\"a\" 1}", ":1:6: error: expected ':' after the key, found '1'"),
            ("{\"a\": 1,}", ":1:9: error: ',' is not allowed before '}'"),
            ("{\"a\": [1,]}", ":1:10: error: a: ',' is not allowed before ']'"),
            ("{\"a\": [1 2]}", ":1:10: error: a: expected ',' or ']', found '2'"),
            ("{a: 1}", ":1:2: error: expected a key in double quotes, found 'a'"),
            (
                "{'a': 1}",
                ":1:2: error: expected a key in double quotes, found a single quote (JSON text needs double quotes)"
            ),
            ("{} // x", ":1:4: error: expected the end of the file, found '/' (JSON has no comments)"),
            ("{\"a\": True}", ":1:7: error: a: expected a value, found 'True'"),
            ("{\"a\": nul}", ":1:7: error: a: expected a value, found 'nul'"),
            ("{\"a\": truex}", ":1:11: error: expected ',' or '}', found 'x'"),
            ("{\"a\": 01}", ":1:7: error: a: a number cannot begin with 0; put it in quotes if it is text"),
            ("{\"a\": 1.}", ":1:9: error: a: expected a digit after '.', found '}'"),
            ("{\"a\": -}", ":1:8: error: a: expected a digit, found '}'"),
            ("{\"a\": +1}", ":1:7: error: a: expected a value, found '+'"),
            ("{\"a\": 1e}", ":1:9: error: a: expected a digit in the exponent, found '}'"),
            ("{\"a\": 1e999}", ":1:7: error: a: the number is too large; put it in quotes if it is text"),
            ("{\"a\": \"x\n\"}", ":1:7: error: a: the end of the text is missing on this line; expected '\"'"),
            ("{\"a\": \"é", ":1:7: error: a: the end of the text is missing; expected '\"'"),
            (
                "{\"é\": \"\t\"}",
                ":1:8: error: é: a control character is not allowed in text; write it as an escape, \\uHHHH"
            ),
            (
                "{\"a\": \"\\x\"}",
                ":1:8: error: a: unknown escape; expected one of \\n \\t \\\" \\\\ \\/ \\b \\f \\r \\uHHHH"
            ),
            ("{\"a\": \"\\u12g4\"}", ":1:8: error: a: expected four hexadecimal digits after \\u"),
            ("{\"a\": \"\\ud800\"}", ":1:8: error: a: the escape is half of a surrogate pair"),
            ("{\"a\": \"\\ud800\\u0041\"}", ":1:8: error: a: the escape is half of a surrogate pair"),
            ("{\"a\": \"\\udc00\"}", ":1:8: error: a: the escape is half of a surrogate pair"),
            (
                "{\"a\": \"\\",
                ":1:8: error: a: unknown escape; expected one of \\n \\t \\\" \\\\ \\/ \\b \\f \\r \\uHHHH"
            ),
            ("{} {}", ":1:4: error: expected the end of the file, found '{'"),
        ]
    )
    func mistakesAreWordedAndLocated(text: String, message: String) throws {
        #expect(try messagesOfJSON(text) == ["job.json" + message])
    }

    @Test func allDuplicateKeysAreReported() throws {
        let job = try loadJSON(
            """
            {"tasks": {"a": {"task": "T", "task": "U"},
              "a": {"task": "T"}}}
            """
        )
        #expect(job.issues.map(\.location?.line) == [1, 2])
        #expect(job.issues.map(\.location?.column) == [31, 3])
        #expect(job.issues.map(\.path.description) == ["tasks.a.task", "tasks.a"])
    }

    @Test func byteOrderMarkIsPassedOver() throws {
        #expect(
            try messagesOfJSON("\u{feff}{\"tasks\": 1}") == [
                "job.json:1:11: error: tasks: expected a mapping of task names to tasks, found the number 1"
            ]
        )
    }
}
