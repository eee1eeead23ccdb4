import Foundation
import Testing

/// Checkpoints and what a restart makes of them.
@Suite(.ownThread) struct RestartTests {
    private let job = """
        config: {name: resumable}
        tasks:
          done: {task: Increment}
          failing: {task: RequireFile, dependencies: [done], parameters: {path: gate}}
          after: {task: PrintCounter, dependencies: [failing]}
        """

    @Test func restartRunsOnlyWhatDidNotComplete() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run(job).exitCode == 2)
        #expect(sandbox.exists(".flowmancer/resumable.checkpoint"))
        try sandbox.write("", to: "gate")
        let result = try sandbox.run(job + "\n  new: {task: NoOp}", "-r")
        #expect(result.exitCode == 0)
        #expect(result.output.contains("done, kept: done"))
        #expect(result.output.contains("failed, run again: failing"))
        #expect(result.output.contains("not run because other tasks failed, run now: after"))
        #expect(result.output.contains("new, run now: new"))
        #expect(try sandbox.log("failing") == ["INFO - onRestart"])
        #expect(try sandbox.log("after") == ["INFO - counter = 1"])
        #expect(!sandbox.exists(".flowmancer/resumable.checkpoint"))
    }

    @Test func whatWasLeftOutKeepsItsStateForTheNextRestart() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run(job).exitCode == 2)
        let without = try sandbox.run(job, "-r", "--skip", "failing")
        #expect(without.exitCode == 0)
        #expect(without.output.contains("not run because other tasks failed, run now: after\n"))
        #expect(without.output.contains("left out on request: failing\n"))
        #expect(!without.output.contains("run again"))

        try sandbox.write("", to: "gate")
        let result = try sandbox.run(job, "-r")
        #expect(result.exitCode == 0)
        #expect(result.output.contains("done, kept: done, after\n"))
        #expect(result.output.contains("failed, run again: failing\n"))
        #expect(try sandbox.log("failing") == ["INFO - onRestart"])
        #expect(!sandbox.exists(".flowmancer/resumable.checkpoint"))
    }

    @Test(arguments: [true, false])
    func aFirstRunOfAPartIsContinuedWithTheRest(hasJournal: Bool) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let plain = "checkpointer: {checkpointer: PlainCheckpointer, parameters: {directory: .}}\n"
        let job =
            (hasJournal ? "" : plain) + """
                config: {name: parts}
                tasks:
                  first: {task: Increment}
                  second: {task: PrintCounter, dependencies: [first]}
                """
        #expect(try sandbox.run(job, "--run-to", "first").exitCode == 0)
        let rest = try sandbox.run(job, "-r")
        #expect(rest.exitCode == 0)
        #expect(rest.output.contains("done, kept: first\n"))
        #expect(rest.output.contains("skipped before, run now: second\n"))
        #expect(try sandbox.log("second") == ["INFO - counter = 1"])
        #expect(try sandbox.run(job, "-r").output.contains("starts from the beginning"))
    }

    @Test func restartWithoutACheckpointStartsFromTheBeginning() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a: {task: NoOp}}", "-r")
        #expect(result.exitCode == 0)
        #expect(result.output.contains("starts from the beginning"))
    }

    @Test func aChangedDefinitionIsKeptUnlessAskedFor() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run(job)
        let changed = job.replacingOccurrences(
            of: "{task: Increment}",
            with: "{task: Increment, parameters: {times: 5}}"
        )
        let kept = try sandbox.run(changed, "-r")
        #expect(kept.output.contains("although the definition changed"))
        let rerun = try sandbox.run(changed, "-r", "--rerun-changed")
        #expect(rerun.output.contains("the definition changed: run again: done"))
    }

    @Test func killedEngineLosesNoCompletedTaskAndLeavesNoProcess() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {name: killed}
            tasks:
              done: {task: Increment}
              staying: {task: LeaveChildrenAndStay, dependencies: [done], parameters: {marker: pids}}
              deaf: {task: Block, dependencies: [done], parameters: {marker: deaf}}
              after: {task: PrintCounter, dependencies: [staying]}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("pids.ready") && sandbox.exists("deaf") })
        var pids = try sandbox.read("pids").split(separator: "\n").compactMap { Int32($0) }
        pids.append(try #require(Int32(sandbox.read("pids.ready"))))
        pids.append(try #require(Int32(sandbox.read("deaf").dropFirst("running ".count))))
        #expect(pids.allSatisfy(isAlive))
        running.signal(SIGKILL)
        _ = try running.wait()
        #expect(waitUntil { !pids.contains(where: isAlive) }, "alive: \(pids.filter(isAlive))")

        let skip = ["-j", "job.yaml", "-r", "--skip", "staying", "--skip", "deaf"]
        let restarted = try sandbox.start(skip).wait()
        #expect(restarted.exitCode == 0, "\(restarted.errors)")
        #expect(restarted.output.contains("done, kept: done"))
        #expect(restarted.output.contains("left out on request: staying, deaf"))
        #expect(try sandbox.log("after") == ["INFO - counter = 1"])
    }

    @Test(arguments: [
        // What Python's pickle makes of an object whose loading runs `touch ran`.
        "cposix\nsystem\n(S'touch ran'\ntR.", "{\"states\": {\"done\": \"C\"}}\n", "",
    ])
    func whatIsNoCheckpointIsRefused(text: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run(job)
        try sandbox.write(text, to: ".flowmancer/resumable.checkpoint")
        let touching = "config: {name: resumable}\ntasks: {a: {task: RunChild, parameters: {script: touch ran}}}"
        let result = try sandbox.run(touching, "-r")
        #expect(result.exitCode == 99)
        #expect(result.errors.contains("resumable.checkpoint"))
        #expect(!sandbox.exists("ran"))
        #expect(try sandbox.read(".flowmancer/resumable.checkpoint") == text)
    }

    @Test func aRenamedTaskDoesNotMakeTheCheckpointUseless() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run(job)
        try sandbox.write("", to: "gate")
        let result = try sandbox.run(job.replacingOccurrences(of: "failing", with: "renamed"), "-r")
        #expect(result.exitCode == 0)
        #expect(result.output.contains("done, kept: done\n"))
        #expect(result.output.contains("new, run now: renamed\n"))
        #expect(result.output.contains("no longer in the job: failing\n"))
        #expect(try sandbox.log("after") == ["INFO - counter = 1"])
    }

    @Test func statesAndSharedDictionaryAreSavedTogether() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let names = (1...200).map { "t\($0)" }
        let result = try sandbox.run(
            """
            config: {max_concurrency: 4, checkpointer_interval_seconds: 0.01}
            tasks:
            \(names.map { "  \($0): {task: SetOwnName}" }.joined(separator: "\n"))
              last: {task: Fail, dependencies: [\(names.joined(separator: ", "))]}
            checkpointer:
              checkpointer: RecordingCheckpointer
              parameters: {target: calls.txt, checked_tasks: [\(names.joined(separator: ", "))]}
            """
        )
        #expect(result.exitCode == 1)
        let calls = try sandbox.read("calls.txt").split(separator: "\n")
        #expect(!calls.contains("torn"))
        #expect(calls.count > 3)
        #expect(calls.contains("write 200"))
    }

    @Test(arguments: [(600, 2), (0.25, 3)])
    func aCheckpointerWithoutAJournalWritesAtItsInterval(interval: Double, fewest: Int) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        // A change of state every few milliseconds, for a second and a half at least.
        let chain = (1...60).map { number in
            let dependencies = number == 1 ? "" : "dependencies: [t\(number - 1)], "
            return "  t\(number): {task: SleepBriefly, \(dependencies)parameters: {duration: 0.025}}"
        }
        let begin = Date()
        let result = try sandbox.run(
            """
            config: {checkpointer_interval_seconds: \(interval)}
            tasks:
            \(chain.joined(separator: "\n"))
              last: {task: Fail, dependencies: [t60]}
            checkpointer: {checkpointer: RecordingCheckpointer, parameters: {target: calls.txt}}
            """
        )
        let elapsed = Date().timeIntervalSince(begin)
        #expect(result.exitCode == 1)
        let calls = try sandbox.read("calls.txt").split(separator: "\n").map(String.init)
        let count = calls.count { $0 == "write 0" }
        #expect(count >= fewest)
        // Those at the beginning and the end are no matter of the interval.
        #expect(count <= Int(elapsed / interval) + 2)
        #expect(!calls.contains("clear"))
    }

    @Test func aSuccessClearsTheCheckpoint() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let checkpointer = "checkpointer: {checkpointer: RecordingCheckpointer, parameters: {target: calls.txt}}"
        #expect(try sandbox.run("tasks: {a: {task: NoOp}}\n\(checkpointer)", "-r").exitCode == 0)
        #expect(try sandbox.read("calls.txt") == "read\nwrite 0\nclear\nonDestroy\n")
    }

    @Test func aSecondRunOfTheSameJobIsRefused() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: SleepLong, parameters: {marker: here}}}"
        try sandbox.write(job, to: "job.yaml")
        let first = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        let second = try sandbox.start(["-j", "job.yaml"]).wait()
        #expect(second.exitCode == 99)
        #expect(second.errors.contains("another run of the job"))
        #expect(second.errors.contains("\(first.pid)"))
        first.signal(SIGKILL)
        _ = try first.wait()
        #expect(try sandbox.run("tasks: {a: {task: NoOp}}").exitCode == 0)
    }
}
