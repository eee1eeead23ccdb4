import FlowmancerCore
import FlowmancerRandom
import Testing

@testable import FlowmancerJobFile

/// The key `when`, as files have it.
@Suite struct ConditionLoadingTests {
    private func condition(_ yaml: String, variables: [String: String] = [:]) throws -> TaskCondition? {
        let job = try loadYAML("tasks:\n  a:\n    task: T\n    when: \(yaml)", variables: variables)
        #expect(job.issues.isEmpty, "\(job.issues)")
        return job.definition.tasks["a"]?.when
    }

    /// It is an expression, whatever quotes YAML needs around it.
    @Test(
        arguments: [
            "$VAR{env} == 'prod'", #""$VAR{env} == 'prod'""#, "'$VAR{env} == ''prod'''",
            "$VAR{env}\n      ==\n "
                + "     'prod'",
            "|\n      $VAR{env} ==\n        'prod'",
            ">-\n      $VAR{env}\n      == "
                + "'prod'", #"!sub "$VAR{env} == 'prod'""#,
            #""$VAR{env}\t==\x20'\u0070rod'""#,
        ]
    )
    func quotesMakeNoDifference(yaml: String) throws {
        #expect(try condition(yaml, variables: ["env": "prod"]) == "true")
        #expect(try condition(yaml, variables: ["env": "dev"]) == "false")
        // Whatever a variable holds, it is a value.
        #expect(try condition(yaml, variables: ["env": "x' == 'x' or 'prod"]) == "false")
    }

    @Test func scalarsOfOtherTypesAreExpressions() throws {
        #expect(try condition("true") == "true")
        #expect(try condition("!!bool false") == "false")
        let json = try loadJSON(
            #"{"tasks": {"a": {"task": "T", "when": true}, "b": {"task": "T", "when": "$VAR{x:1} \u003c 2"}}}"#
        )
        #expect(json.issues.isEmpty)
        #expect(json.definition.tasks.values.map(\.when) == ["true", "true"])
    }

    @Test func anchorsMayHoldExpressions() throws {
        let job = try loadYAML(
            """
            aliases:
              gate: &gate {when: "$VAR{env} == 'prod'"}
              text: &text $VAR{env} != 'prod'
              parameters: &parameters {when: "12:30", then: !sub "$VAR{env}"}
            tasks:
              a: {task: T, <<: *gate}
              b: {task: T, when: *text, parameters: *parameters}
            """,
            variables: ["env": "prod"]
        )
        #expect(job.issues.isEmpty)
        #expect(job.definition.tasks.values.map(\.when) == ["true", "false"])
        #expect(job.definition.tasks["b"]?.parameters == ["when": "12:30", "then": "prod"])
    }

    @Test func variablesInItAreUsed() throws {
        let job = try loadYAML("tasks: {a: {task: T, when: \"$VAR{x} == 1\"}}", variables: ["x": "1", "y": "2"])
        #expect(
            job.issues.map(\.description) == [
                "warning: the variable 'y' has a value, but the job does not use $VAR{y}; it can be one of: $VAR{x}"
            ]
        )
    }

    @Test(
        arguments: [
            ("1 = 2", "4:13: error: tasks.a.when: '=' is not an operator; write '=='"),
            ("\"1 = 2\"", "4:14: error: tasks.a.when: '=' is not an operator; write '=='"),
            ("'''a'' = 2'", "4:18: error: tasks.a.when: '=' is not an operator; write '=='"),
            (#""\"é\" \x3d 2""#, "4:18: error: tasks.a.when: '=' is not an operator; write '=='"),
            (#"!sub "1 = 2""#, "4:19: error: tasks.a.when: '=' is not an operator; write '=='"),
            ("true and\n      1 = 2", "5:9: error: tasks.a.when: '=' is not an operator; write '=='"),
            ("|\n      true and\n        1 = 2\n", "6:11: error: tasks.a.when: '=' is not an operator; write '=='"),
            (">\n      true and\n      1 = 2\n", "6:9: error: tasks.a.when: '=' is not an operator; write '=='"),
            (
                "1 ==",
                "4:15: error: tasks.a.when: expected a value, such as $VAR{name}, 'text' or 5, found the "
                    + "end of the expression"
            ),
            (
                "$VAR{evn} == 1",
                "4:11: error: tasks.a.when: $VAR{evn} has no value and no default; did you mean "
                    + "$VAR{env}? If not, write "
                    + "$VAR{evn:default}, or ask defined($VAR{evn}) first"
            ),
            (
                "1 == 1 and $VAR{env} < 5",
                "4:22: error: tasks.a.when: '<' compares two numbers or two texts, "
                    + "found text and a number"
            ),
            ("", "4:10: error: tasks.a.when: expected an expression, such as $VAR{env} == 'prod', found nothing"),
            (
                "[1]",
                "4:11: error: tasks.a.when: expected an expression, such as $VAR{env} == 'prod', found a "
                    + "list of one item"
            ),
            ("''", "4:12: error: tasks.a.when: the expression is empty; expected one such as $VAR{env} == 'prod'"),
        ]
    )
    func mistakesHaveTheirPlaceInTheFile(yaml: String, expected: String) throws {
        let directory = try JobDirectory(["job.yaml": "tasks:\n  a:\n    task: T\n    when: \(yaml)"])
        let messages = directory.messages("job.yaml", variables: ["env": "prod"]).filter {
            !$0.contains(
                "does "
                    + "not use"
            )
        }
        #expect(messages.map { $0.replacing("job.yaml:", with: "") } == [expected])
    }

    @Test func mistakesInJSONHaveTheirPlace() throws {
        #expect(
            try messagesOfJSON("{\"tasks\": {\n\"a\": {\"task\": \"T\", \"when\": \"\\ud83d\\ude00\"}}}")
                == ["job.json:2:29: error: tasks.a.when: '😀' has no meaning here; put text in quotes"]
        )
        #expect(
            try messagesOfJSON("{\"tasks\": {\n\"a\": {\"task\": \"T\", \"when\": \"'\\ud83d\\ude00\\n' = 1\"}}}")
                == ["job.json:2:46: error: tasks.a.when: '=' is not an operator; write '=='"]
        )
    }

    /// Wherever YAML lets a text be written, each of its characters is found again.
    @Test(arguments: 0..<20 as Range<UInt64>) func everyCharacterIsFound(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let words = ["$VAR{a}", "==", "'x'", "\"y z\"", "(", ")", "and", "é", "日本", "\\", "''", "in", "[1,2]"]
        for _ in 0..<40 {
            var text = "a"
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                text +=
                    " "
                    + "" + (words.randomElement(using: &random) ?? "")
            }
            text += " !"
            for written in Self.spellings(of: text, &random) {
                let file = "tasks:\n  a:\n    task: T\n    when: \(written)\n    max_attempts: 2\n"
                let job = try loadYAML(file).definition
                let map = try #require(job.sourceMap)
                let lines = file.split(separator: "\n", omittingEmptySubsequences: false).map {
                    Array($0.unicodeScalars)
                }
                for (offset, scalar) in text.unicodeScalars.enumerated() where scalar != " " {
                    let place = try #require(map.location(of: ParameterPath("tasks", "a", "when"), scalar: offset))
                    let found = lines[place.line - 1][place.column - 1]
                    #expect(found == scalar || found == "\\", "\(offset) of \(file)")
                }
                _ = map.location(of: ParameterPath("tasks", "a", "when"), scalar: 10_000)
            }
        }
    }

    private static func spellings(of text: String, _ random: inout SeededGenerator) -> [String] {
        let broken = text.split(separator: " ").reduce(into: "") { result, word in
            result += (result.isEmpty ? "" : random.chance(30) ? "\n      " : " ") + word
        }
        let double = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let single = text.replacing("'", with: "''")
        let joined = double.replacing(" ", with: "\\\n      \\ ")
        return [
            broken, "'\(single)'", "\"\(double)\"", "\"\(double.replacing("é", with: "\\xe9"))\"", "\"\(joined)\"",
            ">\n      \(broken)", "|-\n      \(text)", "&x !!str '\(single)'",
        ]
    }
}
