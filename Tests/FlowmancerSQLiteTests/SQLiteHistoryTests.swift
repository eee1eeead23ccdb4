import FlowmancerCore
import FlowmancerSQLite
import FlowmancerTesting
import Foundation
import TestSupport
import Testing

/// Most of what a history promises is in `HistoryConformance`; here is what only SQLite has.
struct SQLiteHistoryTests {
    private let directory: TemporaryDirectory
    private let file: String

    init() throws {
        directory = try TemporaryDirectory()
        file = "\(directory.path)/deep/history.sqlite"
    }

    private func history(_ file: String? = nil, keeping count: Int = 50) throws -> SQLiteHistory {
        try configured(
            SQLiteHistory.self,
            ["history_database": .string(file ?? self.file), "keep_runs": .int(count)]
        )
    }

    private func events(_ history: some FlowHistory, _ id: RunID, after number: Int = 0) async throws -> RecordedEvents
    {
        try await #require(try await history.openRun(id, after: number)).next(atMost: 1_000)
    }

    @Test func keepsThePromisesOfAHistory() async throws {
        let file = file
        let report = try await HistoryConformance { count in
            try configured(SQLiteHistory.self, ["history_database": .string(file), "keep_runs": .int(count)])
        }.check()
        #expect(report.inapplicable.isEmpty)
        // With the last connection SQLite removes what it keeps beside the database.
        #expect(try directory.contents("deep") == ["history.sqlite"])
        #expect(openFiles(below: directory.path) == 0)
    }

    @Test func whoOnlyReadsCreatesNothing() async throws {
        let history = try history()
        #expect(try await history.runs(RunQuery()) == RunPage())
        #expect(try await history.openRun(RunID(), after: 0) == nil)
        try await history.removeRun(RunID())
        #expect(try directory.contents().isEmpty)
    }

    @Test func everythingIsPrivate() async throws {
        let run = SampleRun()
        let history = try history()
        let recorder = try await history.beginRun(run.record, run.shape)
        #expect(directory.mode("deep") == 0o700)
        for name in try directory.contents("deep") { #expect(directory.mode("deep/\(name)") == 0o600, "\(name)") }
        try await recorder?.close()
    }

    @Test func ofARunOfAnotherMachineItIsNotKnownWhetherItIsUnderWay() async throws {
        var run = SampleRun()
        run.record.process?.bootID = "another"
        run.record.hostName = "elsewhere"
        try await run.store(in: history(), upTo: 2)
        #expect(try await history().runs(RunQuery()).runs.map(\.state) == [.unknown])
        await #expect(throws: RunUnderWayError.self) { try await history().removeRun(run.record.id) }
        for _ in 0..<3 {
            let other = SampleRun()
            try await other.store(in: history(keeping: 1), upTo: other.events.count)
        }
        #expect(try await history().runs(RunQuery()).runs.map(\.state) == [.succeeded, .unknown])
    }

    /// The engine offers again what could not be stored, and more.
    @Test func whatIsStoredAlreadyIsNotStoredTwice() async throws {
        let run = SampleRun()
        let recorder = try #require(try await history().beginRun(run.record, run.shape))
        try await recorder.append(Array(run.events.prefix(3)))
        try await recorder.append(Array(run.events.prefix(5)))
        try await recorder.append(run.events)
        try await recorder.close()
        #expect(try await events(history(), run.record.id) == RecordedEvents(run.events))
    }

    // MARK: Damage

    @Test func aFileThatIsNoDatabaseIsSaidAndKept() async throws {
        try directory.makeDirectory("deep")
        let text = String(repeating: "This is not a database. ", count: 100)
        try directory.write(Array(text.utf8), to: "deep/history.sqlite")
        let run = SampleRun()
        for attempt in [
            { _ = try await history().runs(RunQuery()) }, { _ = try await history().beginRun(run.record, run.shape) },
            { _ = try await history().openRun(run.record.id, after: 0) },
        ] {
            let error = await #expect(throws: SQLiteDatabaseError.self) { try await attempt() }
            #expect(
                error?.description == """
                    the history database '\(file)' cannot be used: it is not an SQLite database; move the file away: the next run \
                    makes a new one
                    """
            )
        }
        #expect(try directory.text("deep/history.sqlite") == text)
    }

    @Test func theDatabaseOfAnotherProgramStaysAsItIs() async throws {
        try directory.makeDirectory("deep")
        try LockingConnection(file).execute("CREATE TABLE history_runs (id TEXT)")
        let before = try directory.bytes("deep/history.sqlite")
        let run = SampleRun()
        let error = await #expect(throws: SQLiteDatabaseError.self) {
            try await history().beginRun(run.record, run.shape)
        }
        #expect(error?.code == .foreign)
        #expect(error?.description.hasSuffix("choose another file with 'history_database'") == true)
        #expect(try directory.bytes("deep/history.sqlite") == before)
    }

    @Test func aNewerVersionIsRefused() async throws {
        let run = SampleRun()
        try await run.store(in: history(), upTo: 2)
        try LockingConnection(file).execute("UPDATE history_version SET version = 2")
        let error = await #expect(throws: SQLiteDatabaseError.self) { try await history().runs(RunQuery()) }
        #expect(error?.code == .futureVersion)
        #expect(error?.description.contains("upgrade Flowmancer") == true)
    }

    @Test(arguments: [
        "UPDATE history_events SET json = replace(json, '\"b\"', '\"c\"') WHERE number = 6",
        "DELETE FROM history_events WHERE number = 6", "UPDATE history_events SET number = 60 WHERE number = 6",
        "UPDATE history_events SET checksum = 1 WHERE number = 6",
    ])
    func nothingIsReadBehindAnEventThatIsNotAsItWasWritten(_ change: String) async throws {
        let run = SampleRun()
        try await run.store(in: history(), upTo: run.events.count)
        try LockingConnection(file).execute(change)
        let found = try await events(history(), run.record.id)
        #expect(found.events == Array(run.events.prefix(5)))
        #expect(found.problem?.place == file)
        #expect(found.problem?.reason.hasSuffix("what follows is not shown") == true, "\(found.problem as Any)")
    }

    @Test(arguments: [
        "UPDATE history_runs SET record = replace(record, 'sample', 'simple')",
        "UPDATE history_runs SET conclusion = replace(conclusion, 'succeeded', 'failed')",
        "UPDATE history_runs SET conclusion = NULL", "UPDATE history_runs SET record = ''",
        "UPDATE history_runs SET id = '01a22ffd-065f-7a89-9168-2090cfc6d411'",
    ])
    func aRunWhoseEntryIsDamagedIsSaidAndPassedOver(_ change: String) async throws {
        let other = SampleRun()
        try await other.store(in: history(), upTo: 1)
        let run = SampleRun()
        try await run.store(in: history(), upTo: run.events.count)
        try LockingConnection(file).execute("\(change) WHERE id = '\(run.record.id)'")
        let page = try await history().runs(RunQuery())
        #expect(page.runs.map(\.record.id) == [other.record.id])
        #expect(page.problems.count == 1, "\(page.problems)")
    }

    /// What is read is what was stored, or less, or an error; never anything else, and never a crash.
    @Test func randomDamageNeverCrashesOrDeceives() async throws {
        var stored: [RunID: SampleRun] = [:]
        for _ in 0..<5 {
            let run = SampleRun()
            try await run.store(in: history(), upTo: run.events.count)
            stored[run.record.id] = run
        }
        let intact = try directory.bytes("deep/history.sqlite")
        var random = SeededGenerator(seed: 11)
        var noticed = 0
        for _ in 0..<800 {
            var bytes = intact
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            if random.chance(10) { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
            try directory.write(bytes, to: "deep/history.sqlite")
            let history = try history()
            do {
                let page = try await history.runs(RunQuery())
                noticed += page.problems.count
                for run in page.runs {
                    let expected = try #require(stored[run.record.id])
                    #expect(run.record == expected.record && run.end == expected.events.last)
                    guard let reader = try await history.openRun(run.record.id, after: 0) else { continue }
                    let found = try await reader.next(atMost: 100)
                    #expect(found.events == Array(expected.events.prefix(found.events.count)))
                    if let shape = try await reader.shape() { #expect(shape == expected.shape) }
                }
            } catch is SQLiteDatabaseError {
                noticed += 1
            } catch is HistoryError {
                noticed += 1
            }
        }
        #expect(noticed > 50)
    }

    @Test(arguments: ["deep", "deep/history.sqlite", "deep/history.sqlite-wal"])
    func aDatabaseThatIsRemovedDuringARunIsSaidAndMadeAnew(_ removed: String) async throws {
        let run = SampleRun()
        let recorder = try #require(try await history().beginRun(run.record, run.shape))
        try await recorder.append(Array(run.events.prefix(3)))
        try FileManager.default.removeItem(atPath: "\(directory.path)/\(removed)")
        let error = await #expect(throws: SQLiteDatabaseError.self) { try await recorder.append([run.events[3]]) }
        #expect(error?.description.contains("was removed, or replaced by another") == true)
        try await recorder.append(Array(run.events.dropFirst(3)))
        try await recorder.close()
        let found = try await history().runs(RunQuery())
        #expect(found.runs.map(\.state) == [.succeeded])
        #expect(found.problems.isEmpty)
        let events = try await events(history(), run.record.id)
        // Of a database that is still there, SQLite saves what the log had.
        if removed.hasSuffix("-wal"), events.problem == nil { return #expect(events.events == run.events) }
        #expect(events.events.isEmpty)
        #expect(events.problem?.reason.contains("does not have the events 1 to 3") == true, "\(events)")
    }

    @Test func aFullDiskLosesNothingThatIsOfferedAgain() async throws {
        guard let disk = try SmallDisk(bytes: 1 << 20) else { return }
        let file = "\(disk.directory.path)/history.sqlite"
        let record = SampleRun().record
        let recorder = try #require(try await history(file).beginRun(record, RunShape()))
        let events = (1...2_000).map { number in
            let change = StateChange(task: "task \(number)", attempt: 1, from: .pending, to: .running)
            return RecordedEvent(number: number, time: record.startedAt, change)
        }
        try await recorder.append(Array(events.prefix(10)))
        disk.fill()
        let error = await #expect(throws: SQLiteDatabaseError.self) { try await recorder.append(events) }
        #expect(error?.code == .full, "\(error as Any)")
        disk.makeRoom()
        try await recorder.append(events)
        try await recorder.close()
        let reader = try #require(try await history(file).openRun(record.id, after: 0))
        #expect(try await reader.next(atMost: 5_000).events == events)
        try await history(file).onDestroy()
    }

    // MARK: Checkpoints in the same file

    @Test func checkpointsCanBeInTheSameFile() async throws {
        let checkpointer = try configured(SQLiteCheckpointer.self, ["checkpoint_database": .string(file)])
        let contents = CheckpointContents(name: "job", states: ["a": .completed], fingerprints: ["a": "0"])
        let run = SampleRun()
        for isFirst in [true, false] {
            if isFirst { try await run.store(in: history(), upTo: run.events.count) }
            try await checkpointer.writeCheckpoint(contents, for: "job")
            #expect(try await checkpointer.readCheckpoint(for: "job") == contents)
            #expect(try await events(history(), run.record.id).events == run.events)
        }
        try await checkpointer.onDestroy()
        // Damage in one of them does no harm to the other.
        try LockingConnection(file).execute(
            "UPDATE history_events SET checksum = 0; UPDATE history_version SET version = 9"
        )
        #expect(try await checkpointer.readCheckpoint(for: "job") == contents)
        try LockingConnection(file).execute("UPDATE history_version SET version = 1; UPDATE tasks SET checksum = 0")
        #expect(try await history().runs(RunQuery()).runs.count == 1)
    }

    /// The programs that people look into it with find the attempts.
    @Test func attemptsCanBeQueried() async throws {
        let run = SampleRun()
        try await run.store(in: history(), upTo: 6)
        let rows = try LockingConnection(file)
            .rows(
                "SELECT job, task, attempt, state, ended_at IS NULL, reason FROM history_attempts ORDER BY task, attempt"
            )
        #expect(
            rows == ["sample|a|1|failed|0|exit code 1", "sample|a|2|completed|0|NULL", "sample|b|1|running|1|NULL"]
        )
        #expect(try LockingConnection(file).rows("SELECT job, state FROM history_summaries") == ["sample|NULL"])
    }
}
