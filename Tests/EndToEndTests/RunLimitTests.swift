import Foundation
import Testing

/// The limits of a whole run: its time, and how many tasks may fail.
@Suite(.ownThread) struct RunLimitTests {
    private static let recorder =
        "extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt, ending: true}}}"

    // MARK: timeout

    @Test func aRunThatTakesTooLongEndsAsByAnAbort() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: slow, timeout: !sub "$VAR{limit}", abort_grace_seconds: 60}
            tasks:
              first: {task: NoOp}
              long: {task: SleepLong, dependencies: [first], parameters: {marker: here}}
              later: {task: NoOp, dependencies: [long]}
            \(Self.recorder)
            """
        let result = try sandbox.run(job, "--var", "limit=1.5s")
        #expect(result.exitCode == 99)
        #expect(result.errors.contains("The run has exceeded its time limit of 1.5 s and is aborted"))
        #expect(result.errors.contains("The job 'slow' exceeded its time limit of 1.5 s: "))
        #expect(result.errors.contains("Run it again with -r to continue."))
        let states = try sandbox.read("states.txt")
        #expect(states.contains("later PA 0\n"))
        #expect(states.hasSuffix("onAbort\nonDestroy\n"))

        // A restart has the whole limit again, or none.
        let restarted = try sandbox.run(job, "-r", "--skip", "long", "--var", "limit=none")
        #expect(restarted.exitCode == 0)
        #expect(try sandbox.read("states.txt").contains("later RC 1\n"))
    }

    @Test func aRunThatIsFastEnoughIsLeftAlone() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("config: {timeout: 1h}\ntasks: {a: {task: NoOp}}").exitCode == 0)
        let failed = try sandbox.run("config: {timeout: 1h}\ntasks: {a: {task: Fail}, b: {task: Fail}}")
        #expect(failed.exitCode == 2)
        #expect(!failed.errors.contains("time limit"))
    }

    @Test func whatDoesNotEndIsKilledAfterTheGracePeriod() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {timeout: 1s, abort_grace_seconds: 0.2}
            tasks:
              deaf:
                task: Shell
                max_attempts: 3
                parameters: {command: "trap '' TERM; echo $$ > pid; while :; do sleep 600; done"}
            """
        )
        #expect(result.exitCode == 99)
        if let pid = try? sandbox.read("pid"), let number = Int32(pid.dropLast()) { #expect(!isAlive(number)) }
    }

    /// Who presses Ctrl-C then does not want to wait any longer.
    @Test func aSignalAfterTheLimitHastensTheEnd() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {timeout: 1s, abort_grace_seconds: 600}
            tasks: {deaf: {task: Block, parameters: {marker: here}}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { running.errorsSoFar.contains("has exceeded its time limit of 1 s") })
        running.signal(SIGINT)
        let result = try running.wait()
        #expect(result.exitCode == 99)
    }

    // MARK: max_failures

    @Test func afterTooManyFailuresNothingElseStarts() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {max_failures: 2, max_concurrency: 1}
            tasks:
              a: {task: RequireFile, parameters: {path: there}}
              b: {task: NoOp}
              c: {task: RequireFile, parameters: {path: there}}
              d: {task: NoOp}
              e: {task: NoOp, dependencies: [b]}
            \(Self.recorder)
            """
        let result = try sandbox.run(job)
        #expect(result.exitCode == 4)
        let notice = "2 tasks have failed, the most that max_failures allows. 2 tasks do not start.\n"
        #expect(result.errors.contains(notice), "\(result.errors)")
        #expect(result.errors.contains("1 completed, 2 failed, 2 not run because other tasks failed."))
        let states = try sandbox.read("states.txt")
        #expect(states.contains("d PD 0\n") && states.contains("e PD 0\n"))
        try sandbox.write("", to: "there")
        #expect(try sandbox.run(job, "-r").exitCode == 0)
    }

    /// Everything is handed out at once, but most of it waits for a worker.
    @Test func withoutALimitOfConcurrencyToo() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...2_000).map { "  t\($0): {task: Fail}" }.joined(separator: "\n")
        let result = try sandbox.run("config: {max_failures: 3}\ntasks:\n\(tasks)\n\(Self.recorder)")
        #expect(result.exitCode == 98)
        let states = try sandbox.read("states.txt").split(separator: "\n")
        let started = states.count { $0.contains(" PR ") }
        #expect(started >= 3 && started < 2_000)
        #expect(states.count { $0.contains(" RF ") } == started)
        #expect(states.count { $0.contains(" PD ") } == 2_000 - started)
    }

    // MARK: Both

    @Test func theLimitsArePlannedAndChecked() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("config: {max_failures: 1, timeout: 1h30m}\ntasks: {a: {task: NoOp}}", to: "job.yaml")
        let plan = try sandbox.start(["plan", "job.yaml"]).wait().output
        #expect(plan.contains("; no more start after 1 failure (max_failures); aborted after 1 h 30 min (timeout)"))
        let json = try sandbox.start(["plan", "job.yaml", "--json"]).wait().output
        #expect(json.contains("\"max_failures\": 1") && json.contains("\"timeout_seconds\": 5400.0"))
        try sandbox.write("config: {max_failures: 0, timeout: 0}\ntasks: {a: {task: NoOp}}", to: "job.yaml")
        let result = try sandbox.start(["validate", "job.yaml"]).wait()
        let text = result.output + result.errors
        #expect(result.exitCode == 1)
        let limit = "expected a number of at least 1, or none for no limit, found the number 0"
        #expect(text.contains("job.yaml:1:24: error: config.max_failures: \(limit)"))
        #expect(text.contains("job.yaml:1:36: error: config.timeout: expected a time limit of more than 0 seconds"))
    }
}
