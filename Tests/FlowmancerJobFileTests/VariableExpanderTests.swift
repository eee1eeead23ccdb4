import FlowmancerCore
import TestSupport
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
            ("é$ENV{A}é", "é1é"), ("$$SYS{X}", "$SYS{X}"), ("$ENV{A:?}", "1"), ("$ENV{A:?why}", "1"),
            ("$VAR{b:=-x}", "-x"), ("$VAR{b:==}", "="), ("$VAR{b:=?x}", "?x"), ("$VAR{b:-1}", "-1"),
            ("$$ENV{$ENV{A}}", "$ENV{1}"), ("$ENV{B:$$}", "$$"),
        ]
    )
    func variablesExpand(text: String, result: String) {
        var findings: [VariableExpander.Finding] = []
        #expect(expander.expand(text, findings: &findings) == result)
        #expect(findings.isEmpty)
    }

    @Test(
        arguments: [
            ("$ENV{B}", .unset("$ENV{B}", nearest: nil), .warning),
            ("$VAR{b}", .unset("$VAR{b}", nearest: nil), .warning),
            ("$ENV{EMTPY}", .unset("$ENV{EMTPY}", nearest: "$ENV{EMPTY}"), .warning),
            (
                "$SYS{APP_ROOT}",
                .unknown(
                    "$SYS{APP_ROOT}",
                    hasDefault: false,
                    nearest: "$SYS{APP_ROOT_DIR}",
                    known: ["$SYS{APP_ROOT_DIR}", "$SYS{DOLLAR}"]
                ), .warning
            ),
            (
                "$SYS{HOME:x}",
                .unknown("$SYS{HOME}", hasDefault: true, nearest: nil, known: ["$SYS{APP_ROOT_DIR}", "$SYS{DOLLAR}"]),
                .warning
            ),
            ("$ENV{}", .unnamed("$ENV{}"), .error),
            ("$ENV{B:$ENV{A}}", .nested("$ENV{B}"), .error),
            ("x $ENV{A", .unclosed("$ENV{A"), .error),
            ("x $ENV{TOKEN:sesame", .unclosed("$ENV{TOKEN"), .error),
            ("$ENV{B:?}", .demanded("$ENV{B}", isEmpty: false, reason: ""), .error),
            ("$ENV{B:?it is the password}", .demanded("$ENV{B}", isEmpty: false, reason: "it is the password"), .error),
            ("$ENV{EMPTY:? why }", .demanded("$ENV{EMPTY}", isEmpty: true, reason: "why"), .error),
        ] as [(String, VariableProblem, JobIssue.Severity)]
    )
    func mistakesAreFound(text: String, problem: VariableProblem, severity: JobIssue.Severity) {
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

    /// Text of all kinds, of which much is nearly a variable.
    @Test(arguments: 0..<20)
    func anyTextCanBeEscaped(block: Int) {
        let parts = [
            "$", "$$", "ENV", "VAR{", "SYS", "{", "}", ":", "?", "=", "a", "é", "A", " ", "\n", "APP_ROOT_DIR",
        ]
        for seed in (block * 100)..<(block * 100 + 100) {
            var generator = SeededGenerator(seed: UInt64(seed))
            let text = (0..<Int.random(in: 0...12, using: &generator)).reduce(into: "") { text, _ in
                text += parts.randomElement(using: &generator) ?? ""
            }
            var findings: [VariableExpander.Finding] = []
            #expect(
                expander.expand(VariableExpander.escape(text), findings: &findings) == text,
                "seed \(seed): \(text)"
            )
            #expect(findings.isEmpty, "seed \(seed): \(text)")
            // Whatever is wrong, nothing but variables changes.
            let expanded = expander.expand(text, findings: &findings)
            if !VariableScanner.findsVariables(in: text) { #expect(expanded == text && findings.isEmpty) }
            let pieces = VariableScanner(text).map { piece in
                switch piece {
                case .text(let text), .unclosed(let text): text.count
                case .dollars, .variable: 0
                }
            }
            #expect(pieces.reduce(0, +) <= expanded.count, "seed \(seed): \(text)")
        }
    }

    @Test func plainYAMLExpands() throws {
        let job = try loadYAML(
            """
            aliases: {key: &key plain}
            tasks:
              $VAR{stage}-a:
                task: T
                max_attempts: $VAR{n}
                parameters:
                  *key : $VAR{n}
                  several: $VAR{n}-$ENV{HOST:localhost:80}
                  tagged: !!str $VAR{n}
                  escaped: $$VAR{n}
                  double: "$$VAR{n}"
                  list: [a, 2]
                  anchored: &name $VAR{n}
                  deep: {*name : 1}
            """,
            variables: ["n": "3", "stage": "dev"]
        )
        #expect(job.issues == [])
        let task = try #require(job.definition.tasks["dev-a"])
        #expect(task.maxAttempts == 3)
        #expect(
            task.parameters == [
                "plain": "3", "several": "3-localhost:80", "tagged": "3", "escaped": "$VAR{n}", "double": "$$VAR{n}",
                "list": ["a", 2], "anchored": "3", "deep": ["3": 1],
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
                    + "it becomes empty text; set it, or write $ENV{NOT_SET:default} "
                    + "(with nothing after ':' if it may be empty)"
            ]
        )
        #expect(try loadYAML(text).get().definition.tasks["a"]?.parameters == ["list": ["x", ""]])
    }
}
