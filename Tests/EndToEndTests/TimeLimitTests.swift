import Foundation
import Testing

/// Tasks that take longer than they may.
@Suite(.ownThread) struct TimeLimitTests {
    private static let exceeded = "The task exceeded its time limit of 0.2 s, so it is cancelled. It has 1 min to end."

    @Test func anAttemptThatTakesTooLongIsCancelledAndRepeated() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        // The second attempt ends by itself: a limit of its own would not have passed for the first one's.
        let result = try sandbox.run(
            """
            config: {abort_grace_seconds: 60}
            tasks:
              slow: {task: SleepUntilAttempt, max_attempts: 2, timeout: 200ms, parameters: {attempt: 2}}
              after: {task: NoOp, dependencies: [slow], timeout: 1h30m}
            extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}
            """
        )
        #expect(result.exitCode == 0)
        let log = try sandbox.log("slow")
        #expect(log.contains("ERROR - \(Self.exceeded)"))
        #expect(
            log.filter { $0.hasPrefix("INFO") }
                == Self.lines(
                    "onCreate",
                    "run",
                    "cancelled true",
                    "onAbort",
                    "onDestroy",
                    "onCreate",
                    "run",
                    "onSuccess",
                    "onDestroy"
                )
        )
        let states = try sandbox.read("states.txt").split(separator: "\n").filter { $0.hasPrefix("slow") }
        #expect(states == ["slow _P 0", "slow PR 1", "slow RP 1", "slow PR 2", "slow RC 2"])
    }

    @Test func successAfterTheLimitIsAFailureAndARestartRunsTheTaskAgain() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {task_timeout: 0.2, abort_grace_seconds: 60}
            tasks:
              slow:
                task: SleepUntilAttempt
                timeout: $VAR{limit:200ms}
                parameters:
                  hides_cancellation: true
                  attempt: $VAR{attempt:9}
              long: {task: SleepBriefly, timeout: none, parameters: {duration: 400ms}}
              after: {task: NoOp, dependencies: [slow]}
            """
        let result = try sandbox.run(job)
        #expect(result.exitCode == 2)
        #expect(result.errors.contains("1 completed, 1 failed, 1 not run"))
        #expect(
            try sandbox.log("slow") == Self.lines("onCreate", "run") + ["ERROR - \(Self.exceeded)"]
                + Self.lines("cancelled true", "onAbort", "onDestroy") + [
                    "ERROR - The task ended after it was cancelled, since it had exceeded its time limit of 0.2 s."
                ]
        )

        // Another limit is no other definition of what is computed.
        let restarted = try sandbox.run(job, "-r", "--var", "limit=none", "--var", "attempt=1")
        #expect(restarted.exitCode == 0)
        #expect(restarted.output.contains("failed, run again: slow"))
        #expect(try sandbox.log("slow") == Self.lines("onCreate", "onRestart", "run", "onSuccess", "onDestroy"))
    }

    @Test func aTaskThatDoesNotHearIsEndedOnAFreshInstance() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {abort_grace_seconds: 1}
            tasks: {deaf: {task: Block, timeout: 200ms, parameters: {marker: here}}}
            """
        )
        #expect(result.exitCode == 1)
        #expect(sandbox.exists("here.abort"))
        #expect(try sandbox.log("deaf").first?.contains("time limit of 0.2 s") == true)
        #expect(!isAlive(try #require(Int32(sandbox.read("here").dropFirst("running ".count)))))
    }

    @Test func whatDoesNotEndIsKilledWithAllThatItStarted() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        // SIGSTOP: the process does nothing at all any more, and least of all what it is asked to.
        let result = try sandbox.run(
            """
            config: {abort_grace_seconds: 0.3}
            tasks:
              stopped:
                task: RunChild
                timeout: 200ms
                max_attempts: 2
                parameters: {script: "echo $$ >> pids; kill -STOP $PPID; exec sleep 600"}
              neighbour: {task: SucceedOnAttempt, max_attempts: 2, timeout: 1m, parameters: {attempt: 2}}
            extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}
            """
        )
        #expect(result.exitCode == 1)
        let killed = "did not end within the grace period of 0.3 s, so it was killed."
        #expect(try sandbox.log("stopped").filter { $0.contains(killed) }.count == 2)
        let pids = try sandbox.read("pids").split(separator: "\n").compactMap { Int32($0) }
        #expect(pids.count == 2)
        #expect(pids.allSatisfy { !isAlive($0) })
        let states = try sandbox.read("states.txt")
        #expect(states.contains("stopped RP 1\n"))
        #expect(states.contains("stopped RF 2\n"))
        #expect(states.contains("neighbour RC 2\n"))
    }

    @Test func anAbortDuringTheGraceHasTheLastWord() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {abort_grace_seconds: 600}
            tasks:
              deaf: {task: Block, timeout: 200ms, max_attempts: 2, parameters: {marker: here}}
            loggers: {recording: {logger: RecordingLogger, parameters: {target: events.txt}}}
            extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { (try? sandbox.read("events.txt").contains("exceeded its time limit")) == true })
        running.signal(SIGINT)
        #expect(waitUntil { running.outputSoFar.contains("Aborting: waiting up to 10 min for deaf.") })
        running.signalAgain(SIGINT)
        #expect(try running.wait().exitCode == 130)
        #expect(try sandbox.read("states.txt").hasSuffix("deaf RA 1\n"))
        #expect(try sandbox.read("events.txt").contains("killed on request"))
    }

    @Test func aLimitThatIsNoneIsAnErrorWithItsPlace() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("config: {task_timeout: soon}\ntasks: {a: {task: NoOp, timeout: 0}}")
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("job.yaml:1:24: error: config.task_timeout: expected a duration"))
        #expect(result.errors.contains("job.yaml:2:34: error: tasks.a.timeout: expected a time limit of more than 0"))
        #expect(!sandbox.exists("logs"))
    }

    private static func lines(_ texts: String...) -> [String] { texts.map { "INFO - \($0)" } }
}
