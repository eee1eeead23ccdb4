import Flowmancer
import FlowmancerSQLite
import FlowmancerTesting
import Foundation
import TestSupport
import Testing

/// Databases whose files are removed or replaced while they are in use.
@Suite struct LostDatabaseTests {
    private let directory: TemporaryDirectory
    private let file: String

    init() throws {
        directory = try TemporaryDirectory()
        file = "\(directory.path)/db/checkpoints.sqlite"
    }

    private func checkpointer() throws -> SQLiteCheckpointer {
        try configured(SQLiteCheckpointer.self, ["checkpoint_database": .string(file)])
    }

    enum Fault: String, CaseIterable {
        case database, directory, log, index, logAndIndex, replacement, backup

        func strike(_ file: String) throws {
            let files = FileManager.default
            let directory = URL(filePath: file).deletingLastPathComponent().path
            switch self {
            case .database: try files.removeItem(atPath: file)
            case .directory: try files.removeItem(atPath: directory)
            case .log: try files.removeItem(atPath: file + "-wal")
            case .index: try files.removeItem(atPath: file + "-shm")
            case .logAndIndex: for suffix in ["-wal", "-shm"] { try files.removeItem(atPath: file + suffix) }
            case .replacement:
                try files.moveItem(atPath: file, toPath: file + ".old")
                try Data().write(to: URL(filePath: file))
            case .backup:
                // One of the other job's, whose run has the number that this run had.
                try files.moveItem(atPath: directory, toPath: directory + ".old")
                try files.copyItem(atPath: directory + ".backup", toPath: directory)
            }
        }

        var loss: String {
            switch self {
            case .log, .logAndIndex: "its file '%-wal' was removed, or replaced by another one, while it was in use"
            case .index: "its file '%-shm' was removed, or replaced by another one, while it was in use"
            case .database, .directory, .replacement, .backup:
                "it was removed, or replaced by another file, while it was in use"
            }
        }
    }

    /// What the engine does: a journal that failed is opened anew, from the whole present state.
    @Test(arguments: Fault.allCases, [true, false])
    func whatIsNoLongerInPlaceIsSaidAndMadeAnew(_ fault: Fault, isNoticedByStep: Bool) async throws {
        if fault == .backup {
            let other = try checkpointer()
            try await other.writeCheckpoint(CheckpointContents(name: "other", states: ["z": .failed]), for: "other")
            try await other.onDestroy()
            try FileManager.default.moveItem(
                atPath: "\(directory.path)/db",
                toPath: "\(directory.path)/db.backup"
            )
        }
        let checkpointer = try checkpointer()
        let states: [String: ExecutionState] = ["a": .pending, "b": .pending]
        var contents = CheckpointContents(name: "job", states: states, fingerprints: ["a": "1"])
        let journal = try #require(try await checkpointer.openJournal(for: "job", startingFrom: contents))
        try journal.append([.state(task: "a", .running, attempt: 2)])
        try journal.append([.state(task: "a", .completed, attempt: 2)])
        try journal.synchronize()
        contents.states["a"] = .completed
        let begun = try LockingConnection(file).rows("SELECT started_at FROM current_runs")
        try fault.strike(file)
        #expect(!journal.isDueForCompaction)
        let error = #expect(throws: SQLiteDatabaseError.self) {
            if isNoticedByStep {
                try journal.append([.state(task: "b", .completed, attempt: 1)])
            } else {
                try journal.synchronize()
            }
        }
        #expect(error?.code == .unusable)
        let words = "\(fault.loss.replacing("%", with: file)); do not move or remove it, '\(file)-wal' or"
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        contents.states["b"] = .running
        // The one before is closed afterwards.
        let next = try #require(try await checkpointer.openJournal(for: "job", startingFrom: contents))
        try journal.close()
        try next.append([.state(task: "b", .completed, attempt: 1)])
        try next.synchronize()
        contents.states["b"] = .completed
        #expect(try await self.checkpointer().readCheckpoint(for: "job") == contents)
        #expect(try LockingConnection(file).rows("SELECT started_at FROM current_runs WHERE job = 'job'") == begun)
        if fault == .backup {
            #expect(try await self.checkpointer().readCheckpoint(for: "other").states == ["z": .failed])
        }
        try await checkpointer.writeCheckpoint(contents, for: "job")
        try await checkpointer.onDestroy()
        #expect(try LockingConnection(file).rows("PRAGMA integrity_check") == ["ok"])
    }

    /// A file of another program that took the place is left alone.
    @Test func aFileOfAnotherProgramInItsPlaceStaysAsItIs() async throws {
        let checkpointer = try checkpointer()
        let contents = CheckpointContents(name: "job")
        let journal = try #require(try await checkpointer.openJournal(for: "job", startingFrom: contents))
        try FileManager.default.removeItem(atPath: "\(directory.path)/db")
        try directory.makeDirectory("db")
        try directory.write(Array("another program's".utf8), to: "db/checkpoints.sqlite")
        #expect(throws: SQLiteDatabaseError.self) { try journal.synchronize() }
        let error = await #expect(throws: SQLiteDatabaseError.self) {
            try await checkpointer.openJournal(for: "job", startingFrom: contents)
        }
        #expect(error?.code == .damaged)
        #expect(try directory.text("db/checkpoints.sqlite") == "another program's")
    }
}
