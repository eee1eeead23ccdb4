import Foundation
import Testing

/// Ctrl-C, SIGTERM, and what becomes of running tasks.
@Suite struct SignalTests {
    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)])
    func aSignalAbortsRunningTasks(signal: Int32, exitCode: Int) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              sleeping: {task: SleepLong, parameters: {marker: here}}
              later: {task: NoOp, dependencies: [sleeping]}
            loggers:
              recording: {logger: RecordingLogger, parameters: {target: events.txt}}
            extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        running.signal(signal)
        let result = try running.wait()
        #expect(Int(result.exitCode) == exitCode)
        #expect(result.output.contains("waiting up to 10 s for sleeping"))
        #expect(sandbox.exists("here.abort"))
        #expect(try sandbox.read("events.txt").contains("[sleeping] INFO: onAbort"))
        #expect(try sandbox.read("events.txt").hasSuffix("onAbort\nonDestroy\n"))
        let states = try sandbox.read("states.txt")
        #expect(states.contains("sleeping RA 1"))
        #expect(states.contains("later PA 0"))
        #expect(states.hasSuffix("onAbort\nonDestroy\n"))

        let restarted = try sandbox.start(["-j", "job.yaml", "-r", "--skip", "sleeping"]).wait()
        #expect(restarted.exitCode == 0)
        #expect(restarted.output.contains("aborted, run again: later\n"))
        #expect(restarted.output.contains("left out on request: sleeping\n"))
    }

    @Test func anAbortReachesTheCheckpointer() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks: {sleeping: {task: SleepLong, parameters: {marker: here}}}
            checkpointer: {checkpointer: RecordingCheckpointer, parameters: {target: calls.txt}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        running.signal(SIGTERM)
        #expect(try running.wait().exitCode == 143)
        let calls = try sandbox.read("calls.txt")
        #expect(calls.hasPrefix("write 0\n"))
        #expect(calls.hasSuffix("write 0\nonAbort\nonDestroy\n"))
    }

    @Test func aTerminatedEngineLeavesNoProcess() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {abort_grace_seconds: 1}
            tasks:
              staying: {task: LeaveChildrenAndStay, parameters: {marker: pids}}
              deaf: {task: Block, parameters: {marker: deaf}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("pids.ready") && sandbox.exists("deaf") })
        var pids = try sandbox.read("pids").split(separator: "\n").compactMap { Int32($0) }
        pids.append(try #require(Int32(sandbox.read("pids.ready"))))
        pids.append(try #require(Int32(sandbox.read("deaf").dropFirst("running ".count))))
        #expect(pids.count == 4 && pids.allSatisfy(isAlive))
        // To the engine alone: workers and what they started hear of it by nobody but the engine.
        running.signal(SIGTERM)
        #expect(try running.wait().exitCode == 143)
        #expect(waitUntil { !pids.contains(where: isAlive) }, "alive: \(pids.filter(isAlive))")
    }

    @Test func aDeafTaskIsAbortedOnAFreshInstanceAndKilled() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            "config: {abort_grace_seconds: 1}\ntasks: {deaf: {task: Block, parameters: {marker: here}}}",
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        running.signal(SIGINT)
        #expect(try running.wait().exitCode == 130)
        #expect(sandbox.exists("here.abort"))
        let pid = try #require(Int32(sandbox.read("here").dropFirst("running ".count)))
        #expect(!isAlive(pid))
    }

    @Test func aSecondSignalKillsAtOnce() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            "config: {abort_grace_seconds: 600}\ntasks: {deaf: {task: Block, parameters: {marker: here}}}",
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        running.signal(SIGINT)
        #expect(waitUntil { running.outputSoFar.contains("Aborting") })
        running.signal(SIGINT)
        #expect(try running.wait().exitCode == 130)
        #expect(try sandbox.log("deaf").last?.contains("killed on request") == true)
    }
}
