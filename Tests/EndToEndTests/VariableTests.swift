import Foundation
import Testing

/// Variables in job files, as users write them.
@Suite(.ownThread) struct VariableTests {
    /// The script would remove `{dir}/cache`.
    @Test func aScriptWithAVariableIsWarnedOfAndSubReplacesIt() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              a:
                task: Shell
                parameters:
                  command: TAG|
                    echo "$VAR{dir}"/cache
                    echo $$ > /dev/null; echo ${HOME:+home}
            """
        let literal = job.replacing("TAG", with: "")
        let result = try sandbox.run(literal, "--var", "dir=/d")
        #expect(result.exitCode == 0)
        #expect(
            result.errors.contains(
                "job.yaml:6:15: warning: tasks.a.parameters.command: $VAR{dir} is not replaced in a block; put !sub before"
            )
        )
        let strict = try sandbox.start(["validate", "--strict", "job.yaml", "--var", "dir=/d"]).wait()
        #expect(strict.exitCode == 1)
        #expect(strict.output == "job.yaml: invalid, 1 error\n")
        let tagged = try sandbox.run(job.replacing("TAG", with: "!sub "), "--strict", "--var", "dir=/d")
        #expect(tagged.exitCode == 0, "\(tagged.errors)")
        #expect(try sandbox.log("a") == ["INFO - /d/cache", "INFO - home"])
    }

    @Test func aSecretOrARequiredParameterIsNotEmptyByAccident() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              leak:
                task: Leak
                parameters:
                  token: $ENV{SURELY_NOT_SET}
                  key: Bearer $ENV{SURELY_NOT_SET}
              print:
                task: Print
                parameters:
                  text: $ENV{SURELY_NOT_SET}
            """
        let result = try sandbox.run(job)
        #expect(result.exitCode == 1)
        #expect(
            result.errors.split(separator: "\n").map { $0.prefix { $0 != "," } } == [
                "job.yaml:5:14: error: tasks.leak.parameters.token: a secret is not complete",
                "job.yaml:6:12: error: tasks.leak.parameters.key: a secret is not complete",
                "job.yaml:10:13: error: tasks.print.parameters.text: a required parameter is empty",
            ]
        )
        #expect(!sandbox.exists("logs"))
        let meant = "tasks:\n  a:\n    task: Print\n    parameters:\n      text: $ENV{SURELY_NOT_SET:}"
        #expect(try sandbox.run(meant, "--strict").exitCode == 0)
    }

    @Test func aValueCanBeDemanded() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks:\n  a:\n    task: Print\n    parameters:\n      text: x$ENV{WANTED:?ask the operator}$VAR{v:?}"
        let result = try sandbox.run(job, environment: ["WANTED": ""])
        #expect(result.exitCode == 1)
        #expect(
            result.errors == """
                job.yaml:5:13: error: tasks.a.parameters.text: $ENV{WANTED} is empty: ask the operator
                job.yaml:5:13: error: tasks.a.parameters.text: $VAR{v} is not set, but the job needs a value; set it

                """
        )
        #expect(try sandbox.run(job, "--var", "v=1", environment: ["WANTED": "w"]).exitCode == 0)
        #expect(try sandbox.log("a") == ["INFO - xw1"])
        let explained = try sandbox.start(["explain", "tasks.a.parameters.text", "-j", "job.yaml"]).wait()
        #expect(explained.output.contains("$VAR{v} has no value, and the job needs one"))
    }

    @Test func anUnknownVariableOfTheSystemIsEmptyText() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks:\n  a:\n    task: Print\n    parameters:\n      text: x$SYS{APP_ROOT}y"
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0)
        #expect(
            result.errors.contains(
                "$SYS{APP_ROOT} does not exist, so it becomes empty text; did you mean $SYS{APP_ROOT_DIR}?"
            )
        )
        #expect(try sandbox.log("a") == ["INFO - xy"])
    }

    @Test func aVariableThatNothingUsesIsWarnedOf() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks:\n  a:\n    task: Print\n    parameters:\n      text: x$VAR{target:t}"
        let result = try sandbox.run(job, "--var", "tagret=x")
        #expect(result.exitCode == 0)
        #expect(
            result.errors.contains(
                "warning: the variable 'tagret' has a value, but the job does not use $VAR{tagret}; did you mean $VAR{target}?"
            )
        )
        #expect(try sandbox.run(job, "--var", "tagret=x", "--strict").exitCode == 1)
        // Of several files, one is enough.
        try sandbox.write("tasks: {a: {task: NoOp}}", to: "other.yaml")
        func validate(_ variable: String) throws -> Finished {
            try sandbox.start(["validate", "--strict", "other.yaml", "job.yaml", "--var", variable]).wait()
        }
        #expect(try validate("target=x").exitCode == 0)
        let unused = try validate("tagret=x")
        #expect(unused.exitCode == 1)
        #expect(unused.errors.components(separatedBy: "'tagret'").count == 2)
    }

    @Test func explainShowsTheVariablesBehindSub() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            "tasks: {a: {task: Print, parameters: {text: !sub \"x $VAR{n:5}\"}}}",
            to: "job.yaml"
        )
        let result = try sandbox.start(["explain", "tasks.a.parameters.text", "-j", "job.yaml"]).wait()
        #expect(
            result.output == """
                tasks.a.parameters.text = "x 5"
                  set at job.yaml:1:45
                  written as x $VAR{n:5}
                  $VAR{n} is not set, so its default applies: "5"

                """
        )
    }

    /// What the file that is missing would have said is not asked for.
    @Test func aMissingIncludeIsOneError() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            include:
              - nope.yaml
            tasks:
              a: {parameters: {text: $x}, dependencies: [defined-in-nope]}
            loggers: {l: {parameters: {level: DEBUG}}}
            """
        for arguments in [["validate", "job.yaml", "--var", "x=1"], ["-j", "job.yaml"], ["graph", "-j", "job.yaml"]] {
            try sandbox.write(job, to: "job.yaml")
            let result = try sandbox.start(arguments).wait()
            #expect(result.exitCode == 1)
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
            #expect(result.errors.hasPrefix("job.yaml:2:5: error: include[0]: cannot read nope.yaml: No such file"))
        }
    }
}
