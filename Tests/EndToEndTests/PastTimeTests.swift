import FlowmancerCore
import FlowmancerHistory
import FlowmancerSystem
import Foundation
import TestSupport
import Testing

/// What kept runs say about the next one, by the real program.
@Suite(.ownThread) struct PastTimeTests {
    private static let job = """
        config: {name: past, max_concurrency: 1}
        tasks:
          a: {task: Shell, parameters: {command: 'while [ ! -e go ]; do sleep 0.02; done'}}
          b: {task: Shell, dependencies: [a], parameters: {command: 'while [ ! -e go ]; do sleep 0.02; done'}}
          c: {task: NoOp}
        """

    /// Keeps a run in which tasks took so many seconds, one after the other.
    private func keep(_ seconds: KeyValuePairs<String, Double>, at start: Double = 0, in sandbox: Sandbox) async throws
    {
        var history = FileHistory()
        history.historyDir = sandbox.path(".flowmancer/runs")
        let start = Date(timeIntervalSince1970: 1_764_547_200 + start)
        let record = RunRecord(
            id: RunID(milliseconds: UInt64(start.timeIntervalSince1970 * 1_000), random: (1, 2), after: .unknown),
            jobName: "past",
            startedAt: start
        )
        var (events, time): ([RecordedEvent], Date) = ([], start)
        for (task, seconds) in seconds {
            let begin = StateChange(task: task, attempt: 1, from: .pending, to: .running)
            events.append(RecordedEvent(number: events.count + 1, time: time, begin))
            time = time.addingTimeInterval(seconds)
            let end = StateChange(task: task, attempt: 1, from: .running, to: .completed)
            events.append(RecordedEvent(number: events.count + 1, time: time, end))
        }
        events.append(RecordedEvent(number: events.count + 1, time: time, RunConclusion(state: .succeeded)))
        let shape = RunShape(tasks: seconds.map { RecordedTask(name: $0.key) })
        let recorder = try #require(try await history.beginRun(record, shape))
        try await recorder.append(events)
        try await recorder.close()
    }

    private func plan(_ sandbox: Sandbox, _ arguments: String...) throws -> String {
        let result = try sandbox.start(["plan", "-j", "job.yaml"] + arguments).wait()
        #expect(result.exitCode == 0 && result.errors.isEmpty, "\(result.errors)")
        return result.output
    }

    private func json(_ sandbox: Sandbox, _ arguments: String...) throws -> [String: Any] {
        let result = try sandbox.start(["plan", "-j", "job.yaml", "--json"] + arguments).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    @Test func aPlanSaysHowLongTheRunTakes() async throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(Self.job, to: "job.yaml")
        #expect(try !plan(sandbox).contains("Expected"))
        #expect(try json(sandbox)["expected_seconds"] == nil)
        try await keep(["a": 240, "b": 180, "c": 300], in: sandbox)
        try await keep(["a": 240, "b": 180, "c": 300], at: 3_600, in: sandbox)
        let text = try plan(sandbox)
        #expect(
            text.contains("Expected: about 12 min, with --max-concurrency 2 about 7 min (from 2 runs)\n"),
            "\(text)"
        )
        #expect(text.contains("The longest way, 7 min:\n  a (4 min) "), "\(text)")
        #expect(!text.contains("Critical path"))
        let plan = try json(sandbox)
        #expect(plan["expected_seconds"] as? Double == 720)
        let expected = try #require(plan["expected_with"] as? [[String: Double]])
        #expect(expected == [["max_concurrency": 1, "seconds": 720], ["max_concurrency": 2, "seconds": 420]])
        #expect(plan["longest_way"] as? [String] == ["a", "b"])
        #expect(plan["unknown_tasks"] as? [String] == [])
        let runs = try #require(plan["from_runs"] as? [String])
        #expect(runs.count == 2 && runs[0] > runs[1])
        // Only what would run counts.
        #expect(try json(sandbox, "--skip", "c")["expected_seconds"] as? Double == 420)
        #expect(try json(sandbox, "--run-to", "a")["expected_seconds"] as? Double == 240)
    }

    @Test func tasksThatWereRenamedAreNotKnown() async throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(Self.job, to: "job.yaml")
        try await keep(["a": 240, "old": 180], in: sandbox)
        let text = try plan(sandbox)
        #expect(text.contains("Expected: about 4 min (from the last run); of b, c nothing is known\n"), "\(text)")
        #expect(text.contains("Critical path"))
        #expect(try json(sandbox)["unknown_tasks"] as? [String] == ["b", "c"])
        // Where nothing is known, nothing is said.
        #expect(try !plan(sandbox, "--run-to", "c").contains("Expected"))
    }

    @Test func aRealRunIsKnownTheNextTime() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("", to: "go")
        for _ in 0..<2 { #expect(try sandbox.run(Self.job).exitCode == 0) }
        let plan = try json(sandbox)
        #expect(try #require(plan["expected_seconds"] as? Double) > 0)
        #expect((plan["from_runs"] as? [String])?.count == 2)
        #expect(plan["unknown_tasks"] as? [String] == [])
    }

    @Test func aRestartTakesAsLongAsWhatIsLeft() async throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: past}
            tasks:
              a: {task: NoOp}
              b: {task: Shell, dependencies: [a], parameters: {command: 'exit 3'}}
              c: {task: NoOp, dependencies: [b]}
            """
        #expect(try sandbox.run(job).exitCode == 2)
        // Older than that run.
        try await keep(["a": 600, "b": 60, "c": 30], in: sandbox)
        let plan = try json(sandbox, "-r")
        #expect(plan["expected_seconds"] as? Double == 90)
        #expect(plan["longest_way"] as? [String] == ["b", "c"])
    }

    @Test func whatCannotBeReadSaysNothing() async throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(Self.job, to: "job.yaml")
        let runs = sandbox.path(".flowmancer/runs/past")
        try FileManager.default.createDirectory(atPath: runs, withIntermediateDirectories: true)
        let name = "01900000-0000-7000-8000-00000000000"
        try sandbox.write("", to: ".flowmancer/runs/past/\(name)1.run")
        try sandbox.write("nonsense\n", to: ".flowmancer/runs/past/\(name)2.run")
        var newer: [UInt8] = []
        ChecksummedLine.append(to: &newer) { $0 += #"{"format":"flowmancer-run","version":9,"run":{}}"#.utf8 }
        try sandbox.write(String(decoding: newer, as: UTF8.self), to: ".flowmancer/runs/past/\(name)3.run")
        #expect(try !plan(sandbox).contains("Expected"))
        // The rest of a history holds.
        try await keep(["a": 60, "b": 60, "c": 60], in: sandbox)
        let text = try plan(sandbox)
        #expect(text.contains("Expected: about 3 min, with --max-concurrency 2 about 2 min (from the last run)\n"))
        // A run whose file is damaged in the middle counts as far as it can be read.
        let file = try #require(
            FileManager.default.contentsOfDirectory(atPath: runs).max { $0 < $1 }.map { ".flowmancer/runs/past/\($0)" }
        )
        let lines = try sandbox.read(file).split(separator: "\n", omittingEmptySubsequences: false)
        try sandbox.write((lines.prefix(4) + ["damage"] + lines.dropFirst(5)).joined(separator: "\n"), to: file)
        #expect(try json(sandbox)["unknown_tasks"] as? [String] == ["b", "c"])
        // A job without a history says nothing.
        try sandbox.write("history: {history: NoHistory}\n\(Self.job)", to: "job.yaml")
        #expect(try !plan(sandbox).contains("Expected"))
    }

    @Test func theDisplaySaysHowMuchTimeIsLeft() async throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let terminal = try Tmux(in: sandbox.directory) else { return }
        try sandbox.write(Self.job, to: "job.yaml")
        try await keep(["a": 1_000, "b": 800, "c": 300], in: sandbox)
        try terminal.type("\(Products.path("test-app")) -j job.yaml")
        #expect(waitUntil { terminal.screen.contains(", about 35 min left") }, "\(terminal.screen)")
        try sandbox.write("", to: "go")
        #expect(waitUntil { terminal.screen.contains("past succeeded: 3 completed") }, "\(terminal.screen)")
    }
}
