import Foundation
import Testing

/// Rules and allowed failures in restarted runs.
@Suite(.ownThread) struct RuleRestartTests {
    private let restartable = """
          load: {task: RequireFile, parameters: {path: gate}}
          lint: {task: Shell, allow_failure: true, parameters: {command: echo lint >> ran; exit 1}}
          audit: {task: Shell, dependencies: [load], run_if: any_failed, parameters: {command: echo audit >> ran}}
          clean: {task: Shell, dependencies: [load], run_if: all_finished, parameters: {command: echo clean >> ran}}
          rescue: {task: Shell, dependencies: [lint], run_if: any_failed, parameters: {command: echo rescue >> ran}}
          report: {task: Shell, dependencies: [clean], parameters: {command: echo report >> ran}}
        """

    private func ran(_ sandbox: Sandbox) throws -> [Substring] {
        try sandbox.read("ran").split(separator: "\n").sorted()
    }

    @Test func aRestartDecidesAnewWhatReactsToWhatRunsAgain() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.runRules(restartable).exitCode == 1)
        #expect(try ran(sandbox) == ["audit", "clean", "lint", "report", "rescue"])
        try sandbox.write("", to: "ran")

        try sandbox.write("", to: "gate")
        let plan = try sandbox.start(["plan", "-r", "-j", "job.yaml"]).wait().output
        #expect(plan.contains("rules: 2 of 6 tasks would run, on 2 levels"), "\(plan)")
        #expect(plan.contains("1 more would run only after failures"), "\(plan)")
        let again = try sandbox.start(["-j", "job.yaml", "-r"]).wait()
        #expect(again.exitCode == 0, "\(again.errors)")
        #expect(again.output.contains("  failed, kept because that is allowed: lint\n"))
        #expect(again.output.contains("  done, kept: rescue, report\n"))
        #expect(again.output.contains("  done, decided anew because a dependency runs again: audit, clean\n"))
        #expect(try ran(sandbox) == ["clean"])
        #expect(again.errors.contains("The job 'rules' succeeded: "))
        #expect(!sandbox.exists(".flowmancer/rules.checkpoint"))
    }

    @Test func aRestartThatIsKilledDecidesInTheSameWay() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.runRules(restartable).exitCode == 1)
        try sandbox.write("", to: "ran")
        try sandbox.write("", to: "gate")
        // After the record of the first turn, so that `load` is running or about to.
        let killed = try sandbox.start(["-j", "job.yaml", "-r"], environment: ["FLOWMANCER_FAULT": "turn.recorded:2"])
        _ = try killed.wait()
        let again = try sandbox.start(["-j", "job.yaml", "-r"]).wait()
        #expect(again.exitCode == 0, "\(again.errors)")
        #expect(try sandbox.finalStates()["audit"] == "S")
        #expect(try Set(ran(sandbox)) == ["clean"])
    }

    @Test func whatARuleSkippedIsDecidedAnew() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = """
              load: {task: NoOp}
              audit: {task: Shell, dependencies: [load], run_if: any_failed, parameters: {command: touch audited}}
              bad: {task: Fail}
            """
        #expect(try sandbox.runRules(tasks).exitCode == 1)
        #expect(try sandbox.finalStates()["audit"] == "S")
        let same = try sandbox.runRules(tasks, "-r")
        #expect(same.output.contains("  did not run; its rule is decided anew: audit\n"))
        #expect(!sandbox.exists("audited"))
        let other = try sandbox.runRules(tasks.replacingOccurrences(of: "any_failed", with: "all_finished"), "-r")
        #expect(other.output.contains("  skipped before, run now: audit\n"))
        #expect(sandbox.exists("audited"))
    }
}
