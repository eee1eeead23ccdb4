import FlowmancerCore
import FlowmancerHistory
import FlowmancerSystem
import FlowmancerTesting
import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// Most of what a history promises is in `HistoryConformance`; here is what only files have.
struct FileHistoryTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func history(keeping count: Int = 50) -> FileHistory {
        var history = FileHistory()
        history.historyDir = directory.path + "/runs"
        history.keepRuns = count
        return history
    }

    @Test func keepsThePromisesOfAHistory() async throws {
        let path = directory.path + "/runs"
        let report = try await HistoryConformance { count in
            try configured(FileHistory.self, ["history_dir": .string(path), "keep_runs": .int(count)])
        }.check()
        #expect(report.inapplicable.isEmpty)
    }

    @Test func onlyTheUserCanReadTheFiles() async throws {
        let run = SampleRun()
        _ = try await history().beginRun(run.record, run.shape)
        #expect(directory.mode("runs") == 0o700)
        #expect(directory.mode("runs/sample") == 0o700)
        #expect(directory.mode("runs/sample/\(run.record.id).run") == 0o600)
    }

    @Test func aRunWhoseProcessIsGoneIsInterrupted() async throws {
        var run = SampleRun()
        run.record.process?.startTicks -= 1
        try await run.store(in: history(), upTo: 2)
        let page = try await history().runs(RunQuery())
        #expect(page.runs.map(\.state) == [.interrupted])
        #expect(page.problems.isEmpty)
    }

    @Test func ofARunOfAnotherMachineItIsNotKnownWhetherItIsUnderWay() async throws {
        var run = SampleRun()
        run.record.process?.bootID = "another"
        run.record.hostName = "elsewhere"
        try await run.store(in: history(), upTo: 2)
        #expect(try await history().runs(RunQuery()).runs.map(\.state) == [.unknown])
        run = SampleRun()
        run.record.process?.bootID = "another"
        try await run.store(in: history(), upTo: 2)
        // The machine has started anew since.
        #expect(try await history().runs(RunQuery(limit: 1)).runs.map(\.state) == [.interrupted])
    }

    @Test func whileTheFileIsLockedTheRunIsUnderWay() async throws {
        var run = SampleRun()
        run.record.process?.bootID = "another"
        let recorder = try await history().beginRun(run.record, run.shape)
        #expect(try await history().runs(RunQuery()).runs.map(\.state) == [.underWay])
        try await recorder?.close()
        #expect(try await history().runs(RunQuery()).runs.map(\.state) == [.interrupted])
    }

    @Test func filesOfOthersAreSaidAndPassedOver() async throws {
        let run = SampleRun()
        try await run.store(in: history(), upTo: run.events.count)
        let names = (1...3).map { _ in "\(RunID()).run" }
        try directory.write(Array("hello\n".utf8), to: "runs/sample/\(names[0])")
        try directory.write([], to: "runs/sample/\(names[1])")
        var newer: [UInt8] = []
        ChecksummedLine.append(to: &newer) { $0 += #"{"format":"flowmancer-run","version":2,"what":1}"#.utf8 }
        try directory.write(newer, to: "runs/sample/\(names[2])")
        try directory.write(Array("notes".utf8), to: "runs/sample/notes.txt")
        let page = try await history().runs(RunQuery())
        #expect(page.runs.map(\.record.id) == [run.record.id])
        #expect(page.problems.count == 3)
        #expect(page.problems.first?.reason.contains("upgrade Flowmancer") == true, "\(page.problems)")
    }

    @Test func retentionRemovesNothingOfOthers() async throws {
        try directory.makeDirectory("runs/sample")
        try directory.write(Array("notes".utf8), to: "runs/sample/notes.txt")
        symlink("/etc/passwd", directory.path + "/runs/sample/\(RunID()).run")
        for _ in 0..<3 {
            let run = SampleRun()
            try await run.store(in: history(keeping: 1), upTo: run.events.count)
        }
        #expect(try directory.contents("runs/sample").contains("notes.txt"))
        #expect(try await history().runs(RunQuery()).runs.count == 1)
        #expect(FileManager.default.fileExists(atPath: "/etc/passwd"))
    }

    @Test func whatAnEngineLeftThatDiedBeforeItsRunBeganIsRemoved() async throws {
        try directory.makeDirectory("runs/sample")
        try directory.write(Array("half".utf8), to: "runs/sample/.new-\(RunID())")
        let run = SampleRun()
        try await run.store(in: history(), upTo: run.events.count)
        #expect(try directory.contents("runs/sample") == ["\(run.record.id).run"])
    }
}
