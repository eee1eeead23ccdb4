import FlowmancerCore
import FlowmancerSQLite
import FlowmancerTesting
import Foundation
import TestSupport
import Testing

/// What becomes of a database of before there were histories.
struct FormerDatabaseTests {
    private let directory: TemporaryDirectory
    private let file: String

    init() throws {
        directory = try TemporaryDirectory()
        file = "\(directory.path)/checkpoints.sqlite"
        try LockingConnection(file).execute(FormerDatabase.sql)
    }

    private func checkpointer() throws -> SQLiteCheckpointer {
        try configured(SQLiteCheckpointer.self, ["checkpoint_database": .string(file)])
    }

    private func history() throws -> SQLiteHistory {
        try configured(SQLiteHistory.self, ["history_database": .string(file)])
    }

    private func digest(_ run: KeptRun) async throws -> [String: String] {
        let reader = try #require(try await history().openRun(run.record.id, after: 0))
        var digest = RunDigest(try #require(try await reader.shape()))
        let found = try await reader.next(atMost: 1_000)
        #expect(found.problem == nil)
        for event in found.events { digest.apply(event) }
        #expect(digest.missingEvents == 0 && digest.unknownEvents == 0)
        if let counts = run.end?.conclusion?.counts { #expect(digest.counts.filter { $0.value > 0 } == counts) }
        return Dictionary(
            uniqueKeysWithValues: digest.nodes.indices.map { node in
                let task = digest.tasks[node]
                let attempts = task.attempts.map { "\($0.number)" }.joined(separator: ",")
                return (digest.nodes[node].name, "\(task.state) \(attempts)")
            }
        )
    }

    /// Whoever comes first takes care of it.
    @Test(arguments: [true, false])
    func itsRunsAreInTheHistory(_ isCheckpointerFirst: Bool) async throws {
        if isCheckpointerFirst { _ = try? await checkpointer().readCheckpoint(for: "nightly") }
        let page = try await history().runs(RunQuery())
        #expect(page.problems.isEmpty)
        #expect(page.runs.map(\.record.jobName) == ["other", "nightly", "nightly", "nightly", "nightly"])
        #expect(page.runs.map(\.state) == [.unknown, .succeeded, .aborted, .interrupted, .succeeded])
        #expect(page.runs.map { $0.record.id.description }.first == "01a22ffd-16af-744e-89bc-d733ed57e4d9")
        #expect(page.runs[1].record.startedAt == Date(timeIntervalSince1970: 1_796_101_444.616))
        #expect(page.runs[1].endedAt == Date(timeIntervalSince1970: 1_796_101_444.711))
        #expect(
            try await digest(page.runs[0])
                == ["fetch": "completed 1", "load": "failed 2", "report": "defaulted ", "wait": "running 1"]
        )
        #expect(
            try await digest(page.runs[1])
                == ["fetch": "completed ", "load": "completed ", "report": "completed 1", "wait": "completed 1"]
        )
        #expect(
            try await digest(page.runs[2])
                == ["fetch": "completed 1", "load": "completed 1", "report": "pending ", "wait": "aborted 1"]
        )
    }

    @Test func itsCheckpointsAreLeft() async throws {
        let contents = try await checkpointer().readCheckpoint(for: "other")
        #expect(
            contents.states == ["fetch": .completed, "load": .failed, "report": .defaulted, "wait": .running]
        )
        #expect(contents.jobFile == "/srv/jobs/other.yaml")
        #expect(contents.fingerprints.count == 4)
        await #expect(throws: NoCheckpointAvailableError.self) {
            try await checkpointer().readCheckpoint(for: "nightly")
        }
        #expect(try LockingConnection(file).rows("SELECT DISTINCT run FROM tasks") == ["5"])
        #expect(try LockingConnection(file).rows("SELECT id, job FROM current_runs") == ["5|other"])
        #expect(try LockingConnection(file).rows("PRAGMA integrity_check") == ["ok"])
        var next = contents
        next.states["wait"] = .completed
        try await checkpointer().writeCheckpoint(next, for: "other")
        #expect(try await checkpointer().readCheckpoint(for: "other") == next)
    }

    @Test func manyMigrateItAtTheSameTime() async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    if number % 2 == 0 {
                        _ = try await checkpointer().readCheckpoint(for: "other")
                    } else {
                        #expect(try await history().runs(RunQuery()).runs.count == 5)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await history().runs(RunQuery()).runs.count == 5)
    }

    /// All of it is one transaction.
    @Test func aMigrationThatFailsChangesNothing() async throws {
        try LockingConnection(file).execute("CREATE TABLE history_events (obstacle TEXT)")
        let before = try LockingConnection(file).rows("SELECT * FROM runs")
        await #expect(throws: SQLiteDatabaseError.self) { try await checkpointer().readCheckpoint(for: "other") }
        #expect(try LockingConnection(file).rows("SELECT * FROM runs") == before)
        #expect(try LockingConnection(file).rows("SELECT count(*) FROM tasks") == ["20"])
        try LockingConnection(file).execute("DROP TABLE history_events")
        #expect(try await checkpointer().readCheckpoint(for: "other").states.count == 4)
        #expect(try await history().runs(RunQuery()).runs.count == 5)
    }
}
