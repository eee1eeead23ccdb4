import Foundation
import Testing

/// The command `retry`, by the real program.
@Suite(.ownThread) struct TaskRetryTests {
    private static let job = """
        config: {name: again}
        tasks:
          list:
            task: Shell
            parameters:
              command: |
                echo 'items=[{"code": "eu"}, {"code": "us"}]' > "$FLOWMANCER_OUTPUT"
                echo rows=7 >> "$FLOWMANCER_OUTPUT"
          load:
            task: Shell
            dependencies: [list]
            for_each:
              items: $OUT{list.items}
              key: code
            parameters:
              command: !sub |
                echo "$ITEM{code} of $OUT{list.rows}" >> ran
                [ $ITEM{code} = eu ] || [ -e fixed ]
          inner:
            dependencies: [list]
            job:
              tasks:
                one: {task: NoOp}
                two: {task: Shell, dependencies: [one], parameters: {command: 'echo two >> ran'}}
          last: {task: Shell, dependencies: [load], parameters: {command: 'echo last >> ran'}}
        """

    private func retry(_ sandbox: Sandbox, _ run: String, _ task: String, _ arguments: String...) throws -> Finished {
        try sandbox.start(["retry", run, "--task", task] + arguments).wait()
    }

    private func runs(_ sandbox: Sandbox) throws -> [[String: Any]] {
        let text = try sandbox.start(["runs", "--json"]).wait().output
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return try #require(object?["runs"] as? [[String: Any]])
    }

    /// Runs a job, and returns the id of the run.
    private func run(_ job: String, in sandbox: Sandbox, exitCode: Int32 = 0) throws -> String {
        let result = try sandbox.run(job)
        #expect(result.exitCode == exitCode, "\(result.output)\(result.errors)")
        return try #require(try runs(sandbox).first?["id"] as? String)
    }

    @Test func onlyTheTaskRunsWithWhatWasRecorded() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let id = try run(Self.job, in: sandbox, exitCode: 2)
        try sandbox.write("", to: "ran")
        let failed = try retry(sandbox, id, "load[us]")
        #expect(failed.exitCode == 1, "\(failed.errors)")
        #expect(failed.errors.contains("Only the task 'load[us]' of the run \(id) was run."), "\(failed.errors)")
        #expect(try sandbox.read("ran") == "us of 7\n")
        try sandbox.write("", to: "fixed")
        let result = try retry(sandbox, id, "load[us]")
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.output.contains("again succeeded: 1 completed in"), "\(result.output)")
        #expect(FileManager.default.fileExists(atPath: try sandbox.logFile("load[us]")))
        let kept = try runs(sandbox)
        #expect(kept.count == 3)
        #expect(kept[0]["retries"] as? String == id && kept[1]["retries"] as? String == id)
        #expect(kept[2]["retries"] == nil)
        #expect(kept[0]["tasks"] as? [String: Int] == ["completed": 1])
        #expect(try sandbox.start(["show", "last"]).wait().output.contains("a task of \(id)"))
    }

    @Test func aTaskOfAJobWithinTheJobAndOneThatDidNotRun() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let id = try run(Self.job, in: sandbox, exitCode: 2)
        try sandbox.write("", to: "ran")
        #expect(try retry(sandbox, id, "inner/two").exitCode == 0)
        #expect(try retry(sandbox, id, "last").exitCode == 0)
        #expect(try sandbox.read("ran") == "two\nlast\n")
    }

    /// A restart finds everything as the run left it, also while a task of it is run again.
    @Test func theCheckpointStaysAsItWas() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let id = try run(Self.job, in: sandbox, exitCode: 2)
        try sandbox.write("", to: "fixed")
        #expect(try retry(sandbox, id, "load[us]").exitCode == 0)
        try sandbox.write("", to: "ran")
        let restarted = try sandbox.start(["-j", "job.yaml", "-r"]).wait()
        #expect(restarted.exitCode == 0, "\(restarted.errors)")
        #expect(restarted.output.contains("failed, run again: load[us]"), "\(restarted.output)")
        #expect(try sandbox.read("ran") == "us of 7\nlast\n")
        // What the restart kept was published in the run that it continues.
        let second = try #require(try runs(sandbox).first?["id"] as? String)
        try sandbox.write("", to: "ran")
        #expect(try retry(sandbox, second, "load[us]").exitCode == 0)
        #expect(try sandbox.read("ran") == "us of 7\n")
    }

    @Test func whatCannotBeRetriedIsSaidBeforeAnythingRuns() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let shared = "  shared: {task: Shell, parameters: {command: !sub 'echo $DICT{greeting:none} >> ran'}}"
        let job = "\(Self.job)\n\(shared)\n"
        let id = try run(job, in: sandbox, exitCode: 2)
        try sandbox.write("", to: "ran")
        for (task, words) in [
            ("lod", "the run has no task 'lod'; did you mean 'load'?"),
            ("load", "'load' is a group, and one task is retried at a time: name one of load[eu], load[us]"),
            ("inner", "name one of inner/one, inner/two"),
        ] {
            let result = try retry(sandbox, id, task)
            #expect(result.exitCode == 1 && result.errors.contains(words), "\(result.errors)")
        }
        // As long as there is the checkpoint of the run, the shared dictionary is known.
        #expect(try retry(sandbox, id, "shared").exitCode == 0)
        #expect(try sandbox.read("ran") == "none\n")
        #expect(try sandbox.start(["-j", "job.yaml", "--run-to", "list"]).wait().exitCode == 0)
        let unknown = try retry(sandbox, id, "shared")
        #expect(unknown.exitCode == 1)
        #expect(unknown.errors.contains("$DICT{greeting} is not on record"), "\(unknown.errors)")
        try FileManager.default.moveItem(atPath: sandbox.path("job.yaml"), toPath: sandbox.path("moved.yaml"))
        let gone = try retry(sandbox, id, "last")
        #expect(gone.exitCode == 1)
        #expect(gone.errors.contains("is gone; if it was moved, name it with -j"), "\(gone.errors)")
        #expect(try sandbox.read("ran") == "none\n")
        #expect(try retry(sandbox, id, "last", "-j", "moved.yaml").exitCode == 0)
        #expect(try sandbox.read("ran") == "none\nlast\n")
    }

    @Test func aChangedTaskRunsAsItWasRecorded() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let id = try run(Self.job, in: sandbox, exitCode: 2)
        try sandbox.write("", to: "ran")
        try sandbox.write(Self.job.replacing("of $OUT{list.rows}", with: "anew"), to: "job.yaml")
        let result = try retry(sandbox, id, "load[eu]")
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.errors.contains("warning: The job file has another definition of 'load[eu]' now."))
        #expect(try sandbox.read("ran") == "eu of 7\n")
    }

    @Test func secretsComeFromTheJobFile() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: HoldSecret, parameters: {marker: here, token: the-s3cret}}}"
        try sandbox.write("", to: "here.end")
        let id = try run(job, in: sandbox)
        let result = try retry(sandbox, id, "a")
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.errors.contains("The secrets of 'a' are not on record: those of the job file are used."))
        #expect(!result.output.contains("s3cret") && !result.errors.contains("s3cret"))
        try sandbox.write("tasks: {a: {task: HoldSecret, parameters: {marker: here}}}", to: "job.yaml")
        let without = try retry(sandbox, id, "a")
        #expect(without.exitCode == 1, "\(without.errors)")
    }
}
