import FlowmancerCore
import FlowmancerPlugins
import FlowmancerSystem
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@Suite struct FileCheckpointerTests {
    private let directory: TemporaryDirectory
    private let checkpointer: FileCheckpointer
    private let start = CheckpointContents(name: "job", states: ["a": .pending, "b": .pending])

    init() throws {
        directory = try TemporaryDirectory()
        checkpointer = try configured(
            FileCheckpointer.self,
            ["checkpoint_dir": .string("\(directory.path)/deep/checkpoints")]
        )
    }

    private func journal(_ contents: CheckpointContents? = nil) async throws -> any CheckpointJournal {
        try #require(try await checkpointer.openJournal(for: "job", startingFrom: contents ?? start))
    }

    @Test func aCheckpointIsWrittenReadAndCleared() async throws {
        await #expect(throws: NoCheckpointAvailableError.self) { try await checkpointer.readCheckpoint(for: "job") }
        try await checkpointer.clearCheckpoint(for: "job")
        try await checkpointer.writeCheckpoint(start, for: "job")
        #expect(try await checkpointer.readCheckpoint(for: "job") == start)
        let later = CheckpointContents(name: "job", states: ["a": .completed])
        try await checkpointer.writeCheckpoint(later, for: "job")
        #expect(try await checkpointer.readCheckpoint(for: "job") == later)
        try await checkpointer.clearCheckpoint(for: "job")
        await #expect(throws: NoCheckpointAvailableError.self) { try await checkpointer.readCheckpoint(for: "job") }
        #expect(try directory.contents("deep/checkpoints") == [])
    }

    @Test func stepsAreReadWithoutClosingTheJournal() async throws {
        let journal = try await journal()
        try journal.append([.state(task: "a", .running, attempt: 1), .set(key: "x", JSONText(rawValue: "1"))])
        try journal.append([])
        try journal.append([.state(task: "a", .completed, attempt: 1)])
        let contents = try await checkpointer.readCheckpoint(for: "job")
        #expect(contents.states == ["a": .completed, "b": .pending])
        #expect(contents.sharedDict == ["x": JSONText(rawValue: "1")])
        try journal.synchronize()
        try journal.close()
        try journal.synchronize()
        #expect(throws: FileError.self) { try journal.append([.remove(key: "x")]) }
        #expect(openFiles(below: directory.path) == 0)
    }

    @Test func everythingIsPrivate() async throws {
        let lock = try await checkpointer.acquireLock(for: "job")
        _ = try await journal()
        #expect(directory.mode("deep/checkpoints") == 0o700)
        #expect(directory.mode("deep/checkpoints/job.checkpoint") == 0o600)
        #expect(directory.mode("deep/checkpoints/job.lock") == 0o600)
        lock?.release()
    }

    @Test func whatWasMadeForOthersToSeeBecomesPrivate() async throws {
        try directory.makeDirectory("deep/checkpoints")
        chmod("\(directory.path)/deep/checkpoints", 0o755)
        try await checkpointer.writeCheckpoint(start, for: "job")
        try directory.write([], to: "deep/checkpoints/job.lock")
        for file in ["job.checkpoint", "job.lock"] { chmod("\(directory.path)/deep/checkpoints/\(file)", 0o666) }
        let lock = try await checkpointer.acquireLock(for: "job")
        #expect(directory.mode("deep/checkpoints/job.lock") == 0o600)
        _ = try await checkpointer.readCheckpoint(for: "job")
        #expect(directory.mode("deep/checkpoints/job.checkpoint") == 0o600)
        chmod("\(directory.path)/deep/checkpoints/job.checkpoint", 0o644)
        _ = try await journal()
        #expect(directory.mode("deep/checkpoints/job.checkpoint") == 0o600)
        // The directory may be anything that the user chose: it stays as it is.
        #expect(directory.mode("deep/checkpoints") == 0o755)
        lock?.release()
    }

    @Test(arguments: [true, false])
    func noLinkIsWrittenThrough(isSymbolic: Bool) async throws {
        try directory.makeDirectory("deep/checkpoints")
        try directory.write(Array("precious".utf8), to: "victim")
        let (victim, place) = ("\(directory.path)/victim", "\(directory.path)/deep/checkpoints/job")
        for suffix in ["lock", "checkpoint"] {
            #expect((isSymbolic ? symlink : link)(victim, "\(place).\(suffix)") == 0)
        }
        await #expect(throws: FileError.self) { try await checkpointer.acquireLock(for: "job") }
        unlink("\(place).lock")
        try await checkpointer.writeCheckpoint(start, for: "job")
        try await journal().append([.state(task: "a", .completed, attempt: 1)])
        #expect(try directory.text("victim") == "precious")
        #expect(try await checkpointer.readCheckpoint(for: "job").states["a"] == .completed)
    }

    @Test func aPathWithANulIsRefused() async throws {
        let path = "\(directory.path)/cut\0off"
        let checkpointer = try configured(FileCheckpointer.self, ["checkpoint_dir": .string(path)])
        await #expect(throws: FileError.self) { try await checkpointer.acquireLock(for: "job") }
        await #expect(throws: FileError.self) { try await checkpointer.writeCheckpoint(start, for: "job") }
        #expect(try directory.contents() == [])
    }

    @Test(arguments: ["../escape", "/abs", "a/b", ".", String(repeating: "n", count: 1_000), "日本"])
    func jobNamesStayInTheDirectory(_ name: String) async throws {
        let contents = CheckpointContents(name: name, states: ["a": .failed])
        let lock = try await checkpointer.acquireLock(for: name)
        try await checkpointer.writeCheckpoint(contents, for: name)
        #expect(try await checkpointer.readCheckpoint(for: name) == contents)
        #expect(try directory.contents("deep/checkpoints").count == 2)
        #expect(try directory.contents() == ["deep"])
        lock?.release()
    }

    @Test func aSecondHolderOfTheLockIsRefused() async throws {
        let lock = try #require(try await checkpointer.acquireLock(for: "job"))
        let error = await #expect(throws: CheckpointLockedError.self) { try await checkpointer.acquireLock(for: "job") }
        #expect(error?.holder.hasPrefix("process \(getpid()), since 2") == true)
        let other = try await checkpointer.acquireLock(for: "other")
        lock.release()
        lock.release()
        let next = try await checkpointer.acquireLock(for: "job")
        await #expect(throws: CheckpointLockedError.self) { try await checkpointer.acquireLock(for: "job") }
        lock.release()
        await #expect(throws: CheckpointLockedError.self) { try await checkpointer.acquireLock(for: "job") }
        next?.release()
        other?.release()
        #expect(try directory.contents("deep/checkpoints") == [])
    }

    @Test func aLockFileThatWasLeftBehindDoesNotHinder() async throws {
        try directory.makeDirectory("deep/checkpoints")
        try directory.write(
            Array("process 1, since long ago and much longer than what follows it\n".utf8),
            to: "deep/checkpoints/job.lock"
        )
        let lock = try await checkpointer.acquireLock(for: "job")
        let text = try directory.text("deep/checkpoints/job.lock")
        #expect(text.hasPrefix("process \(getpid()), since 2") && text.hasSuffix("\n") && !text.contains("long"))
        lock?.release()
    }

    /// A process that the holder was starting when it died keeps the lock for a moment.
    @Test func theLockOfADeadProcessIsWaitedFor() throws {
        func hold(_ pid: pid_t) throws -> Int32 {
            try directory.write(Array("process \(pid), since just now\n".utf8), to: "job.lock")
            let file = open("\(directory.path)/job.lock", O_RDWR | O_CLOEXEC)
            #expect(flock(file, LOCK_EX) == 0)
            return file
        }
        func acquire(_ whileWaiting: () -> Void) throws -> FileCheckpointLock {
            try FileCheckpointLock.acquire(in: directory.path, name: "job", now: 0, whileWaiting: whileWaiting)
        }
        let dead = try endedProcess()
        let heir = try hold(dead)
        var turns = 0
        try acquire {
            turns += 1
            if turns == 3 { close(heir) }
        }.release()
        #expect(turns == 3)

        let other = try hold(dead)
        #expect(throws: CheckpointLockedError.self) { try acquire {} }
        close(other)
        let living = try hold(getppid())
        #expect(throws: CheckpointLockedError.self) {
            try acquire { Issue.record("a living process is not waited for") }
        }
        close(living)
    }

    /// The number of a process that is no more.
    private func endedProcess() throws -> pid_t {
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
        defer { free(arguments[0]) }
        try #require(posix_spawn(&pid, "/bin/true", nil, nil, &arguments, environ) == 0)
        waitpid(pid, nil, 0)
        return pid
    }

    @Test func manyThreadsNeverShareTheLock() async throws {
        let counters = Counters()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<300 {
                        guard let lock = try? await checkpointer.acquireLock(for: "job") else { continue }
                        if counters.holders.add(1, ordering: .sequentiallyConsistent).newValue > 1 {
                            counters.conflicts.add(1, ordering: .relaxed)
                        }
                        sched_yield()
                        counters.holders.subtract(1, ordering: .sequentiallyConsistent)
                        lock.release()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(counters.conflicts.load(ordering: .relaxed) == 0)
        #expect(try directory.contents("deep/checkpoints") == [])
    }

    private final class Counters: Sendable {
        let holders = Atomic<Int>(0)
        let conflicts = Atomic<Int>(0)
    }

    /// Whoever opened the file just before its holder removed it must not believe that it has the lock.
    @Test func aLockOnARemovedFileIsNone() throws {
        func acquire(_ whenOpened: () throws -> Void = {}) throws -> FileCheckpointLock {
            try FileCheckpointLock.acquire(in: directory.path, name: "job", now: 0, whenOpened: whenOpened)
        }
        let first = try acquire()
        var third: FileCheckpointLock?
        #expect(throws: CheckpointLockedError.self) {
            try acquire {
                first.release()
                if third == nil { third = try acquire() }
            }
        }
        third?.release()
        var removed: FileCheckpointLock? = try acquire()
        let next = try acquire {
            removed?.release()
            removed = nil
        }
        #expect(throws: CheckpointLockedError.self) { try acquire() }
        next.release()
    }

    @Test func whatACrashLeftIsRemovedWithTheLock() async throws {
        try await checkpointer.writeCheckpoint(CheckpointContents(name: "jobs"), for: "jobs")
        try directory.write([1], to: "deep/checkpoints/.job%tmp-1-1")
        try directory.write([1], to: "deep/checkpoints/.jobs%tmp-1-1")
        let lock = try await checkpointer.acquireLock(for: "job")
        lock?.release()
        #expect(try directory.contents("deep/checkpoints") == [".jobs%tmp-1-1", "jobs.checkpoint"])
    }

    @Test func aJournalIsSynchronizedWhileItIsWrittenAndClosed() async throws {
        let journal = try await journal()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for _ in 0..<50 { try journal.synchronize() } }
            for number in 0..<500 { try journal.append([.set(key: "\(number)", JSONText(rawValue: "0"))]) }
            try journal.close()
            try await group.waitForAll()
        }
        #expect(try await checkpointer.readCheckpoint(for: "job").sharedDict.count == 500)
        #expect(openFiles(below: directory.path) == 0)
    }

    @Test func aLongJournalIsDueForCompaction() async throws {
        let journal = try await journal()
        let value = JSONText(rawValue: "\"\(String(repeating: "x", count: 1 << 20))\"")
        for _ in 0..<15 { try journal.append([.set(key: "x", value)]) }
        #expect(!journal.isDueForCompaction)
        for _ in 0..<2 { try journal.append([.set(key: "x", value)]) }
        #expect(journal.isDueForCompaction)
        let next = try await self.journal(checkpointer.readCheckpoint(for: "job"))
        #expect(!next.isDueForCompaction)
        try next.append([.remove(key: "x")])
        #expect(try await checkpointer.readCheckpoint(for: "job") == start)
    }

    @Test func thingsThatAreNoFilesAreRefused() async throws {
        try directory.makeDirectory("deep/checkpoints")
        let path = "\(directory.path)/deep/checkpoints/job.checkpoint"
        mkfifo(path, 0o600)
        await #expect(throws: CheckpointDamagedError.self) { try await checkpointer.readCheckpoint(for: "job") }
        unlink(path)
        symlink("/etc/passwd", path)
        await #expect(throws: FileError.self) { try await checkpointer.readCheckpoint(for: "job") }
        try await checkpointer.writeCheckpoint(start, for: "job")
        #expect(try await checkpointer.readCheckpoint(for: "job") == start)
    }

    @Test func aDirectoryThatCannotBeMadeIsAClearError() async throws {
        try directory.write([1], to: "deep")
        let error = await #expect(throws: FileError.self) { try await checkpointer.writeCheckpoint(start, for: "job") }
        #expect(error?.description.contains("\(directory.path)/deep/checkpoints") == true)
        #expect(error?.description.contains("checkpoint_dir") == true)
        await #expect(throws: FileError.self) { try await checkpointer.acquireLock(for: "job") }
        await #expect(throws: FileError.self) { try await checkpointer.readCheckpoint(for: "job") }
    }

    @Test func aLargeCheckpointIsReadBack() async throws {
        let names = (0..<20_000).map { "task-\($0)" }
        let journal = try await journal(
            CheckpointContents(
                name: "job",
                states: Dictionary(uniqueKeysWithValues: names.map { ($0, .pending) }),
                fingerprints: Dictionary(uniqueKeysWithValues: names.map { ($0, "0123456789abcdef") })
            )
        )
        for name in names {
            try journal.append([.state(task: name, .running, attempt: 1), .state(task: name, .completed, attempt: 1)])
        }
        let contents = try await checkpointer.readCheckpoint(for: "job")
        #expect(contents.states.values.allSatisfy { $0 == .completed } && contents.states.count == names.count)
    }
}
