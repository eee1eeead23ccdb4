import Flowmancer
import FlowmancerSQLite
import FlowmancerTesting
import Foundation
import TestSupport
import Testing

@Suite struct RunHistoryTests {
    private let directory: TemporaryDirectory
    private let file: String

    init() throws {
        directory = try TemporaryDirectory()
        file = "\(directory.path)/checkpoints.sqlite"
    }

    private func checkpointer(keepRuns: Int = 100) throws -> SQLiteCheckpointer {
        try configured(
            SQLiteCheckpointer.self,
            ["checkpoint_database": .string(file), "keep_runs": .int(keepRuns)]
        )
    }

    enum Ending: CaseIterable { case success, failure, abort, death }

    /// Does what the engine does.
    private func run(_ checkpointer: SQLiteCheckpointer, _ ending: Ending, isRestart: Bool = false) async throws {
        try await checkpointer.onCreate()
        let lock = try #require(try await checkpointer.acquireLock(for: "job"))
        defer { lock.release() }
        if isRestart {
            _ = try await checkpointer.readCheckpoint(for: "job")
            try await checkpointer.onRestart()
        }
        var contents = CheckpointContents(name: "job", states: ["a": .initial], fingerprints: ["a": "0"])
        let journal = try #require(try await checkpointer.openJournal(for: "job", startingFrom: contents))
        let end: ExecutionState = ending == .success ? .completed : ending == .failure ? .failed : .aborted
        try journal.append([.state(task: "a", .running, attempt: 1), .set(key: "x", JSONText(rawValue: "1"))])
        if ending == .death { return }
        try journal.append([.state(task: "a", end, attempt: 1)])
        try journal.close()
        contents.states["a"] = end
        if ending == .success {
            try await checkpointer.clearCheckpoint(for: "job")
        } else {
            try await checkpointer.writeCheckpoint(contents, for: "job")
        }
        switch ending {
        case .success: try await checkpointer.onSuccess()
        case .failure: try await checkpointer.onFailure()
        case .abort, .death: try await checkpointer.onAbort()
        }
        try await checkpointer.onDestroy()
    }

    private func rows(_ sql: String) throws -> [String] { try LockingConnection(file).rows(sql) }

    @Test func everyRunStaysOnRecordWithItsEnd() async throws {
        for ending in [Ending.failure, .death, .abort] {
            try await run(checkpointer(), ending)
        }
        try await run(checkpointer(), .success, isRestart: true)
        #expect(
            try rows("SELECT job, is_restart, outcome, ended_at IS NOT NULL FROM runs ORDER BY id") == [
                "job|0|failed|1", "job|0|interrupted|0", "job|0|aborted|1", "job|1|succeeded|1",
            ]
        )
        #expect(
            try rows("SELECT run, name, state, attempts, started_at IS NOT NULL, ended_at IS NOT NULL FROM tasks") == [
                "1|a|failed|1|1|1", "2|a|running|1|1|0", "3|a|aborted|1|1|1", "4|a|completed|1|1|1",
            ]
        )
        // What only a restart needs goes with the checkpoint.
        #expect(
            try rows("SELECT 1 FROM shared_values UNION SELECT 2 FROM fingerprints UNION SELECT 3 FROM checkpoints")
                == []
        )
        #expect(
            try rows("SELECT id, job, outcome, tasks, completed, failed, aborted FROM run_summaries") == [
                "1|job|failed|1|0|1|0", "2|job|interrupted|1|0|0|0", "3|job|aborted|1|0|0|1", "4|job|succeeded|1|1|0|0",
            ]
        )
    }

    @Test func aRunThatIsUnderWayIsSeenAsSuch() async throws {
        let checkpointer = try checkpointer()
        let contents = CheckpointContents(name: "job", states: ["a": .initial])
        let journal = try #require(try await checkpointer.openJournal(for: "job", startingFrom: contents))
        try journal.append([.state(task: "a", .running, attempt: 3)])
        #expect(try rows("SELECT outcome, ended_at FROM runs") == ["NULL|NULL"])
        #expect(try rows("SELECT state, attempts FROM tasks") == ["running|3"])
        try journal.close()
    }

    @Test func onlySoManyRunsAreKept() async throws {
        try await run(checkpointer(keepRuns: 3), .failure)
        for _ in 0..<5 { try await run(checkpointer(keepRuns: 3), .success) }
        try await checkpointer().writeCheckpoint(CheckpointContents(name: "other"), for: "other")
        #expect(try rows("SELECT job, id FROM runs ORDER BY id") == ["job|4", "job|5", "job|6", "other|7"])
        #expect(try rows("SELECT DISTINCT run FROM tasks ORDER BY run") == ["4", "5", "6"])
    }

    @Test func theRunThatARestartNeedsIsKept() async throws {
        try await run(checkpointer(keepRuns: 1), .failure)
        #expect(try await checkpointer(keepRuns: 1).readCheckpoint(for: "job").states == ["a": .failed])
        try await run(checkpointer(keepRuns: 1), .abort, isRestart: true)
        #expect(try await checkpointer(keepRuns: 1).readCheckpoint(for: "job").states == ["a": .aborted])
    }

    /// The program that people look into it with.
    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3"),
            "needs Debian's package sqlite3"
        )
    )
    func theProgramOfSQLiteReadsItDuringARun() async throws {
        let checkpointer = try checkpointer()
        let contents = CheckpointContents(name: "job", states: ["a": .initial])
        let journal = try #require(try await checkpointer.openJournal(for: "job", startingFrom: contents))
        try journal.append([
            .state(task: "a", .running, attempt: 1), .set(key: "x", JSONText(rawValue: "{\"y\":1.50}")),
        ])
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/sqlite3")
        process.arguments = [
            file, "SELECT name, state FROM tasks", "SELECT json -> 'y' FROM shared_values", "PRAGMA integrity_check",
        ]
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(String(decoding: output, as: UTF8.self) == "a|running\n1.50\nok\n")
        try journal.append([.state(task: "a", .completed, attempt: 1)])
        try journal.close()
        #expect(try await self.checkpointer().readCheckpoint(for: "job").states == ["a": .completed])
    }
}
