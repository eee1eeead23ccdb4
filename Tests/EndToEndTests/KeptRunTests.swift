import FlowmancerCore
import Foundation
import ProgramTestSupport
import TestSupport
import Testing

/// The runs that are kept, by the real program.
@Suite(.ownThread) struct KeptRunTests {
    private struct Fault: Error {
        let text: String
    }

    private func json(_ sandbox: Sandbox, _ arguments: String...) throws -> [String: Any] {
        let result = try sandbox.start(arguments + ["--json"]).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        guard let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] else {
            throw Fault(text: result.output)
        }
        return object
    }

    private func runs(_ sandbox: Sandbox, _ arguments: String...) throws -> [[String: Any]] {
        let result = try sandbox.start(["runs", "--json"] + arguments).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        return try #require(object?["runs"] as? [[String: Any]])
    }

    private func states(_ runs: [[String: Any]]) -> [String] { runs.compactMap { $0["state"] as? String } }

    private func output(_ sandbox: Sandbox, _ arguments: String...) throws -> String {
        let result = try sandbox.start(arguments).wait()
        #expect(result.exitCode == 0, "\(arguments): \(result.errors)")
        return result.output
    }

    private static let failing = """
        config: {name: failing}
        tasks:
          a: {task: Shell, parameters: {command: 'echo one; echo "n=12345678901234567890" > "$FLOWMANCER_OUTPUT"'}}
          b: {task: Shell, max_attempts: 2, dependencies: [a], parameters: {command: 'echo trouble >&2; exit 3'}}
          c: {task: Shell, dependencies: [b], parameters: {command: 'true'}}
        """

    @Test func aRunIsKeptWithAllThatHappened() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run(Self.failing).exitCode == 2)
        let listed = try output(sandbox, "runs")
        #expect(listed.contains("failing  failed") && listed.contains("1 completed, 1 failed, 1 not run"), "\(listed)")
        let shown = try output(sandbox, "show", "last")
        for part in [
            "failing: failed (1 completed, 1 failed", "2 attempts", "exited with code 3", "trouble",
            "its dependency 'b' failed", "a (0", " -r",
        ] {
            #expect(shown.contains(part), "\(part) is missing: \(shown)")
        }
        let run = try json(sandbox, "show", "last:failing")
        let tasks = try #require(run["details"] as? [[String: Any]])
        #expect(tasks.compactMap { $0["name"] as? String } == ["a", "b", "c"])
        #expect(tasks.compactMap { $0["state"] as? String } == ["completed", "failed", "defaulted"])
        #expect((tasks[0]["outputs"] as? [String: String])?["n"] == "12345678901234567890")
        let attempts = try #require(tasks[1]["attempts"] as? [[String: Any]])
        #expect(attempts.compactMap { $0["last_lines"] as? [String] } == [["trouble"], ["trouble"]])
        #expect(run["longest_way"] as? [String] == ["a", "b"])
        #expect(run["missing_events"] as? Int == 0 && run["unknown_events"] as? Int == 0)
    }

    @Test func aRestartNamesTheRunThatItContinues() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run(Self.failing).exitCode == 2)
        #expect(try sandbox.run(Self.failing, "-r").exitCode == 2)
        let kept = try runs(sandbox)
        #expect(kept.count == 2)
        #expect(kept[0]["continues"] as? String == kept[1]["id"] as? String)
        #expect(kept[0]["restart"] as? Bool == true && kept[1]["restart"] as? Bool == false)
        let first = try json(sandbox, "show", try #require(kept[1]["id"] as? String))
        #expect(first["id"] as? String == kept[1]["id"] as? String)
    }

    @Test func aRunThatWasKilledIsInterrupted() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              a: {task: NoOp}
              b: {task: Shell, dependencies: [a], parameters: {command: 'touch here; sleep 100'}}
            """
        let running = try sandbox.start(job, [])
        #expect(waitUntil { sandbox.exists("here") })
        // What happened is recorded shortly after.
        #expect(waitUntil { (try? output(sandbox, "show", "last").contains("running")) == true })
        #expect(try states(runs(sandbox)) == ["under_way"])
        running.signal(SIGKILL)
        _ = try running.wait()
        #expect(waitUntil { (try? states(runs(sandbox))) == ["interrupted"] })
        let run = try json(sandbox, "show", "last")
        let tasks = try #require(run["details"] as? [[String: Any]])
        #expect(tasks.compactMap { $0["state"] as? String } == ["completed", "running"])
        #expect(run["ended_at"] == nil)
    }

    @Test func runsAtTheSameTimeAreKeptApart() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        func job(_ number: Int) -> String {
            """
            config: {name: job-\(number)}
            tasks:
              a\(number):
                task: Shell
                parameters: {command: 'touch here\(number); while [ ! -e go ]; do sleep 0.02; done'}
            """
        }
        for number in 0..<3 { try sandbox.write(job(number), to: "job\(number).yaml") }
        let running = try (0..<3).map { try sandbox.start(["-j", "job\($0).yaml"]) }
        #expect(waitUntil { (0..<3).allSatisfy { sandbox.exists("here\($0)") } })
        #expect(try states(runs(sandbox)) == ["under_way", "under_way", "under_way"])
        try sandbox.write("", to: "go")
        for program in running { #expect(try program.wait().exitCode == 0) }
        #expect(try states(runs(sandbox)) == ["succeeded", "succeeded", "succeeded"])
        for number in 0..<3 {
            #expect(try runs(sandbox, "--job", "job-\(number)").count == 1)
            let tasks = try #require(json(sandbox, "show", "last:job-\(number)")["details"] as? [[String: Any]])
            #expect(tasks.compactMap { $0["name"] as? String } == ["a\(number)"])
        }
    }

    @Test func soManyRunsAreKept() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job =
            "tasks: {a: {task: NoOp}}\nhistory: {history: FileHistory, parameters: {keep_runs: 2, history_dir: mine}}\n"
        for _ in 0..<4 { #expect(try sandbox.run(job).exitCode == 0) }
        #expect(try runs(sandbox).isEmpty)
        let kept = try runs(sandbox, "-j", "job.yaml")
        #expect(kept.count == 2)
        let page = try json(sandbox, "runs", "-j", "job.yaml", "--limit", "1")
        #expect(page["next"] as? String == kept[0]["id"] as? String)
        let second = try runs(sandbox, "-j", "job.yaml", "--before", try #require(page["next"] as? String))
        #expect(second.count == 1 && second[0]["id"] as? String == kept[1]["id"] as? String)
    }

    @Test func withoutAHistoryNothingIsLeft() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("tasks: {a: {task: NoOp}}\nhistory: {history: NoHistory}\n").exitCode == 0)
        #expect(!sandbox.exists(".flowmancer/runs"))
        #expect(try output(sandbox, "runs") == "No runs.\n")
        let result = try sandbox.start(["show", "last"]).wait()
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("the history has no run"))
    }

    @Test func aHistoryThatCannotBeWrittenFailsNothing() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("", to: "blocked")
        let job = "tasks: {a: {task: NoOp}}\nhistory: {history: FileHistory, parameters: {history_dir: blocked}}\n"
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0)
        let notices = result.errors.split(separator: "\n").filter { $0.contains("history") }
        #expect(notices.count == 1, "\(result.errors)")
        #expect(result.errors.contains("This run is not recorded in the history: cannot create the directory of runs"))
        let listed = try sandbox.start(["runs", "-j", "job.yaml"]).wait()
        #expect(listed.exitCode == 99)
        #expect(listed.errors.contains("cannot list the runs in 'blocked'"), "\(listed.errors)")
    }

    @Test func aFullDiskLosesNoEventIfThereIsRoomAgain() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let disk = try SmallDisk(bytes: 1 << 20) else { return }
        let job = """
            tasks:
              a: {task: Shell, parameters: {command: 'touch here; while [ ! -e full ]; do sleep 0.02; done'}}
              b: {task: NoOp, dependencies: [a], for_each: [\((1...200).map(String.init).joined(separator: ", "))]}
              c: {task: Shell, parameters: {command: 'while [ ! -e go ]; do sleep 0.02; done'}}
              d: {task: NoOp, dependencies: [b, c]}
            history: {history: FileHistory, parameters: {history_dir: \(disk.directory.path)/runs}}
            """
        let running = try sandbox.start(job, [])
        // The history begins beside the run.
        let runs = "\(disk.directory.path)/runs/flowmancer"
        #expect(
            waitUntil {
                let files = (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
                let isKept = files.contains {
                    $0.hasSuffix(".run") && FileManager.default.contents(atPath: "\(runs)/\($0)")?.isEmpty == false
                }
                return isKept && sandbox.exists("here")
            }
        )
        disk.fill()
        try sandbox.write("", to: "full")
        let notice = "The history of this run is incomplete: cannot write the file"
        #expect(waitUntil { running.errorsSoFar.contains(notice) }, "\(running.errorsSoFar)")
        disk.makeRoom()
        try sandbox.write("", to: "go")
        let result = try running.wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count { $0.contains("history") } == 1, "\(result.errors)")
        let run = try json(sandbox, "show", "-j", "job.yaml", "last")
        #expect(run["state"] as? String == "succeeded" && run["missing_events"] as? Int == 0)
        let tasks = try #require(run["details"] as? [[String: Any]])
        #expect(tasks.count == 203 && tasks.allSatisfy { $0["state"] as? String == "completed" })
    }

    @Test func secretsAreNotKept() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              a: {task: HoldSecret, parameters: {marker: here, token: the-s3cret}}
              b: {task: Shell, dependencies: [a], parameters: {command: 'echo the-s3cret >&2; exit 1'}}
            """
        try sandbox.write("", to: "here.end")
        #expect(try sandbox.run(job).exitCode == 1)
        let files =
            FileManager.default.enumerator(atPath: sandbox.path(".flowmancer/runs"))?.allObjects as? [String] ?? []
        let kept = try #require(files.first { $0.hasSuffix(".run") })
        let text = try sandbox.read(".flowmancer/runs/\(kept)")
        #expect(!text.contains("s3cret") && text.contains("***"), "\(text)")
    }

    @Test func theLogOfATaskIsPrintedAlsoThatOfAnAttempt() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              a:
                task: Shell
                max_attempts: 3
                parameters: {command: 'echo x >> n; echo "try $(wc -l < n)"; [ $(wc -l < n) = 3 ]'}
              'b/c': {task: Shell, parameters: {command: printf 'ab\\377c'}}
              d: {task: Shell, dependencies: [e], parameters: {command: 'true'}}
              e: {task: Fail}
            """
        #expect(try sandbox.run(job).exitCode == 2)
        let whole = try output(sandbox, "logs", "last", "a")
        #expect(whole.contains("try 1") && whole.contains("try 2") && whole.contains("try 3"))
        let second = try output(sandbox, "logs", "last", "a", "--attempt", "2")
        #expect(second.contains("try 2") && !second.contains("try 1") && !second.contains("try 3"), "\(second)")
        let command = "\(Products.path("test-app")) logs last b/c | od -c"
        let bytes = try Running("/bin/sh", ["-c", command], in: sandbox.directory).wait()
        #expect(bytes.output.contains("a   b 377   c"), "\(bytes.output)")
        let never = try sandbox.start(["logs", "last", "d"]).wait()
        #expect(never.exitCode == 0 && never.errors.contains("has not run (defaulted): its dependency 'e' failed"))
        let unknown = try sandbox.start(["logs", "last", "b/d"]).wait()
        #expect(unknown.exitCode == 1 && unknown.errors.contains("did you mean 'b/c'?"), "\(unknown.errors)")
        let missing = try sandbox.start(["logs", "last", "a", "--attempt", "4"]).wait()
        #expect(missing.exitCode == 1 && missing.errors.contains("its last one is 3"), "\(missing.errors)")
    }

    @Test func aLogIsFollowedUntilTheTaskHasEnded() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              a:
                task: Shell
                max_attempts: 2
                parameters: {command: 'echo x >> n; echo "try $(wc -l < n)"; touch here; while [ ! -e go ]; do sleep 0.02; done; [ $(wc -l < n) = 2 ]'}
              b: {task: Shell, parameters: {command: 'while [ ! -e end ]; do sleep 0.02; done'}}
            """
        let running = try sandbox.start(job, [])
        #expect(waitUntil { sandbox.exists("here") })
        let follower = try sandbox.start(["logs", "-f", "last", "a"])
        #expect(waitUntil { follower.outputSoFar.contains("try 1") })
        try sandbox.write("", to: "go")
        let followed = try follower.wait()
        #expect(followed.exitCode == 0)
        #expect(followed.output.contains("try 2"), "\(followed.output)\(followed.errors)")
        #expect(running.process.isRunning)
        try sandbox.write("", to: "end")
        #expect(try running.wait().exitCode == 0)
    }

    @Test func whichRunIsMeantIsSaid() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        for _ in 0..<2 { #expect(try sandbox.run("tasks: {a: {task: NoOp}}").exitCode == 0) }
        let ids = try runs(sandbox).compactMap { $0["id"] as? String }
        for id in ids {
            #expect(try json(sandbox, "show", String(id.suffix(12)).uppercased())["id"] as? String == id)
        }
        let several = try sandbox.start(["show", String(ids[0].prefix(2))]).wait()
        #expect(several.exitCode == 1)
        #expect(ids.allSatisfy(several.errors.contains), "\(several.errors)")
        let none = try sandbox.start(["show", "last:nothing"]).wait()
        #expect(none.exitCode == 1 && none.errors.contains("no run of the job 'nothing'"), "\(none.errors)")
        let nonsense = try sandbox.start(["show", "xyz"]).wait()
        #expect(nonsense.exitCode != 0 && nonsense.errors.contains("'xyz' is no run"), "\(nonsense.errors)")
    }
}
