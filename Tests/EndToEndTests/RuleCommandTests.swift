import Foundation
import Testing

/// What the commands say of rules, without running a job.
@Suite(.ownThread) struct RuleCommandTests {
    @Test func aPlanSaysWhatRunsUnderWhichRule() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {name: rules}
            tasks:
              load: {task: NoOp}
              lint: {task: NoOp, allow_failure: true}
              audit: {task: NoOp, dependencies: [load], run_if: any_failed}
              done: {task: NoOp, dependencies: [audit, lint], run_if: all_finished}
              never: {task: NoOp, run_if: any_failed}
            """,
            to: "job.yaml"
        )
        let plan = try sandbox.start(["plan", "-j", "job.yaml"]).wait()
        #expect(
            plan.output == """
                rules: 3 of 5 tasks would run, on 2 levels, the widest has 2 tasks; 1 more would run only after failures

                  1  load  NoOp
                     lint  NoOp  allow_failure
                  2  done  NoOp  after audit, lint, run_if: all_finished

                Critical path (the longest chain of tasks): 2 tasks
                  load → done

                Only after failures:
                  audit  NoOp  after load, run_if: any_failed

                Does not run:
                  never  NoOp  run_if: any_failed  (skipped: none of its dependencies failed)

                """
        )
        let json = try sandbox.start(["plan", "--json", "-j", "job.yaml"]).wait().output
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let tasks = try #require(object["tasks"] as? [[String: Any]])
        #expect(tasks.map { $0["run_if"] as? String }[2...] == ["any_failed", "all_finished", "any_failed"])
        #expect(tasks.map { $0["runs"] as? Bool } == [true, true, false, true, false])
        #expect(tasks.map { $0["runs_after_failures"] as? Bool } == [false, false, true, false, false])
        #expect(tasks.map { $0["ends_as"] as? String } == [nil, nil, nil, nil, "skipped"])
        #expect(tasks.map { $0["allow_failure"] as? Bool } == [false, true, false, false, false])
    }

    @Test func validateFindsRulesThatSayNothing() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              never: {task: NoOp, run_if: any_failed}
              always:
                task: NoOp
                run_if: all_finished
            """,
            to: "job.yaml"
        )
        let result = try sandbox.start(["validate", "job.yaml"]).wait()
        #expect(result.exitCode == 0)
        #expect(
            result.errors == """
                job.yaml:2:31: warning: tasks.never.run_if: the task never runs: it has no dependencies, so 'any_failed' \
                never holds; add 'dependencies', or remove 'run_if'
                job.yaml:5:13: warning: tasks.always.run_if: 'all_finished' always holds, because the task has no \
                dependencies; add 'dependencies', or remove 'run_if'

                """
        )
        #expect(try sandbox.start(["validate", "--strict", "job.yaml"]).wait().exitCode == 1)
    }

    @Test(
        arguments: [
            (
                "run_if: any_faild",
                "1:33: error: tasks.a.run_if: expected one of: all_completed, any_completed, all_failed, any_failed, "
                    + "all_finished, found the text \"any_faild\"; did you mean 'any_failed'?"
            ),
            ("run_if: [any_failed]", "1:33: error: tasks.a.run_if: expected one of: "),
            ("runif: any_failed", "did you mean 'run_if'?"),
            ("allow_failure: maybe", "error: tasks.a.allow_failure: expected true or false"),
            ("parameters: {run_if: any_failed}", "'run_if' is a key of the task"),
        ]
    )
    func mistakesHaveTheirPlaces(key: String, message: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a: {task: NoOp, \(key)}}")
        #expect(result.exitCode == 1)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test func explainGraphAndSchemaKnowTheKeys() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            "tasks:\n  a: {task: NoOp}\n  b: {task: NoOp, dependencies: [a], run_if: any_failed, allow_failure: yes}",
            to: "job.yaml"
        )
        let rule = try sandbox.start(["explain", "tasks.b.run_if", "job.yaml"]).wait().output
        #expect(rule.contains("tasks.b.run_if = \"any_failed\"\n  set at job.yaml:3:46"), "\(rule)")
        #expect(rule.contains("the default is \"all_completed\""))
        let unset = try sandbox.start(["explain", "tasks.a.allow_failure", "job.yaml"]).wait().output
        #expect(unset.contains("tasks.a.allow_failure = false\n"), "\(unset)")
        let graph = try sandbox.start(["graph", "job.yaml"]).wait().output
        #expect(graph.contains("t1[\"b<br/>any_failed<br/>allow_failure\"]"))
        let schema = try sandbox.start(["schema"]).wait().output
        for word in ["run_if", "all_finished", "allow_failure"] { #expect(schema.contains("\"\(word)\"")) }
    }
}
