import Foundation
import Testing

/// Ctrl-C, SIGTERM, and what becomes of running tasks.
@Suite(.ownThread) struct SignalTests {
    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)])
    func aSignalAbortsRunningTasks(signal number: Int32, exitCode: Int) throws {
        // Otherwise the program would ignore it as well, when the tests run under nohup(1).
        signal(SIGHUP, SIG_DFL)
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              sleeping: {task: SleepLong, parameters: {marker: here}}
              later: {task: NoOp, dependencies: [sleeping]}
            loggers:
              recording: {logger: RecordingLogger, parameters: {target: events.txt}}
            extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt, ending: true}}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        running.signal(number)
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
        #expect(restarted.output.contains("had not started, run now: later\n"))
        #expect(restarted.output.contains("left out on request: sleeping\n"))
    }

    /// The run is over, and nothing is left that a restart could go on from; only a plug-in takes its time.
    @Test func aSignalWhenEverythingIsDoneIsNoFailure() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {plugin_grace_seconds: 600}
            tasks: {a: {task: NoOp}}
            extensions: {slow: {extension: WaitAtEnd, parameters: {marker: waiting, gate: gate}}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("waiting") })
        running.signal(SIGINT)
        try sandbox.write("", to: "gate")
        #expect(try running.wait().exitCode == 0)
    }

    /// While tasks wait for a slow logger, so does what the engine knows of others that have ended meanwhile.
    @Test(.enabled(if: Products.haveFaultPoints)) func whatHasEndedIsNotAborted() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {plugin_grace_seconds: 1, abort_grace_seconds: 50}
            tasks:
              flood: {task: Flood, parameters: {lines: 1000000, line_length: 100}}
              done:
                task: Shell
                parameters: {command: "while [ ! -e go ]; do sleep 0.05; done; echo done"}
            loggers:
              slow: {logger: SlowLogger, parameters: {delay: 1ms}}
              fast: {logger: FileLogger}
            extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"], environment: ["FLOWMANCER_FAULT_TRACE": "trace"])
        func hasPassed(_ point: String) -> Bool {
            (try? sandbox.read("trace").split(separator: "\n").contains { $0 == point }) ?? false
        }
        // The flood waits for its logger.
        #expect(waitUntil { hasPassed("output.held") })
        try sandbox.write("", to: "go")
        // The other task's end waits, too, unless the logger was given up before.
        let hasEnded = waitUntil {
            hasPassed("report.held") || (try? sandbox.read("states.txt").contains("done RC 1")) ?? false
        }
        #expect(hasEnded)
        running.signal(SIGINT)
        #expect(waitUntil { running.outputSoFar.contains("waiting up to 50 s for") })
        running.signalAgain(SIGINT)
        let result = try running.wait()
        #expect(result.output.contains("waiting up to 50 s for flood"), "\(result.output)")
        #expect(!result.output.contains("for flood, done"), "\(result.output)")
        #expect(try sandbox.read("states.txt").contains("done RC 1"))
        #expect(try sandbox.log("done").contains("INFO - done"))
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
        // It is read first, in case there is the progress of another job file.
        #expect(calls.hasPrefix("read\nwrite 0\n"))
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

    /// Cancellations wait while the journal is being started anew. The grace period begins when they are sent.
    @Test func theGracePeriodBeginsWithTheCancellation() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {abort_grace_seconds: 1, plugin_grace_seconds: 600}
            tasks: {ticking: {task: RunChild, parameters: {script: 'while :; do echo tick; sleep 0.1; done'}}}
            checkpointer: {checkpointer: StallingCheckpointer, parameters: {marker: stalling, gate: gate}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("stalling") })
        func ticks() -> Int { (try? sandbox.log("ticking").count) ?? 0 }
        #expect(waitUntil { ticks() > 0 })
        running.signal(SIGTERM)
        #expect(waitUntil { running.outputSoFar.contains("Aborting") })
        let before = ticks()
        // Three times the grace period, however busy the machine is.
        #expect(waitUntil { ticks() > before + 30 }, "the task was killed before it was cancelled")
        try sandbox.write("", to: "gate")
        #expect(try running.wait().exitCode == 143)
        #expect(try sandbox.log("ticking").last?.contains("within the grace period of 1 s") == true)
    }

    @Test(arguments: [(SIGINT, SIGINT, 130), (SIGTERM, SIGTERM, 143), (SIGTERM, SIGINT, 143)] as [(Int32, Int32, Int)])
    func aSecondSignalKillsAtOnce(first: Int32, second: Int32, exitCode: Int) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            "config: {abort_grace_seconds: 600}\ntasks: {deaf: {task: Block, parameters: {marker: here}}}",
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        running.signal(first)
        #expect(waitUntil { running.outputSoFar.contains("Aborting") })
        running.signalAgain(second)
        #expect(Int(try running.wait().exitCode) == exitCode)
        #expect(try sandbox.log("deaf").last?.contains("killed on request") == true)
    }

    @Test func theLineSaysWhatIsWaitedForAndEndsWithIt() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...8).map { "  t\($0): {task: SleepLong, parameters: {marker: here\($0)}}" }
        try sandbox.write(
            "config: {abort_grace_seconds: 600}\ntasks:\n" + tasks.joined(separator: "\n"),
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { (1...8).allSatisfy { sandbox.exists("here\($0)") } })
        running.signal(SIGTERM)
        // The tasks end when they are cancelled: nobody waits for the ten minutes.
        let result = try running.wait()
        #expect(result.exitCode == 143)
        let line =
            "Aborting: waiting up to 10 min for t1, t2, t3, t4, t5 and 3 more tasks. Press Ctrl-C again to kill now.\n"
        #expect(result.output.contains(line))
    }

    @Test func aThirdSignalEndsTheProgramWhateverItWaitsFor() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {plugin_grace_seconds: 600}
            tasks:
              sleeping: {task: SleepLong, parameters: {marker: here}}
              after: {task: NoOp, dependencies: [sleeping]}
            extensions: {hanging: {extension: HangingExtension, parameters: {marker: hanging}}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        running.signal(SIGINT)
        #expect(waitUntil { sandbox.exists("hanging") })
        running.signalAgain(SIGINT)
        running.signalAgain(SIGINT)
        running.signalAgain(SIGINT)
        #expect(try running.wait().exitCode == 130)
        let pid = try #require(Int32(sandbox.read("here").dropFirst("running ".count)))
        #expect(waitUntil { !isAlive(pid) })
        let restarted = try sandbox.start(["-j", "job.yaml", "-r", "--skip", "sleeping"])
        #expect(waitUntil { restarted.outputSoFar.contains("left out on request: sleeping") })
        restarted.signal(SIGKILL)
        _ = try restarted.wait()
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)])
    func aSignalToTheWholeGroupIsTheEnginesBusinessAlone(signal number: Int32, exitCode: Int) throws {
        signal(SIGHUP, SIG_DFL)
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {sleeping: {task: SleepLong, parameters: {marker: here}}}", to: "job.yaml")
        let running = try sandbox.start(["-j", "job.yaml"])
        try #require(getpgid(running.pid) == running.pid, "the program has no group of its own")
        #expect(waitUntil { sandbox.exists("here") })
        kill(-running.pid, number)
        #expect(Int(try running.wait().exitCode) == exitCode)
        #expect(running.outputSoFar.contains("waiting up to 10 s for sleeping"))
        // A worker that got the signal itself would have died of it.
        #expect(try sandbox.log("sleeping") == ["INFO - onAbort"])
    }

    @Test func whoIgnoresSIGHUPGoesOnWithoutATerminal() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let script = "until [ -e go ]; do sleep 0.05; done"
        try sandbox.write(
            "tasks: {waiting: {task: RunChild, parameters: {script: 'touch here; \(script)'}}}",
            to: "job.yaml"
        )
        let running = try Running(
            "/bin/sh",
            ["-c", "trap '' HUP; exec \(Products.path("test-app")) -j job.yaml"],
            in: sandbox.directory,
            environment: [:]
        )
        #expect(waitUntil { sandbox.exists("here") })
        running.signal(SIGHUP)
        try sandbox.write("", to: "go")
        #expect(try running.wait().exitCode == 0)
    }
}
