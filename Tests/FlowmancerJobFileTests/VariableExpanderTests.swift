import FlowmancerCore
import Testing

@testable import FlowmancerJobFile

@Suite struct VariableExpanderTests {
    private let expander = VariableExpander(
        context: JobLoadingContext(appRoot: "/app", environment: ["A": "1", "EMPTY": ""], variables: ["a": "2"])
    )

    @Test(
        arguments: [
            ("$ENV{A}", "1"), ("$VAR{a}", "2"), ("$SYS{APP_ROOT_DIR}", "/app"), ("$SYS{APP_ROOT_DIR:x}", "/app"),
            ("x$ENV{A}y$VAR{a}z", "x1y2z"), ("$ENV{A}$ENV{A}", "11"),
            ("$ENV{B:fallback}", "fallback"), ("$ENV{B:http://x:80/}", "http://x:80/"), ("$ENV{B:}", ""),
            ("$ENV{EMPTY:x}", ""), ("$ENV{EMPTY}", ""), ("$ENV{ A }", "1"), ("$VAR{b: c}", " c"),
            ("$$ENV{A}", "$ENV{A}"), ("$$$ENV{A}", "$$ENV{A}"), ("$$", "$$"), ("$", "$"), ("$5", "$5"),
            ("$HOME", "$HOME"), ("${A}", "${A}"), ("$env{A}", "$env{A}"), ("$FOO{A}", "$FOO{A}"), ("$ENV", "$ENV"),
            ("é$ENV{A}é", "é1é"), ("$$SYS{X}", "$SYS{X}"),
        ]
    )
    func variablesExpand(text: String, result: String) {
        var findings: [VariableExpander.Finding] = []
        #expect(expander.expand(text, findings: &findings) == result)
        #expect(findings.isEmpty)
    }

    @Test(
        arguments: [
            ("$ENV{B}", .unsetVariable("$ENV{B}"), .warning),
            ("$VAR{b}", .unsetVariable("$VAR{b}"), .warning),
            (
                "$SYS{APP_ROOT}",
                .wrongValue(
                    expected: "$SYS{APP_ROOT_DIR}, the only variable of the system",
                    found: "the text \"$SYS{APP_ROOT}\"",
                    candidates: ["$SYS{APP_ROOT_DIR}"]
                ), .error
            ),
            ("$ENV{}", .rejectedValue(reason: "the variable $ENV{} has no name"), .error),
            (
                "$ENV{B:$ENV{A}}",
                .rejectedValue(reason: "the default of $ENV{B} cannot hold another variable"), .error
            ),
            (
                "x $ENV{A",
                .rejectedValue(
                    reason: "the variable \"$ENV{A\" has no '}' at its end; a literal one is written $$ENV{A"
                ), .error
            ),
        ] as [(String, JobIssue.Problem, JobIssue.Severity)]
    )
    func mistakesAreFound(text: String, problem: JobIssue.Problem, severity: JobIssue.Severity) {
        var findings: [VariableExpander.Finding] = []
        _ = expander.expand(text, findings: &findings)
        #expect(findings.map(\.problem) == [problem])
        #expect(findings.map(\.severity) == [severity])
    }

    @Test(arguments: ["", "$", "$ENV{A}", "$$ENV{A}", "$$$VAR{", "a$SYS{b$ENV{c", "$ENV{$ENV{", "$$x$ENV"])
    func escapedTextExpandsToItself(text: String) {
        var findings: [VariableExpander.Finding] = []
        #expect(expander.expand(VariableExpander.escape(text), findings: &findings) == text)
        #expect(findings.isEmpty)
    }

    @Test func onlyUnquotedYAMLExpands() throws {
        let job = try loadYAML(
            """
            tasks:
              $VAR{stage}-a:
                task: T
                max_attempts: $VAR{n}
                parameters:
                  plain: $VAR{n}
                  several: $VAR{n}-$ENV{HOST:localhost:80}
                  double: "$VAR{n}"
                  single: '$VAR{n}'
                  block: |
                    $VAR{n}
                  tagged: !!str $VAR{n}
                  escaped: $$VAR{n}
                  list: [a, 2]
            """,
            variables: ["n": "3", "stage": "dev"]
        )
        #expect(job.issues == [])
        let task = try #require(job.definition.tasks["dev-a"])
        #expect(task.maxAttempts == 3)
        #expect(
            task.parameters == [
                "plain": "3", "several": "3-localhost:80", "double": "$VAR{n}", "single": "$VAR{n}",
                "block": "$VAR{n}\n", "tagged": "3", "escaped": "$VAR{n}", "list": ["a", 2],
            ]
        )
    }

    @Test func allJSONTextExpands() throws {
        let job = try loadJSON(
            #"{"tasks": {"$VAR{s}": {"task": "T", "max_attempts": "$VAR{n}", "parameters": {"a": "$$VAR{n}"}}}}"#,
            variables: ["n": "3", "s": "dev"]
        )
        #expect(job.issues == [])
        #expect(job.definition.tasks["dev"]?.maxAttempts == 3)
        #expect(job.definition.tasks["dev"]?.parameters == ["a": "$VAR{n}"])
    }

    @Test func unsetVariableIsWarnedOfWhereItStands() throws {
        let text = """
            tasks:
              a:
                task: T
                parameters:
                  list:
                    - x
                    - $ENV{NOT_SET}
            """
        #expect(
            try messagesOfYAML(text) == [
                "job.yaml:7:11: warning: tasks.a.parameters.list[1]: $ENV{NOT_SET} is not set and has no default, so "
                    + "it reads as empty text; set it, or write $ENV{NOT_SET:default} "
                    + "(with nothing after ':' for empty on purpose)"
            ]
        )
        #expect(try loadYAML(text).get().definition.tasks["a"]?.parameters == ["list": ["x", ""]])
    }
}
