import Flowmancer
import FlowmancerSQLite
import FlowmancerTesting
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct SQLiteCheckpointerTests {
    private let directory: TemporaryDirectory
    private let start = CheckpointContents(
        name: "job",
        states: ["a": .pending, "b": .pending],
        fingerprints: ["a": "0123456789abcdef"]
    )

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func checkpointer(_ file: String = "deep/checkpoints.sqlite") throws -> SQLiteCheckpointer {
        try configured(SQLiteCheckpointer.self, ["checkpoint_database": .string("\(directory.path)/\(file)")])
    }

    private func journal(
        _ checkpointer: SQLiteCheckpointer,
        _ contents: CheckpointContents? = nil
    ) async throws -> any CheckpointJournal {
        try #require(try await checkpointer.openJournal(for: "job", startingFrom: contents ?? start))
    }

    @Test func itKeepsAllPromisesOfACheckpointer() async throws {
        let report = try await CheckpointerConformance { try checkpointer() }.check()
        #expect(report.inapplicable == [])
        // With the last connection SQLite removes what it keeps beside the database.
        #expect(try directory.contents("deep") == ["checkpoints.sqlite"])
        #expect(openFiles(below: directory.path) == 0)
    }

    @Test func readingCreatesNothing() async throws {
        await #expect(throws: NoCheckpointAvailableError.self) {
            try await checkpointer().readCheckpoint(for: "job")
        }
        try await checkpointer().clearCheckpoint(for: "job")
        #expect(try directory.contents() == [])
    }

    @Test func everythingIsPrivate() async throws {
        let checkpointer = try checkpointer()
        let lock = try await checkpointer.acquireLock(for: "job")
        let journal = try await journal(checkpointer)
        #expect(directory.mode("deep") == 0o700)
        let names = try directory.contents("deep")
        #expect(names.count == 4, "\(names)")
        for name in names { #expect(directory.mode("deep/\(name)") == 0o600, "\(name)") }
        try journal.close()
        lock?.release()
    }

    @Test func whatWasMadeForOthersToSeeBecomesPrivate() async throws {
        try directory.makeDirectory("deep")
        chmod("\(directory.path)/deep", 0o755)
        try directory.write([], to: "deep/checkpoints.sqlite")
        chmod("\(directory.path)/deep/checkpoints.sqlite", 0o666)
        try await checkpointer().writeCheckpoint(start, for: "job")
        #expect(directory.mode("deep/checkpoints.sqlite") == 0o600)
        // The directory may be anything that the user chose: it stays as it is.
        #expect(directory.mode("deep") == 0o755)
    }

    @Test(arguments: ["", "-wal", "-shm", "-lock-"], [true, false])
    func noLinkIsWrittenThrough(suffix: String, isSymbolic: Bool) async throws {
        try directory.makeDirectory("deep")
        try directory.write(Array("precious".utf8), to: "victim")
        var place = "checkpoints.sqlite\(suffix)"
        if suffix == "-lock-" {
            let lock = try await checkpointer().acquireLock(for: "job")
            place = try #require(try directory.contents("deep").first { $0.contains("-lock-") })
            lock?.release()
        }
        let path = "\(directory.path)/deep/\(place)"
        #expect((isSymbolic ? symlink : link)("\(directory.path)/victim", path) == 0)
        do {
            let checkpointer = try checkpointer()
            _ = try await checkpointer.acquireLock(for: "job")
            try await checkpointer.writeCheckpoint(start, for: "job")
            // What is no database of ours may be replaced, but not written through.
            #expect(suffix == "-shm" || suffix == "-wal")
        } catch let error as SQLiteDatabaseError {
            #expect(error.description.contains("checkpoints.sqlite"))
        }
        #expect(try directory.text("victim") == "precious")
    }

    @Test(arguments: ["cut\0off.sqlite", "", "deep/", "/dev/null/x"])
    func impossiblePathsAreRefused(_ file: String) async throws {
        let checkpointer = try configured(
            SQLiteCheckpointer.self,
            ["checkpoint_database": .string(file.hasPrefix("/") || file.isEmpty ? file : "\(directory.path)/\(file)")]
        )
        await #expect(throws: SQLiteDatabaseError.self) { try await checkpointer.acquireLock(for: "job") }
        await #expect(throws: SQLiteDatabaseError.self) { try await checkpointer.writeCheckpoint(start, for: "job") }
        #expect(try directory.contents() == [])
    }

    @Test func aDirectoryInPlaceOfTheDatabaseIsAClearError() async throws {
        try directory.makeDirectory("deep/checkpoints.sqlite")
        let error = await #expect(throws: SQLiteDatabaseError.self) {
            try await checkpointer().writeCheckpoint(start, for: "job")
        }
        #expect(error?.description.contains("it is a link, or not a regular file") == true)
    }

    @Test func aSecondHolderOfTheLockIsToldWhoHasIt() async throws {
        let first = try checkpointer()
        let lock = try await first.acquireLock(for: "job")
        let early = await #expect(throws: CheckpointLockedError.self) {
            try await checkpointer().acquireLock(for: "job")
        }
        #expect(early?.holder == "its process is not known")
        _ = try await journal(first)
        let error = await #expect(throws: CheckpointLockedError.self) {
            try await checkpointer().acquireLock(for: "job")
        }
        #expect(error?.holder.hasPrefix("process \(getpid()), since 2") == true)
        lock?.release()
        #expect(try directory.contents("deep").filter { $0.contains("-lock-") } == [])
    }

    @Test func manyThreadsNeverShareTheLock() async throws {
        let counters = Counters()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let checkpointer = try checkpointer()
                    for _ in 0..<60 {
                        guard let lock = try? await checkpointer.acquireLock(for: "job") else { continue }
                        counters.enter()
                        sched_yield()
                        counters.leave()
                        lock.release()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(counters.conflicts == 0)
        #expect(counters.entries > 0)
    }

    @Test func manyJobsCreateTheDatabaseTogether() async throws {
        // How far the first has come with it when another looks is different each time.
        for round in 0..<40 {
            let file = "\(round)/checkpoints.sqlite"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for job in 0..<4 {
                    group.addTask {
                        try await checkpointer(file).openJournal(for: "job \(job)", startingFrom: start)?.close()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func aClosedJournalRefusesWork() async throws {
        let journal = try await journal(checkpointer())
        try journal.close()
        try journal.synchronize()
        let error = #expect(throws: SQLiteDatabaseError.self) { try journal.append([.remove(key: "x")]) }
        #expect(error?.code == .unusable)
    }

    @Test func aLongLogIsCarriedOverWhileTheJournalGoesOn() async throws {
        let checkpointer = try checkpointer()
        let journal = try await journal(checkpointer)
        let large = String(repeating: "x", count: 1 << 20)
        for number in 0..<20 {
            for _ in 0..<5 { try journal.append([.set(key: "x", JSONText(rawValue: "\"\(number)\(large)\""))]) }
            try journal.synchronize()
        }
        // A hundred megabytes were written.
        #expect(try directory.bytes("deep/checkpoints.sqlite-wal").count < 90 << 20)
        #expect(try directory.bytes("deep/checkpoints.sqlite").count < 20 << 20)
        #expect(try await checkpointer.readCheckpoint(for: "job").sharedDict["x"]?.rawValue.hasPrefix("\"19x") == true)
        try journal.close()
    }

    @Test func anotherProgramThatLocksTheDatabaseIsWaitedForAndNamed() async throws {
        let file = "\(directory.path)/deep/checkpoints.sqlite"
        let impatient = SQLiteCheckpointer(checkpointDatabase: file, patience: .milliseconds(50))
        let journal = try await journal(impatient)
        let other = try LockingConnection(file)
        try other.execute("BEGIN IMMEDIATE")
        let error = #expect(throws: SQLiteDatabaseError.self) {
            try journal.append([.state(task: "a", .running, attempt: 1)])
        }
        #expect(error?.code == .busy)
        #expect(error?.description.contains("another program has kept it locked for 0.05 s") == true)
        // Reading is always possible.
        #expect(try await impatient.readCheckpoint(for: "job") == start)
        try other.execute("COMMIT")
        try journal.append([.state(task: "a", .completed, attempt: 1)])
        #expect(try await impatient.readCheckpoint(for: "job").states["a"] == .completed)
        try journal.close()
    }

    @Test func aFullDiskIsAnErrorThatPasses() async throws {
        guard let disk = try SmallDisk(bytes: 1 << 20) else { return }
        let checkpointer = try configured(
            SQLiteCheckpointer.self,
            ["checkpoint_database": .string("\(disk.directory.path)/checkpoints.sqlite")]
        )
        let journal = try await journal(checkpointer)
        try journal.append([.state(task: "a", .running, attempt: 1)])
        disk.fill()
        let large = JSONText(rawValue: "\"\(String(repeating: "x", count: 500_000))\"")
        let error = #expect(throws: SQLiteDatabaseError.self) { try journal.append([.set(key: "x", large)]) }
        #expect(error?.code == .full)
        #expect(error?.description.contains("free some space") == true)
        var expected = start
        expected.states["a"] = .running
        #expect(try await checkpointer.readCheckpoint(for: "job") == expected)
        disk.makeRoom()
        try journal.append([.state(task: "a", .completed, attempt: 1)])
        try journal.synchronize()
        expected.states["a"] = .completed
        #expect(try await checkpointer.readCheckpoint(for: "job") == expected)
        try journal.close()
    }

    @Test(.enabled(if: geteuid() == 0, "only root can set permissions that it has not"))
    func aReadOnlyPlaceIsAnErrorInWords() async throws {
        // Root may write everywhere but on a file system that is read-only.
        guard let disk = try SmallDisk(bytes: 1 << 20) else { return }
        let file = "\(disk.directory.path)/checkpoints.sqlite"
        let checkpointer = try configured(SQLiteCheckpointer.self, ["checkpoint_database": .string(file)])
        try await checkpointer.writeCheckpoint(start, for: "job")
        try await checkpointer.onDestroy()
        #expect(mount("tmpfs", disk.directory.path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0)
        for attempt in [
            { _ = try await checkpointer.writeCheckpoint(start, for: "job") },
            { _ = try await checkpointer.acquireLock(for: "job") },
        ] {
            let error = await #expect(throws: SQLiteDatabaseError.self) { try await attempt() }
            #expect(error?.description.contains("writable") == true, "\(error?.description ?? "")")
        }
    }
}
