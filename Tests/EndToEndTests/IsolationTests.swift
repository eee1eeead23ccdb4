import Foundation
import Testing

/// Tasks that end in other ways than by returning, and what their neighbours notice of it: nothing.
@Suite(.ownThread) struct IsolationTests {
    @Test(arguments: [
        ("ExitProcess, parameters: {code: 0}", "exited with code 0"),
        ("ExitProcess, parameters: {code: 86}", "exited with code 86"),
        ("Trap", "was killed by signal"),
        ("Segfault", "was killed by signal 11"),
        ("KillSelf", "was killed by signal 9"),
        ("KillSelf, parameters: {signal: 15}", "was killed by signal 15"),
    ])
    func deathOfAWorkerIsAFailedAttempt(task: String, explanation: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              dying: {max_attempts: 2, task: \(task)}
              dependent: {task: NoOp, dependencies: [dying]}
              neighbour: {task: SucceedOnAttempt, max_attempts: 3, parameters: {attempt: 2}}
            extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}
            """
        )
        #expect(result.exitCode == 2)
        #expect(try sandbox.log("dying").filter { $0.contains(explanation) }.count == 2)
        let states = try sandbox.read("states.txt")
        #expect(states.contains("dying RF 2\n"))
        #expect(states.contains("dependent PD 0\n"))
        #expect(states.contains("neighbour RC 2\n"))
    }

    @Test func trapLeavesItsMessageInTheLog() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run("tasks: {a: {task: Trap}}")
        #expect(try sandbox.log("a").contains { $0.hasPrefix("ERROR - ") && $0.contains("trapped on purpose") })
    }

    @Test func processesLeftBehindAreEnded() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a: {task: LeaveChildren, parameters: {marker: pids}}}")
        #expect(result.exitCode == 0)
        let pids = try sandbox.read("pids").split(separator: "\n").compactMap { Int32($0) }
        #expect(pids.count == 2)
        #expect(pids.allSatisfy { !isAlive($0) })
        #expect(try sandbox.log("a").contains { $0.contains("left running") })
    }

    @Test func isolationByProcessGivesEveryAttemptItsOwn() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...20).map { "  t\($0): {task: RunChild, parameters: {script: 'echo parent $PPID'}}" }
        let result = try sandbox.run("config: {isolation: process}\ntasks:\n" + tasks.joined(separator: "\n"))
        #expect(result.exitCode == 0)
        let parents = try (1...20).map { try #require(try sandbox.log("t\($0)").first) }
        #expect(Set(parents).count == 20)
    }

    @Test func poolUsesAProcessAgain() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...40).map { "  t\($0): {task: RunChild, parameters: {script: 'echo parent $PPID'}}" }
        let result = try sandbox.run("config: {max_concurrency: 2}\ntasks:\n" + tasks.joined(separator: "\n"))
        #expect(result.exitCode == 0)
        let parents = try (1...40).map { try #require(try sandbox.log("t\($0)").first) }
        // Where one is not ready for the next task at once, there may be another one.
        #expect(Set(parents).count < 10)
    }

    @Test func descriptorsAreNotUsedUp() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...1_500).map { "  t\($0): {task: NoOp}" }
        try sandbox.write("tasks:\n" + tasks.joined(separator: "\n"), to: "job.yaml")
        let limited = "ulimit -n 128; exec \(Products.path("test-app")) -j job.yaml"
        let result = try Running("/bin/sh", ["-c", limited], in: sandbox.directory, environment: [:]).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func manyTasksAtOnceAllRun() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        // Each waits until all have begun: fewer than all at once would never end.
        let script = "touch here.$$; while [ $(ls here.* | wc -l) -lt 40 ]; do sleep 0.05; done"
        let tasks = (1...40).map { "  t\($0): {task: RunChild, parameters: {script: '\(script)'}}" }
        let result = try sandbox.run("tasks:\n" + tasks.joined(separator: "\n"))
        #expect(result.exitCode == 0)
    }
}
