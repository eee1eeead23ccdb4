import FlowmancerCore
import Testing

@testable import FlowmancerJobFile

/// Text whose variables are replaced however it is written.
@Suite struct VariableTagTests {
    @Test func subExpandsScalarsOfEveryStyle() throws {
        let job = try loadYAML(
            """
            aliases:
              kept: &kept !sub "a $VAR{n}"
            tasks:
              !sub "$VAR{stage}-a":
                task: !sub 'T$VAR{n}'
                max_attempts: !sub "$VAR{n}"
                parameters:
                  double: !sub "$VAR{n}\\t."
                  single: !sub '$VAR{n}'
                  plain: !sub $VAR{n}
                  number: !sub 5
                  literal: !sub |
                    rm "$VAR{n}" ${x} $$VAR{n}
                    done
                  folded: !sub >-
                    $VAR{n}
                    more
                  flow: {a: !sub "$VAR{n}", b: [!sub '$VAR{n}', "-"], !sub "k$VAR{n}": 1}
                  alias: *kept
                  none: !sub "nothing"
            """,
            variables: ["n": "3", "stage": "dev"]
        )
        #expect(job.issues == [])
        let task = try #require(job.definition.tasks["dev-a"])
        #expect(task.variant == "T3")
        #expect(task.maxAttempts == 3)
        #expect(
            task.parameters == [
                "double": "3\t.", "single": "3", "plain": "3", "number": "5",
                "literal": "rm \"3\" ${x} $VAR{n}\ndone\n", "folded": "3 more",
                "flow": ["a": "3", "b": ["3", "-"], "k3": 1], "alias": "a 3", "none": "nothing",
            ]
        )
    }

    @Test(
        arguments: [
            (
                "!sub [a]",
                ":1:10: error: aliases: expected text after !sub, found a list; put !sub before each text in it"
            ),
            (
                "!sub {a: b}",
                ":1:10: error: aliases: expected text after !sub, found a mapping; put !sub before each text in it"
            ),
            (
                "!Sub \"a\"",
                ":1:10: error: aliases: expected no tag, or one of: !sub, !!str, !!int, !!float, !!bool, !!null, !!seq, "
                    + "!!map, found the tag \"!Sub\"; did you mean '!sub'?"
            ),
            (
                "{!foo a: b}",
                ":1:11: error: aliases: expected no tag, or one of: !sub, !!str, !!int, !!float, !!bool, !!null, !!seq, "
                    + "!!map, found the tag \"!foo\""
            ),
            (
                "{a: &a b, b: !sub *a}",
                ":1:28: error: aliases: an alias cannot have a tag; put the tag before the text that has the anchor"
            ),
            (
                "[a, $VAR{x:y}]",
                ":1:18: error: aliases[2]: a variable within brackets or braces needs quotes and !sub: !sub \"$VAR{x}\""
            ),
            (
                "{a: b $ENV{x}}",
                ":1:20: error: aliases: a variable within brackets or braces needs quotes and !sub: !sub \"$ENV{x}\""
            ),
        ]
    )
    func subIsForTextOnly(value: String, message: String) throws {
        #expect(try messagesOfYAML("aliases: \(value)\ntasks: {a: {task: T}}").first == "job.yaml\(message)")
    }

    @Test func jsonHasNoTags() throws {
        #expect(
            try messagesOfJSON(#"{"tasks": !sub "a"}"#) == [
                "job.json:1:11: error: tasks: expected a value, found '!' (JSON has no tags; variables are replaced in "
                    + "all text, without !sub)"
            ]
        )
    }
}
