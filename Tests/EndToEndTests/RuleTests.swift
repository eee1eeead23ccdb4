import Foundation
import Testing

/// `run_if` and `allow_failure` in real runs.
@Suite(.ownThread) struct RuleTests {
    // MARK: Rules

    @Test(
        arguments: [
            // Ends of two dependencies, and what becomes of tasks with each rule.
            ("exit 0", "exit 0", ["C", "C", "S", "S", "C"], 0),
            ("exit 0", "exit 1", ["D", "C", "S", "C", "C"], 2),
            ("exit 1", "exit 1", ["D", "D", "C", "C", "C"], 4),
        ]
    )
    func everyRuleDecidesByTheEndsOfItsDependencies(first: String, second: String, ends: [String], code: Int32) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let rules = ["all_completed", "any_completed", "all_failed", "any_failed", "all_finished"]
        let tasks =
            """
              one: {task: Shell, parameters: {command: \(first)}}
              two: {task: Shell, dependencies: [one], run_if: all_finished, parameters: {command: \(second)}}

            """ + rules.map { "  \($0): {task: NoOp, dependencies: [one, two], run_if: \($0)}\n" }.joined()
        let result = try sandbox.runRules(tasks)
        let states = try sandbox.finalStates()
        #expect(rules.map { states[$0] } == ends)
        #expect(result.exitCode == code, "\(result.errors)")
        if code == 0 {
            // What a rule skipped is no part that is still to be done.
            #expect(!sandbox.exists(".flowmancer/rules.checkpoint"))
        }
    }

    @Test func whatIsNotRunCountsAsFailedAndWhatIsSkippedAsCompleted() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = """
              a: {task: Fail}
              b: {task: NoOp, dependencies: [a]}
              handler: {task: NoOp, dependencies: [b], run_if: any_failed}
              c: {task: NoOp}
              unneeded: {task: NoOp, dependencies: [c], run_if: any_failed}
              after: {task: NoOp, dependencies: [unneeded]}
            """
        let result = try sandbox.runRules(tasks)
        let ends = ["a": "F", "b": "D", "handler": "C", "c": "C", "unneeded": "S", "after": "C"]
        #expect(try sandbox.finalStates() == ends)
        #expect(result.exitCode == 2)
    }

    @Test func afterAnAbortNothingStartsWhateverItsRule() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.writeRules(
            """
              a: {task: Shell, parameters: {command: touch started; sleep 600}}
              handler: {task: NoOp, dependencies: [a], run_if: all_finished}
            """
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("started") })
        running.signal(SIGINT)
        #expect(try running.wait().exitCode == 130)
        #expect(try sandbox.finalStates() == ["a": "A", "handler": "A"])
    }

    @Test func flagsThatLeaveOutTasksAgreeWithRules() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = """
              load: {task: Fail}
              audit: {task: NoOp, dependencies: [load], run_if: any_failed}
              notify: {task: NoOp, dependencies: [audit], run_if: all_finished}
            """
        #expect(try sandbox.runRules(tasks, "--skip", "load").exitCode == 0)
        #expect(try sandbox.finalStates() == ["load": "S", "audit": "S", "notify": "C"])
        #expect(try sandbox.runRules(tasks, "--run-to", "audit").exitCode == 1)
        #expect(try sandbox.finalStates() == ["load": "F", "audit": "C", "notify": "S"])
        #expect(try sandbox.runRules(tasks, "--run-from", "audit").exitCode == 0)
        #expect(try sandbox.finalStates() == ["load": "S", "audit": "S", "notify": "C"])
    }

    // MARK: allow_failure

    @Test func anAllowedFailureIsNoneOfTheJob() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = """
              lint: {task: Shell, allow_failure: true, max_attempts: 2, parameters: {command: exit 3}}
              build: {task: NoOp, dependencies: [lint]}
              fix: {task: NoOp, dependencies: [lint], run_if: any_failed}
              other: {task: NoOp, dependencies: [lint], run_if: any_completed}
            """
        let result = try sandbox.runRules(tasks)
        #expect(result.exitCode == 0)
        #expect(try sandbox.finalStates() == ["lint": "F", "build": "C", "fix": "C", "other": "C"])
        #expect(result.errors.hasSuffix("succeeded: 3 completed, 1 failed as allowed (lint).\n"))
        #expect(!sandbox.exists(".flowmancer/rules.checkpoint"))
    }

    @Test func whatIsNotRunStillCounts() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = """
              a: {task: Fail}
              b: {task: NoOp, dependencies: [a], allow_failure: true}
              c: {task: Fail, allow_failure: true}
            """
        let result = try sandbox.runRules(tasks)
        #expect(result.exitCode == 2)
        #expect(result.errors.contains("1 failed, 1 not run because other tasks failed, 1 failed as allowed (c)."))
    }

    @Test func theDisplayAndPluginsKnowIt() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: rules}
            loggers: {all: {logger: RecordingLogger, parameters: {target: lines.txt}}}
            tasks:
              lint: {task: Shell, allow_failure: true, parameters: {command: "echo broken >&2; exit 3"}}
              build: {task: NoOp, dependencies: [lint]}
            """
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0)
        #expect(result.output.contains("failed (allowed) lint (attempt 1)"))
        #expect(result.output.contains("1 task failed as allowed:\n  lint (attempt 1): "))
        #expect(result.output.contains("rules succeeded: 1 completed, 1 failed as allowed in "))
        #expect(try sandbox.read("lines.txt").contains("onSuccess"))
    }
}
