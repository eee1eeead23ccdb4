import Foundation
import Testing

/// Jobs that cannot run: nothing runs, and the messages say what to do.
@Suite(.ownThread) struct JobErrorTests {
    @Test func allErrorsAreReportedTogetherWithTheirPlaces() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              a:
                task: Prnt
              b:
                task: Print
                max_attempts: 0
                parameters: {txt: x}
              c:
                task: NoOp
                dependencies: [c, nope]
            """
        )
        #expect(result.exitCode == 1)
        let lines = result.errors.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasPrefix("job.yaml:3:11: error: tasks.a.task: ") && $0.contains("'Print'") })
        #expect(lines.contains { $0.hasPrefix("job.yaml:6:19: error: tasks.b.max_attempts: expected at least 1") })
        #expect(lines.contains { $0.contains("tasks.b.parameters.txt: unknown key 'txt'; did you mean 'text'?") })
        #expect(lines.contains { $0.contains("tasks.b.parameters: the required key 'text' is missing") })
        #expect(lines.contains { $0.hasPrefix("job.yaml:10:20: ") && $0.contains("cannot depend on itself") })
        #expect(lines.contains { $0.hasPrefix("job.yaml:10:23: ") && $0.contains("no task is named 'nope'") })
        #expect(!sandbox.exists("logs"))
    }

    @Test(arguments: [
        ("", "empty"),
        ("tasks: {a: {task: NoOp}, a: {task: NoOp}}", "twice"),
        ("tasks:\n  a: {task: NoOp, dependencies: [b]}\n  b: {task: NoOp, dependencies: [a]}", "circle"),
        ("tasks: {../a: {task: NoOp}}", "leave the directory"),
        ("tasks: {/a: {task: NoOp}}", "absolute path"),
        ("tasks: {a: {task: NoOp}}\nloggers: {l: {logger: Nope}}", "no logger type is named 'Nope'"),
        ("tasks: {a: {task: NoOp}}\ncheckpointer: {checkpointer: Nope}", "no checkpointer type is named 'Nope'"),
        ("tasks: [a, b]", "expected a mapping"),
        ("tasks: {}", "job.yaml:1:1: error: tasks: it is empty; expected at least one task\n"),
        ("config: {}", "the required key 'tasks' is missing; expected at least one task"),
        ("tasks: {a: {task: NoOp}", "job.yaml:"),
    ])
    func aBadJobIsRefused(yaml: String, message: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(yaml)
        #expect(result.exitCode == 1)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.hasPrefix("job.yaml:"), "\(result.errors)")
    }

    @Test func unknownTaskInASelectionIsAnError() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {first: {task: NoOp}}", "--run-to", "frist")
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("did you mean 'first'?"))
    }

    @Test func rerunChangedNeedsRestart() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a: {task: NoOp}}", "--rerun-changed")
        #expect(result.exitCode == 64)
        #expect(result.errors.contains("--rerun-changed needs --restart (-r)"))
        #expect(!sandbox.exists("logs"))
    }

    @Test func controlCharactersDoNotReachTheTerminal() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            config: {name: "j\e[31m\nb"}
            tasks:
              "a\e[2J": {task: "N\e[1mope", dependencies: ["x\ny"]}
              "p.q r": {task: NoOp, max_attempts: 0, parameters: {"k\e[0m": 1}}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 1)
        #expect(!result.errors.contains("\u{1B}") && !result.output.contains("\u{1B}"))
        #expect(result.errors.contains(#"tasks."a\u{1B}[2J".task: no task type is named 'N\u{1B}[1mope'"#))
        #expect(result.errors.contains(#"no task is named 'x\u{A}y'"#))
        #expect(result.errors.contains(#"tasks."p.q r".max_attempts: expected at least 1"#))
        #expect(result.errors.contains(#"unknown key 'k\u{1B}[0m'"#))

        let failing = #"config: {name: "j\e[31m\nb"}"# + "\ntasks: {a: {task: Fail}, b: {task: NoOp}}"
        let failed = try sandbox.run(failing, "-r")
        let again = try sandbox.run(failing, "-r", "--skip", "x\u{1B}[1m")
        for result in [failed, again] {
            #expect(!result.errors.contains("\u{1B}") && !result.output.contains("\u{1B}"))
        }
        #expect(failed.output.contains(#"No checkpoint is stored for the job 'j\u{1B}[31m\u{A}b'"#))
        #expect(failed.errors.contains(#"The job 'j\u{1B}[31m\u{A}b' did not succeed"#))
        #expect(again.errors.contains(#"no task is named 'x\u{1B}[1m'"#))
    }

    @Test func anUnsetVariableIsAWarningAndUnderStrictAnError() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks:\n  a:\n    task: Print\n    parameters:\n      text: x$ENV{SURELY_NOT_SET}y"
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0)
        #expect(result.errors.contains("warning") && result.errors.contains("SURELY_NOT_SET"))
        #expect(try sandbox.log("a") == ["INFO - xy"])
        #expect(try sandbox.run(job, "--strict").exitCode == 1)
        #expect(try sandbox.run(job, "--strict", environment: ["SURELY_NOT_SET": "-"]).exitCode == 0)
        #expect(try sandbox.log("a") == ["INFO - x-y"])
    }
}
