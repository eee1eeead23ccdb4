import FlowmancerCore
import FlowmancerPlugins
import FlowmancerSystem
import FoundationEssentials
import Glibc
import Testing

@Suite struct DiskFullTests {
    @Test func aJournalOnAFullDiskStaysValidAndGoesOn() async throws {
        guard let disk = try SmallDisk(bytes: 256 << 10) else { return }
        let checkpointer = try configured(FileCheckpointer.self, ["checkpoint_dir": .string(disk.directory.path)])
        let start = CheckpointContents(name: "job", states: ["a": .pending])
        let journal = try #require(try await checkpointer.openJournal(for: "job", startingFrom: start))
        try journal.append([.state(task: "a", .running, attempt: 1)])
        let size = try disk.directory.bytes("job.checkpoint").count
        disk.fill()
        let large = JSONText(rawValue: "\"\(String(repeating: "x", count: 10_000))\"")
        let failure = #expect(throws: FileError.self) { try journal.append([.set(key: "x", large)]) }
        #expect(failure?.description.contains("No space left on device") == true)
        #expect(try disk.directory.bytes("job.checkpoint").count == size)
        #expect(failure?.description.contains("job.checkpoint") == true)
        var expected = start
        expected.apply(.state(task: "a", .running, attempt: 1))
        #expect(try await checkpointer.readCheckpoint(for: "job") == expected)

        disk.makeRoom()
        try journal.append([.state(task: "a", .completed, attempt: 1)])
        expected.apply(.state(task: "a", .completed, attempt: 1))
        #expect(try await checkpointer.readCheckpoint(for: "job") == expected)
        try journal.close()
    }

    @Test func aCheckpointThatDoesNotFitLeavesTheOldOne() async throws {
        guard let disk = try SmallDisk(bytes: 64 << 10) else { return }
        let checkpointer = try configured(FileCheckpointer.self, ["checkpoint_dir": .string(disk.directory.path)])
        let old = CheckpointContents(name: "job", states: ["a": .completed])
        try await checkpointer.writeCheckpoint(old, for: "job")
        let large = JSONText(rawValue: String(repeating: "1", count: 100_000))
        let new = CheckpointContents(name: "job", sharedDict: ["x": large])
        await #expect(throws: FileError.self) { try await checkpointer.writeCheckpoint(new, for: "job") }
        #expect(try await checkpointer.readCheckpoint(for: "job") == old)
        #expect(try disk.directory.contents() == ["job.checkpoint"])
    }

    @Test func logsGoOnWhenThereIsSpaceAgain() async throws {
        guard let disk = try SmallDisk(bytes: 4 << 20) else { return }
        let logger = try configured(FileLogger.self, ["base_log_dir": .string("\(disk.directory.path)/logs")])
        try await logger.onCreate()
        func line(_ text: String) -> TaskLogEvent {
            TaskLogEvent(jobName: "job", taskName: "a", timestamp: Date(), attempt: 1, kind: .line, message: text)
        }
        try await logger.update(line("first"))
        try await logger.update(TaskLogEvent(jobName: "job", taskName: "a", timestamp: Date(), attempt: 1, kind: .end))
        disk.fill()
        let long = String(repeating: "x", count: 100_000)
        for _ in 0..<30 { try? await logger.update(line(long)) }
        await #expect(throws: FileError.self) { try await logger.update(line(long)) }
        disk.makeRoom()
        try? await logger.update(line("last"))
        try? await logger.onDestroy()
        let run = try #require(try disk.directory.contents("logs").first)
        let lines = try disk.directory.text("logs/\(run)/a.log").split(separator: "\n")
        #expect(lines.first?.hasSuffix("INFO - first") == true)
        #expect(lines.last?.hasSuffix("INFO - last") == true)
        #expect(lines.contains { $0.contains("lines could not be written here: No space left on device") })
    }

    @Test func whatAFullDiskHeldBackIsWrittenInOrder() async throws {
        guard let disk = try SmallDisk(bytes: 1 << 20) else { return }
        let logger = try configured(FileLogger.self, ["base_log_dir": .string("\(disk.directory.path)/logs")])
        try await logger.onCreate()
        let room = open("\(disk.directory.path)/room", O_WRONLY | O_CREAT, 0o600)
        #expect(posix_fallocate(room, 0, 40 << 10) == 0)
        close(room)
        disk.fill()
        unlink("\(disk.directory.path)/room")
        // More than there is room for, in lines of which one is cut.
        for number in 0..<3_000 {
            let message = "\(number) \(String(repeating: "x", count: 100))"
            try? await logger.update(
                TaskLogEvent(
                    jobName: "job",
                    taskName: "a",
                    timestamp: Date(),
                    attempt: 1,
                    kind: .line,
                    message: message
                )
            )
        }
        disk.makeRoom()
        try? await logger.onDestroy()
        let run = try #require(try disk.directory.contents("logs").first)
        let lines = try disk.directory.text("logs/\(run)/a.log").split(separator: "\n")
        #expect(
            lines.compactMap { $0.split(separator: " ").dropFirst(4).first.flatMap { Int($0) } } == Array(0..<3_000)
        )
        #expect(Set(lines.map { $0.suffix(100) }) == [Substring(String(repeating: "x", count: 100))])
    }

    @Test func theLinesThatAreLostAreCounted() async throws {
        guard let disk = try SmallDisk(bytes: 1 << 20) else { return }
        let logger = try configured(FileLogger.self, ["base_log_dir": .string("\(disk.directory.path)/logs")])
        try await logger.onCreate()
        disk.fill()
        // Of more tasks than have a file open, and one with more than is held back.
        for number in 0..<40 {
            let long = String(repeating: "x", count: number == 0 ? 200_000 : 10)
            for _ in 0..<10 {
                try? await logger.update(
                    TaskLogEvent(
                        jobName: "job",
                        taskName: "t\(number)",
                        timestamp: Date(),
                        attempt: 1,
                        kind: .line,
                        message: long
                    )
                )
            }
        }
        let failure = await #expect(throws: (any Error).self) { try await logger.onDestroy() }
        let text = "\(try #require(failure))"
        #expect(text.hasPrefix("400 lines were lost: cannot write the log file '"), "\(text)")
        #expect(text.contains("No space left on device"))
    }

    @Test func aDeviceThatIsFullLosesLinesOfJSON() async throws {
        let logger = try configured(JSONLinesLogger.self, ["path": .string("/dev/full")])
        try await logger.onCreate()
        for kind in [TaskLogEvent.Kind.start, .line, .end] {
            await #expect(throws: FileError.self) {
                try await logger.update(
                    TaskLogEvent(jobName: "job", taskName: "a", timestamp: Date(), attempt: 1, kind: kind)
                )
            }
        }
        let failure = await #expect(throws: (any Error).self) { try await logger.onDestroy() }
        #expect("\(try #require(failure))".hasPrefix("3 lines were lost: cannot write the file '/dev/full': No space"))
    }
}
