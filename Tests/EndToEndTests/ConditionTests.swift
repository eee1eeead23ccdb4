import Foundation
import Testing

/// Tasks with a condition, run by the real program.
@Suite(.ownThread) struct ConditionTests {
    @Test func aFalseConditionSkipsATaskAndItsDependentsRun() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: conditions}
            tasks:
              count: {task: Increment, parameters: {times: 3}}
              few:
                task: NoOp
                dependencies: [count]
                when: $DICT{counter} < 3
              many:
                task: NoOp
                dependencies: [count]
                when: $DICT{counter} >= 3 and $STATE{count} == 'completed' and $VAR{env:dev} != 'prod'
              last: {task: Print, dependencies: [few, many], parameters: {text: last}}
              late:
                task: Print
                dependencies: [last]
                when: "$STATE{few} == 'skipped' and not defined($DICT{other})"
                parameters: {text: late}
            """
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
        #expect(!sandbox.exists("logs/\(try newestRun(in: sandbox))/few.log"))
        #expect(try sandbox.log("late") == ["INFO - late"])
        // What a condition skips is not still to be done.
        #expect(!sandbox.exists(".flowmancer/conditions.checkpoint"))
        let other = try sandbox.run(job, "--var", "env=prod")
        #expect(other.exitCode == 0)
        #expect(!sandbox.exists("logs/\(try newestRun(in: sandbox))/many.log"))
        #expect(sandbox.exists("logs/\(try newestRun(in: sandbox))/last.log"))
    }

    private func newestRun(in sandbox: Sandbox) throws -> String {
        try FileManager.default.contentsOfDirectory(atPath: sandbox.path("logs")).max() ?? ""
    }

    @Test func aConditionWithoutAValueFailsTheTaskWithAReason() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              gate: {task: NoOp, when: "$DICT{approved} == true"}
              after: {task: NoOp, dependencies: [gate]}
            """
        )
        #expect(result.exitCode == 2)
        let reason = "`when` cannot be evaluated: $DICT{approved} has no value and no default"
        #expect(result.output.contains(reason), "\(result.output)\(result.errors)")
        #expect(!sandbox.exists("logs/gate.log"))
    }

    @Test func whatIsWrongIsAnErrorBeforeAnythingRuns() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              a: {task: NoOp}
              b:
                task: NoOp
                dependencies: [a]
                when: $STATE{aa} == 'failed' or
                  $STATE{c} == 'failed'
              c: {task: NoOp, when: "1 === 2"}
              d: {task: NoOp, when: "$VAR{surely_unset} == 1"}
              e: {task: NoOp, when: "'x' == 'x'"}
            """
        let result = try sandbox.run(job)
        #expect(result.exitCode == 1)
        #expect(
            result.errors.split(separator: "\n").map { $0.prefix { $0 != ";" } } == [
                "job.yaml:6:11: error: tasks.b.when: no task is named 'aa'",
                "job.yaml:7:7: error: tasks.b.when: 'c' is not among the dependencies of this task, directly or "
                    + "not, so its state is "
                    + "not certain",
                "job.yaml:8:28: error: tasks.c.when: '===' is not an operator",
                "job.yaml:9:26: error: tasks.d.when: $VAR{surely_unset} has no value and no default",
                "job.yaml:10:26: warning: tasks.e.when: the condition is always true, so the task always runs",
            ]
        )
        #expect(!sandbox.exists("logs"))
    }

    // MARK: Restarts

    private let gated = """
        config: {name: gated}
        tasks:
          gate: {task: Increment, parameters: {times: 1}}
          work:
            task: RequireFile
            dependencies: [gate]
            when: $DICT{counter} == $VAR{wanted:1}
            parameters: {path: file}
          other:
            task: Print
            dependencies: [gate]
            when: $VAR{wanted:1} == 2
            parameters: {text: other}
        """

    @Test func aTaskThatBeganKeepsItsDecisionAndWhatWasSkippedIsDecidedAnew() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run(gated).exitCode == 1)
        #expect(try sandbox.read(".flowmancer/gated.checkpoint").contains(#""when\":\"run\""#))
        try sandbox.write("", to: "file")

        let plan = try sandbox.start(["plan", "-r", "job.yaml", "--var", "wanted=2"]).wait()
        #expect(plan.output.contains("an earlier run decided that `when` is true"), "\(plan.output)")
        #expect(plan.output.contains("not run before, its condition decides now; `when` is true"))

        let result = try sandbox.run(gated, "-r", "--var", "wanted=2")
        #expect(result.exitCode == 0)
        #expect(try sandbox.log("work") == ["INFO - onRestart"])
        #expect(try sandbox.log("other") == ["INFO - other"])
    }

    @Test func anotherConditionIsDecidedAnew() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run(gated).exitCode == 1)
        let changed = gated.replacing("$DICT{counter} == $VAR{wanted:1}", with: "$DICT{counter} == 7")
        let result = try sandbox.run(changed, "-r")
        #expect(result.exitCode == 0)
        #expect(!sandbox.exists("logs/\(try newestRun(in: sandbox))/work.log"))
    }

    /// What was decided is in the journal before it is followed, so a restart follows it, too.
    @Test(arguments: ["turn.recorded", "turn.acted"]) func aKilledEngineKeepsItsDecision(point: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: killed}
            tasks:
              set: {task: SetOwnName, when: "$VAR{n:1} == 1"}
              wait: {task: Shell, dependencies: [set], when: "$VAR{n:1} == 1", parameters: {command: "echo ran >> ran"}}
            """
        try sandbox.write("", to: "ran")
        // Killed at each of the first turns, and continued with another value.
        for count in 1...12 {
            let first = try sandbox.start(job, [], environment: ["FLOWMANCER_FAULT": "\(point):\(count)"]).wait()
            guard first.exitCode != 0 else { break }
            let stored = try? sandbox.read(".flowmancer/killed.checkpoint")
            let isDecided = stored?.contains(#""name":"wait","v":"{\"when\":\"run"#) ?? false
            try sandbox.write("", to: "ran")
            let next = try sandbox.run(job, "-r", "--var", "n=2")
            #expect(next.exitCode == 0)
            let isCompleted = !next.output.contains("run now: wait") && next.output.contains("done, kept: set, wait")
            if isDecided, !isCompleted { #expect(try sandbox.read("ran") == "ran\n", "\(point):\(count)") }
            if !isDecided, next.output.contains("Restarting") {
                #expect(try sandbox.read("ran") == "", "\(point):\(count)")
            }
        }
    }

    // MARK: Commands

    @Test func planSaysWhatConditionsDo() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              on: {task: NoOp, when: "$VAR{env:dev} == 'dev'"}
              off: {task: NoOp, when: "$VAR{env:dev} == 'prod'"}
              open: {task: NoOp, dependencies: [off, on], when: "$STATE{on} == 'completed' and $DICT{n:0} == 0"}
              known: {task: NoOp, dependencies: [off], when: "$STATE{off} == 'completed'"}
            """,
            to: "job.yaml"
        )
        let plan = try sandbox.start(["plan", "job.yaml"]).wait()
        #expect(plan.exitCode == 0)
        #expect(plan.output.contains("on  NoOp  (`when` is true)"), "\(plan.output)")
        #expect(plan.output.contains("if `when` is true, which the run finds out from $STATE{on}, $DICT{n}"))
        #expect(plan.output.hasSuffix("Skipped, because `when` is false: off, known\n"))
        let json = try sandbox.start(["plan", "--json", "job.yaml", "--var", "env=prod"]).wait()
        let tree = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let tasks = try #require(tree["tasks"] as? [[String: Any]])
        #expect(tasks.map { $0["when"] as? String } == ["false", "true", "false", "unknown"])
        #expect(tasks.map { $0["runs"] as? Bool } == [false, true, false, true])
        let first = try #require(tasks.first)
        #expect(first["reason"] as? String == "`when` is false")
    }

    @Test func explainTellsAConditionWithItsVariables() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              a:
                task: NoOp
                when: "$VAR{env:dev} == 'prod' or defined($VAR{x})"
              b: {task: NoOp, dependencies: [a], when: "$STATE{a} == $VAR{env}"}
            """,
            to: "job.yaml"
        )
        let first = try sandbox.start(["explain", "tasks.a.when", "job.yaml"]).wait()
        #expect(
            first.output == """
                tasks.a.when = "$VAR{env:dev} == 'prod' or defined($VAR{x})"
                  set at job.yaml:4:11
                  written as $VAR{env:dev} == 'prod' or defined($VAR{x})
                  $VAR{env} is not set, so its default applies: "dev"
                  $VAR{x} is not set
                  it is false, so the task is skipped

                """
        )
        let second = try sandbox.start(["explain", "tasks.b.when", "job.yaml", "--var", "env=completed"]).wait()
        #expect(
            second.output.contains(
                "a run finds out whether it is true: $STATE{a} == "
                    + "'completed'"
            ),
            "\(second.output)"
        )
    }
}
