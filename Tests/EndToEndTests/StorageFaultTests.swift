import Foundation
import Testing

/// Disks that fail or are full, and directories that cannot be written: where checkpoints and logs go.
@Suite(.ownThread) struct StorageFaultTests {
    // MARK: The checkpoint at the start

    @Test(arguments: [
        ("mkdir .flowmancer 1- EROFS", "Read-only file system"), ("open .flowmancer 1- EACCES", "Permission denied"),
        ("open .lock 1- EMFILE", "Too many open files"), ("open %tmp- 1- ENOSPC", "No space left on device"),
        ("write %tmp- 1- ENOSPC", "No space left on device"), ("rename .checkpoint 1- EIO", "Input/output error"),
    ])
    func aCheckpointThatCannotBeStoredKeepsTheRunFromBeginning(fault: String, message: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: RunChild, parameters: {script: touch ran}}}"
        let result = try sandbox.run(job, faults: [fault])
        #expect(result.exitCode == 99)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.contains(".flowmancer"))
        #expect(!sandbox.exists("ran"))
        #expect(try sandbox.run(job).exitCode == 0)
    }

    @Test func anEarlierCheckpointOutlivesOneThatCannotBeStored() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: Increment}, b: {task: RequireFile, dependencies: [a], parameters: {path: gate}}}"
        #expect(try sandbox.run(job).exitCode == 1)
        #expect(try sandbox.run(job, faults: ["write %tmp- 1- ENOSPC"]).exitCode == 99)
        let restarted = try sandbox.run(job, "-r", "--skip", "b")
        #expect(restarted.output.contains("done, kept: a"))
    }

    // MARK: The checkpoint during the run

    /// `a` completes, then the fault begins; `b` completes, and `c` goes on when the test says so.
    private let job = """
        config: {name: job}
        tasks:
          a: {task: RunChild, parameters: {script: 'touch fault'}}
          b: {task: Increment, dependencies: [a]}
          c: {task: RunChild, dependencies: [b], parameters: {script: 'while [ ! -e go ]; do sleep 0.02; done'}}
          d: {task: RequireFile, dependencies: [c], parameters: {path: gate}}
        """

    @Test(arguments: [
        ["write .checkpoint while:fault ENOSPC", "write %tmp- while:fault ENOSPC"],
        ["write .checkpoint while:fault EIO", "open %tmp- while:fault EROFS"],
        ["fdatasync .checkpoint while:fault EIO", "fsync .flowmancer while:fault EIO"],
    ])
    func aJournalThatFailsIsStartedAnewWhenThatWorks(faults: [String]) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(job, to: "job.yaml")
        let running = try sandbox.start(["-j", "job.yaml"], environment: FaultLibrary.environment(faults))
        #expect(waitUntil { running.errorsSoFar.contains("Progress cannot be stored") })
        try FileManager.default.removeItem(atPath: sandbox.path("fault"))
        #expect(waitUntil { running.outputSoFar.contains("Progress is stored again, and is complete.") })
        // Nothing but what is stored by now is left of the run.
        running.signal(SIGKILL)
        _ = try running.wait()
        let restarted = try sandbox.start(["-j", "job.yaml", "-r", "--skip", "c", "--skip", "d"]).wait()
        #expect(restarted.exitCode == 0, "\(restarted.errors)")
        #expect(restarted.output.contains("done, kept: a, b"), "\(restarted.output)")
    }

    @Test func aCheckpointThatStaysUnwritableIsToldAtTheEnd() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("", to: "go")
        let faults = ["write .checkpoint while:fault ENOSPC", "write %tmp- while:fault ENOSPC"]
        let result = try sandbox.run(job, faults: faults)
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("The last progress could not be stored"))
        // What was stored before is whole, and the run goes on from there.
        let restarted = try sandbox.run(job, "-r", "--skip", "d")
        #expect(restarted.exitCode == 0, "\(restarted.errors)")
        #expect(restarted.output.contains("was running, runs again: a"), "\(restarted.output)")
    }

    @Test func aDiskThatTakesWritesButConfirmsNoneLosesNothingOfAProcess() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(job, to: "job.yaml")
        let faults = ["fdatasync .checkpoint 1- EIO", "fsync .flowmancer 1- EIO"]
        let running = try sandbox.start(["-j", "job.yaml"], environment: FaultLibrary.environment(faults))
        #expect(waitUntil { running.errorsSoFar.contains("Progress cannot be stored") })
        try sandbox.write("", to: "go")
        let result = try running.wait()
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("A restart loses nothing"), "\(result.errors)")
        let restarted = try sandbox.run(job, "-r", "--skip", "d")
        #expect(restarted.output.contains("done, kept: a, b, c"), "\(restarted.output)")
    }

    @Test func aWriteThatTakesAPartIsContinued() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("", to: "go")
        let result = try sandbox.run(job, faults: ["write .flowmancer 1- short", "write .log 1- short"])
        #expect(result.exitCode == 1)
        #expect(!result.errors.contains("cannot be stored"))
        let restarted = try sandbox.run(job, "-r", "--skip", "d")
        #expect(restarted.output.contains("done, kept: a, b, c"), "\(restarted.output)")
    }

    // MARK: Logs

    @Test(arguments: [
        "mkdir logs 1- EROFS", "open logs/ 1- EACCES", "open logs/ 1- EMFILE", "write .log 1- ENOSPC",
        "write .log 1- EIO",
    ])
    func aLogThatCannotBeWrittenFailsNoTask(fault: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: Print, parameters: {text: hi}}, b: {task: LogInTurns, dependencies: [a]}}"
        let result = try sandbox.run(job, faults: [fault])
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.errors.contains("loggers.file-logger failed. The job continues"), "\(result.errors)")
    }

    private let twoLines = """
        tasks:
          a: {task: RunChild, parameters: {script: 'echo one; touch one; while [ ! -e go ]; do sleep 0.02; done; echo two'}}
        """

    /// Even a kill loses nothing then.
    @Test(arguments: [".flowmancer", ".flowmancer/kept.checkpoint"])
    func aCheckpointThatIsRemovedIsMadeAgain(path: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        func wait(_ gate: String) -> String { "while [ ! -e \(gate) ]; do sleep 0.02; done" }
        try sandbox.write(
            """
            config: {name: kept}
            tasks:
              a: {task: NoOp}
              b: {task: RunChild, dependencies: [a], parameters: {script: 'touch here; \(wait("first"))'}}
              c: {task: RunChild, dependencies: [b], parameters: {script: 'touch there; \(wait("second"))'}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        let checkpoint = ".flowmancer/kept.checkpoint"
        #expect(waitUntil { sandbox.exists("here") })
        try FileManager.default.removeItem(atPath: sandbox.path(path))
        // The next step is the first that would be lost.
        try sandbox.write("", to: "first")
        #expect(waitUntil { sandbox.exists("there") && sandbox.exists(checkpoint) })
        running.signal(SIGKILL)
        #expect(try running.wait().errors.contains("Progress cannot be stored"))
        try sandbox.write("", to: "second")
        let again = try sandbox.start(["-j", "job.yaml", "-r"]).wait()
        #expect(again.output.contains("done, kept: a, b"), "\(again.output)")
        #expect(again.exitCode == 0)
    }

    @Test func aLogDirectoryThatIsRemovedIsMadeAgain() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(twoLines, to: "job.yaml")
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { ((try? sandbox.log("a")) ?? []).contains("INFO - one") })
        try FileManager.default.removeItem(atPath: sandbox.path("logs"))
        try sandbox.write("", to: "go")
        #expect(try running.wait().exitCode == 0)
        #expect(try sandbox.log("a").contains("INFO - two"))
    }

    @Test func aLogDirectoryThatBecomesAFileFailsNoTask() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(twoLines, to: "job.yaml")
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { ((try? sandbox.log("a")) ?? []).contains("INFO - one") })
        try FileManager.default.removeItem(atPath: sandbox.path("logs"))
        try sandbox.write("no directory", to: "logs")
        try sandbox.write("", to: "go")
        let result = try running.wait()
        #expect(result.exitCode == 0)
        #expect(result.errors.contains("Not a directory"), "\(result.errors)")
    }

    @Test func aFileThatMayNotGrowIsAnErrorOfTheLogOnly() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {a: {task: Flood, parameters: {lines: 10000, line_length: 100}}}", to: "job.yaml")
        let limited = "ulimit -f 100; exec \(Products.path("test-app")) -j job.yaml"
        let result = try Running("/bin/sh", ["-c", limited], in: sandbox.directory, environment: [:]).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.errors.contains("File too large"), "\(result.errors)")
    }
}
