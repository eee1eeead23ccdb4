import Flowmancer
import FlowmancerSQLite
import FlowmancerTesting
import Foundation
import TestSupport
import Testing

@Suite struct DamagedDatabaseTests {
    private let directory: TemporaryDirectory
    private let file: String
    private let stored = CheckpointContents(
        name: "job",
        states: ["a": .completed, "b": .completed, "c": .aborted, "d": .pending],
        sharedDict: ["x": JSONText(rawValue: "[1,2,3]"), "y": JSONText(rawValue: "\"text\"")],
        outputs: ["b": JSONText(rawValue: "{\"n\":1.50}")],
        fingerprints: ["a": "0123456789abcdef", "b": "fedcba9876543210", "c": "0", "d": "1"],
        jobFile: "/jobs/nightly.yaml"
    )

    init() throws {
        directory = try TemporaryDirectory()
        file = "\(directory.path)/checkpoints.sqlite"
    }

    private func checkpointer() throws -> SQLiteCheckpointer {
        try configured(SQLiteCheckpointer.self, ["checkpoint_database": .string(file)])
    }

    private func store() async throws {
        let checkpointer = try checkpointer()
        try await checkpointer.writeCheckpoint(CheckpointContents(name: "other", states: ["a": .failed]), for: "other")
        try await checkpointer.writeCheckpoint(stored, for: "job")
    }

    private func error() async -> SQLiteDatabaseError? {
        await #expect(throws: SQLiteDatabaseError.self) { try await checkpointer().readCheckpoint(for: "job") }
    }

    @Test func aFileThatIsNoDatabaseIsKeptUntilTheUserDecides() async throws {
        let text = String(repeating: "This is not a database. ", count: 100)
        try directory.write(Array(text.utf8), to: "checkpoints.sqlite")
        let error = try #require(await error())
        #expect(error.code == .damaged)
        #expect(
            error.description == """
                the checkpoint database '\(file)' cannot be used: it is not an SQLite database; move the file away, or run \
                with --discard-checkpoint, which renames it to '\(file).damaged'
                """
        )
        await #expect(throws: SQLiteDatabaseError.self) {
            try await checkpointer().writeCheckpoint(stored, for: "job")
        }
        #expect(try directory.text("checkpoints.sqlite") == text)
        // The lock does not depend on it: otherwise nobody could discard the checkpoint.
        let lock = try await checkpointer().acquireLock(for: "job")
        try await checkpointer().clearCheckpoint(for: "job")
        lock?.release()
        #expect(try directory.text("checkpoints.sqlite.damaged") == text)
        try await checkpointer().writeCheckpoint(stored, for: "job")
        #expect(try await checkpointer().readCheckpoint(for: "job") == stored)
    }

    @Test func theDatabaseOfAnotherProgramStaysAsItIs() async throws {
        let other = try LockingConnection(file)
        try other.execute("CREATE TABLE checkpoint (name TEXT, contents BLOB)")
        let before = try directory.bytes("checkpoints.sqlite")
        let error = try #require(await error())
        #expect(error.code == .foreign)
        #expect(
            error.description.contains("it belongs to another program; choose another file with 'checkpoint_database'")
        )
        await #expect(throws: SQLiteDatabaseError.self) {
            try await checkpointer().writeCheckpoint(stored, for: "job")
        }
        await #expect(throws: SQLiteDatabaseError.self) { try await checkpointer().clearCheckpoint(for: "job") }
        #expect(try directory.bytes("checkpoints.sqlite") == before)
    }

    @Test func aNewerSchemaIsRefused() async throws {
        try await store()
        try LockingConnection(file).execute("INSERT INTO grdb_migrations VALUES ('from the future')")
        let error = try #require(await error())
        #expect(error.code == .futureVersion)
        #expect(error.description.contains("upgrade Flowmancer"))
        await #expect(throws: SQLiteDatabaseError.self) { try await checkpointer().clearCheckpoint(for: "job") }
    }

    @Test(arguments: [
        "UPDATE tasks SET state = 'completed' WHERE name = 'c'",
        "UPDATE tasks SET name = 'z' WHERE name = 'a' AND run = (SELECT run FROM checkpoints WHERE job = 'job')",
        "DELETE FROM tasks WHERE name = 'd'", "UPDATE tasks SET run = 77 WHERE name = 'd'",
        "UPDATE shared_values SET json = '[1,2,4]' WHERE key = 'x'",
        "UPDATE shared_values SET run = 77 WHERE key = 'x'",
        "UPDATE outputs SET json = '{}' WHERE name = 'b'", "UPDATE outputs SET run = 77 WHERE name = 'b'",
        "UPDATE fingerprints SET fingerprint = '2' WHERE name = 'd'",
        "UPDATE fingerprints SET run = 77 WHERE name = 'd'",
        "DELETE FROM fingerprints WHERE name = 'd'", "UPDATE checkpoints SET run = 1 WHERE job = 'job'",
        "UPDATE checkpoints SET job = 'jab' WHERE job = 'job'", "UPDATE checkpoints SET tasks = 1 WHERE job = 'job'",
        "UPDATE checkpoints SET job_file = '/jobs/other.yaml' WHERE job = 'job'",
        "UPDATE checkpoints SET job_file = NULL WHERE job = 'job'",
    ])
    func aRowThatIsNotAsItWasWrittenIsNoticed(_ change: String) async throws {
        try await store()
        try LockingConnection(file).execute(change)
        let error = try #require(await error())
        #expect(error.code == .damaged)
        #expect(error.description.contains("run with --discard-checkpoint"))
        if !change.contains("checkpoints") {
            #expect(error.description.contains("intact rows: \(change.contains("name = 'a'") ? "b" : "a, b"))"))
        }
        try await checkpointer().clearCheckpoint(for: change.contains("jab") ? "jab" : "job")
        await #expect(throws: NoCheckpointAvailableError.self) { try await checkpointer().readCheckpoint(for: "job") }
        #expect(try await checkpointer().readCheckpoint(for: "other").states == ["a": .failed])
    }

    /// Takes back what came with histories.
    private func makeFormer() throws {
        try LockingConnection(file).execute(
            """
            ALTER TABLE current_runs RENAME TO runs;
            ALTER TABLE runs ADD COLUMN is_restart INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE runs ADD COLUMN ended_at TEXT;
            ALTER TABLE runs ADD COLUMN outcome TEXT;
            ALTER TABLE runs ADD COLUMN run_id TEXT;
            ALTER TABLE tasks ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE tasks ADD COLUMN started_at TEXT;
            ALTER TABLE tasks ADD COLUMN ended_at TEXT;
            CREATE INDEX runs_of_job ON runs (job, id);
            CREATE VIEW run_summaries AS SELECT 1;
            DELETE FROM grdb_migrations WHERE identifier = 'runs in the history';
            """
        )
    }

    /// A database of before there were paths in it.
    @Test func aCheckpointWithoutAPathIsReadAndGetsOne() async throws {
        var old = stored
        old.jobFile = nil
        try await checkpointer().writeCheckpoint(old, for: "job")
        try makeFormer()
        try LockingConnection(file).execute("ALTER TABLE checkpoints DROP COLUMN job_file")
        try LockingConnection(file).execute("DELETE FROM grdb_migrations WHERE identifier = 'job files'")
        #expect(try await checkpointer().readCheckpoint(for: "job") == old)
        try await checkpointer().writeCheckpoint(stored, for: "job")
        #expect(try await checkpointer().readCheckpoint(for: "job") == stored)
    }

    /// A database of before tasks published anything.
    @Test func aCheckpointWithoutOutputsIsReadAndGetsThem() async throws {
        var old = stored
        old.outputs = [:]
        try await checkpointer().writeCheckpoint(old, for: "job")
        try makeFormer()
        try LockingConnection(file).execute("DROP TABLE outputs")
        try LockingConnection(file).execute("DELETE FROM grdb_migrations WHERE identifier = 'outputs'")
        #expect(try await checkpointer().readCheckpoint(for: "job") == old)
        try await checkpointer().writeCheckpoint(stored, for: "job")
        #expect(try await checkpointer().readCheckpoint(for: "job") == stored)
    }

    /// What is read is what was stored, or an error; never anything else, and never a crash.
    @Test func randomDamageNeverCrashesOrDeceives() async throws {
        try await store()
        let intact = try directory.bytes("checkpoints.sqlite")
        var random = SeededGenerator(seed: 7)
        var noticed = 0
        for _ in 0..<1_500 {
            var bytes = intact
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            if random.chance(5) { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
            try directory.write(bytes, to: "checkpoints.sqlite")
            do {
                let contents = try await checkpointer().readCheckpoint(for: "job")
                #expect(contents == stored)
            } catch is SQLiteDatabaseError {
                noticed += 1
            }
        }
        #expect(noticed > 100)
    }
}
