import FlowmancerCore
import Testing

@testable import FlowmancerJobFile

/// Variables where they are not replaced, and what to do about it.
@Suite struct LiteralVariableTests {
    private static let quoted =
        "is not replaced in quoted text; put !sub before it to replace variables (!sub \"…\"), and write "

    @Test func aVariableInQuotesIsWarnedOf() throws {
        let messages = try messagesOfYAML(
            """
            tasks:
              a:
                task: T
                parameters:
                  double: "x $VAR{n}"
                  single: 'é $ENV{A:b}'
                  list: [a, "$SYS{APP_ROOT_DIR}"]
            """
        )
        #expect(
            messages == [
                "job.yaml:5:18: warning: tasks.a.parameters.double: $VAR{n} \(Self.quoted)$$VAR{n} there for what must "
                    + "stay as it is",
                "job.yaml:6:18: warning: tasks.a.parameters.single: $ENV{A} \(Self.quoted)$$ENV{A} there for what must "
                    + "stay as it is",
                "job.yaml:7:18: warning: tasks.a.parameters.list[1]: $SYS{APP_ROOT_DIR} \(Self.quoted)"
                    + "$$SYS{APP_ROOT_DIR} there for what must stay as it is",
            ]
        )
    }

    /// One for each variable, where it stands first.
    @Test func aVariableInABlockIsWarnedOfOnItsLine() throws {
        let messages = try messagesOfYAML(
            """
            tasks:
              a:
                task: T
                parameters:
                  script: |  # not $VAR{this}
                    set -e

                    rm -rf "$VAR{dir}"/cache $VAR{dir}
                      echo é $ENV{B:c}
                  folded: >-
                    some text
                    and $VAR{more}

            loggers: {}
            """
        )
        #expect(
            messages.map { String($0.prefix { $0 != ";" }) } == [
                "job.yaml:8:17: warning: tasks.a.parameters.script: $VAR{dir} is not replaced in a block",
                "job.yaml:9:18: warning: tasks.a.parameters.script: $ENV{B} is not replaced in a block",
                "job.yaml:12:13: warning: tasks.a.parameters.folded: $VAR{more} is not replaced in a block",
            ]
        )
        #expect(
            messages.first?.contains("put !sub before it to replace variables (!sub |), and write $$VAR{dir}") == true
        )
        #expect(messages.last?.contains("(!sub >)") == true)
    }

    @Test(
        arguments: [
            ("\u{feff}a: \"$VAR{x}\"", 1, 5), ("a: \"é\\u00e9 $VAR{x}\"", 1, 13),
            ("a: \"first\n  second $VAR{x}\"", 2, 10), ("a: \"\\u0024VAR{x}\"", 1, 4), ("a:\r\n  b: '$VAR{x}'", 2, 7),
            ("a: |\r\n  x\r\n  y $VAR{x}\r\n", 3, 5), ("a: [\"$$VAR{y}\", \"b\", \"$VAR{x}\"]", 1, 23),
            ("a:\u{2028}  - '$VAR{x}'", 2, 6), ("a: |2\n    b $VAR{x}\n", 2, 7), ("a: '\"$VAR{x}'", 1, 6),
            ("\"a $VAR{x}\": 1", 1, 4),
        ]
    )
    func thePlaceIsThatOfTheVariable(text: String, line: Int, column: Int) throws {
        let found = try JobDirectory(["job.yaml": text]).load("job.yaml").issues.filter {
            if case .variable(.literal) = $0.problem { true } else { false }
        }
        #expect(found.map(\.severity) == [.warning])
        #expect(found.first?.location?.line == line && found.first?.location?.column == column, "\(found)")
    }

    @Test(
        arguments: [
            "\"$$VAR{x}\"", "'$$$ENV{X}'", "'$VAR'", "\"${x}\"", "'${ENV:HOME}'", "'$(ENV)'", "'$env{A}'", "'$FOO{A}'",
            "'$ENV {A}'", "'$VAR{x'", "|\n    ${VAR:-x} ${VAR:0:2} $VAR(x)", "'$VAR[1]'",
        ]
    )
    func whatOnlyLooksSimilarIsSilent(text: String) throws {
        #expect(try loadYAML("tasks:\n  a: {task: T}\naliases:\n  x: \(text)").issues == [])
    }

    @Test func aliasesAreWarnedOfOnce() throws {
        let job = try loadYAML("aliases: {a: &a \"$VAR{x}\"}\ntasks: {a: {task: T, parameters: {a: *a, b: *a}}}")
        #expect(job.issues.map(\.location?.column) == [18])
    }

    @Test func keysInQuotesAreWarnedOf() throws {
        let text = "tasks:\n  \"load-$VAR{x}\": {task: T}"
        #expect(
            try messagesOfYAML(text) == [
                "job.yaml:2:9: warning: tasks: $VAR{x} is not replaced in a quoted key; put !sub before it to replace "
                    + "variables (!sub \"…\":), and write $$VAR{x} there for what must stay as it is"
            ]
        )
    }
}
