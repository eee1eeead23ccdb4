import FlowmancerCore
import FlowmancerPlugins
import FlowmancerSystem
import FoundationEssentials
import Glibc
import Testing

@Suite struct FileLoggerTests {
    private let directory: TemporaryDirectory
    private let start = Date(timeIntervalSince1970: 1_714_557_600)

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func event(_ task: String, _ kind: TaskLogEvent.Kind, at date: Date? = nil) -> TaskLogEvent {
        TaskLogEvent(jobName: "job", taskName: task, timestamp: date ?? start, attempt: 1, kind: kind)
    }

    private func line(_ task: String, _ message: String, _ severity: Severity = .info) -> TaskLogEvent {
        var event = event(task, .line)
        (event.severity, event.message) = (severity, message)
        return event
    }

    private func logger(retentionDays: Int = 10) throws -> FileLogger {
        try configured(
            FileLogger.self,
            ["base_log_dir": .string(directory.path), "retention_days": .int(retentionDays)]
        )
    }

    /// The files of a run's directory, without the mark.
    private func logs(_ name: String, in base: TemporaryDirectory? = nil) throws -> [String] {
        try (base ?? directory).contents(name).filter { !$0.hasPrefix(".") }
    }

    private func stamp(_ date: Date) -> String {
        var writer = TimestampWriter()
        var buffer: [UInt8] = []
        writer.append(date, to: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Runs one logger over events, and returns the name of the run's directory.
    private func run(_ logger: FileLogger, _ events: [TaskLogEvent]) async throws -> String {
        try await logger.onCreate()
        for event in events { try await logger.update(event) }
        try await logger.onDestroy()
        let path = try #require(await logger.runDirectory)
        return String(path.dropFirst(directory.path.count + 1))
    }

    @Test func linesHaveTheFormOfTheOriginal() async throws {
        let later = start.addingTimeInterval(1.25)
        var logged = line("a", "careful", .warning)
        logged.timestamp = later
        logged.metadata = ["key": "value", "a": "b c", "quote": "\"\n"]
        let name = try await run(
            logger(),
            [
                event("a", .start), line("a", "hello"), line("a", "", .error), logged, event("a", .end),
                event("a", .start), line("a", "again", .critical), event("a", .end), event("silent", .start),
                event("silent", .end),
            ]
        )
        let first = stamp(start)
        #expect(
            try directory.text("\(name)/a.log") == """
                [\(first)] INFO - hello
                [\(first)] ERROR - \n\
                [\(stamp(later))] WARNING - careful a="b c" key=value quote="\\"\\n"
                [\(first)] CRITICAL - again

                """
        )
        #expect(try logs(name) == ["a.log", "silent.log"])
        #expect(RunDirectory.time(from: name) != nil)
    }

    @Test func bytesThatAreNotUTF8AreWrittenAsTheyAre() async throws {
        var broken = line("a", "\u{FFFD}x")
        broken.rawBytes = [0xFF, 0x00, 0x78, 0x0D]
        let name = try await run(logger(), [broken])
        #expect(
            try directory.bytes("\(name)/a.log") == Array("[\(stamp(start))] INFO - ".utf8) + broken.rawBytes + [10]
        )
    }

    @Test func aLineOfTenMegabytesIsKeptWhole() async throws {
        let long = String(repeating: "0123456789", count: 1 << 20)
        let name = try await run(logger(), [line("a", "before"), line("a", long), line("a", "after")])
        let lines = try directory.bytes("\(name)/a.log").split(separator: 10)
        let prefix = "[\(stamp(start))] INFO - ".utf8.count
        #expect(lines.map { $0.count - prefix } == [6, long.utf8.count, 5])
    }

    @Test func manyTasksShareFewDescriptors() async throws {
        let logger = try logger()
        try await logger.onCreate()
        var most = 0
        let tasks = (0..<5_000).map { "task-\($0)" }
        for (index, task) in tasks.enumerated() {
            try await logger.update(event(task, .start))
            try await logger.update(line(task, "one"))
            if index % 500 == 0 { most = max(most, openFiles(below: directory.path)) }
        }
        for task in tasks { try await logger.update(line(task, "two")) }
        most = max(most, openFiles(below: directory.path))
        // The directory and its mark are among them.
        #expect((1...34).contains(most))
        try await logger.onDestroy()
        #expect(openFiles(below: directory.path) == 0)
        let name = try #require(try directory.contents().first)
        #expect(try logs(name).count == 5_000)
        for task in tasks {
            let text = try directory.text("\(name)/\(task).log")
            #expect(text.split(separator: "\n").map { $0.suffix(3) } == ["one", "two"])
        }
    }

    @Test func linesReachTheFileWithoutAFurtherEvent() async throws {
        let logger = FileLogger(now: { Date() }, pause: {})
        try await use(logger)
    }

    private func use(_ logger: FileLogger) async throws {
        // Parameters of an instance that no job made are set through the binder's way.
        for entry in ParameterBinder.parameters(of: logger) where entry.key == "base_log_dir" {
            var issues: [JobIssue] = []
            entry.parameter.bind(.string(directory.path), at: ParameterPath(), issues: &issues)
        }
        try await logger.onCreate()
        try await logger.update(line("a", "hello"))
        await logger.waitForFlush()
        let name = try #require(try directory.contents().first)
        #expect(try directory.text("\(name)/a.log").hasSuffix("hello\n"))
        try await logger.onDestroy()
    }

    @Test func twoRunsInOneSecondHaveDirectoriesOfTheirOwn() throws {
        let time = LocalTime(secondsSince1970: 1_714_557_600)
        let paths = try (0..<3).map { _ in try RunDirectory.create(in: "\(directory.path)/deep/logs", at: time).path }
        let name = RunDirectory.name(for: time)
        #expect(paths.map { $0.dropFirst(directory.path.count + 11) } == ["\(name)", "\(name)-2", "\(name)-3"])
    }

    @Test func noTaskNameLeadsOutOfTheDirectory() async throws {
        let names = ["../../escape", "/etc/x", "..", "a/b/c", String(repeating: "long/", count: 100)]
        let name = try await run(logger(), names.flatMap { [event($0, .start), line($0, "x"), event($0, .end)] })
        #expect(try directory.contents() == [name, "latest"])
        #expect(try logs(name).count == names.count)
    }

    @Test func aRemovedDirectoryIsMadeAgain() async throws {
        let logger = try logger()
        try await logger.onCreate()
        try await logger.update(event("a", .start))
        let path = try #require(await logger.runDirectory)
        try FileManager.default.removeItem(atPath: path)
        try await logger.update(line("a", "first"))
        try await logger.update(event("b", .start))
        try await logger.onDestroy()
        let name = try #require(try directory.contents().first)
        #expect(try directory.contents(name) == [".flowmancer-run", "a.log", "b.log"])
        #expect(try directory.text("\(name)/a.log").hasSuffix("first\n"))
    }

    @Test func whatIsPutInPlaceOfTheDirectoryGetsNoLines() async throws {
        let outside = try TemporaryDirectory()
        let logger = try logger()
        try await logger.onCreate()
        try await logger.update(event("a", .start))
        let path = try #require(await logger.runDirectory)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".moved")
        symlink(outside.path, path)
        try await logger.update(line("a", "first"))
        try await logger.update(event("b", .start))
        try await logger.update(line("b", "second"))
        try await logger.onDestroy()
        #expect(try outside.contents() == [])
        let moved = try #require(try directory.contents().first { $0.hasSuffix(".moved") })
        #expect(try logs(moved) == ["a.log", "b.log"])
    }

    @Test func aLinkInPlaceOfARemovedDirectoryIsNotFollowed() async throws {
        let outside = try TemporaryDirectory()
        let logger = try logger()
        try await logger.onCreate()
        let path = try #require(await logger.runDirectory)
        try FileManager.default.removeItem(atPath: path)
        symlink(outside.path, path)
        await #expect(throws: FileError.self) { try await logger.update(event("a", .start)) }
        #expect(try outside.contents() == [])
    }

    @Test func aLinkInPlaceOfALogFileIsNotFollowed() async throws {
        let outside = try TemporaryDirectory()
        try outside.write(Array("precious".utf8), to: "victim")
        let logger = try logger()
        try await logger.onCreate()
        let path = try #require(await logger.runDirectory)
        symlink("\(outside.path)/victim", "\(path)/a.log")
        symlink("\(outside.path)/new", "\(path)/b.log")
        for task in ["a", "b"] {
            await #expect(throws: FileError.self) { try await logger.update(event(task, .start)) }
        }
        #expect(try outside.text("victim") == "precious")
        #expect(try outside.contents() == ["victim"])
    }

    @Test func aDirectoryThatIsALinkIsUsed() async throws {
        let target = try TemporaryDirectory()
        symlink(target.path, "\(directory.path)/link")
        let logger = try configured(FileLogger.self, ["base_log_dir": .string("\(directory.path)/link")])
        try await logger.onCreate()
        try await logger.update(event("a", .start))
        try await logger.onDestroy()
        #expect(try logs(try #require(target.contents().first), in: target) == ["a.log"])
    }

    @Test func aPathWithANulIsRefused() async throws {
        let logger = try configured(FileLogger.self, ["base_log_dir": .string("\(directory.path)/cut\0off")])
        await #expect(throws: FileError.self) { try await logger.onCreate() }
        #expect(try directory.contents() == [])
    }

    @Test func aFileThatCannotBeWrittenLeavesTheOthersAlone() async throws {
        let logger = try logger()
        try await logger.onCreate()
        let name = try #require(try directory.contents().first)
        try directory.makeDirectory("\(name)/bad.log")
        let failure = await #expect(throws: FileError.self) { try await logger.update(event("bad", .start)) }
        #expect(failure?.description.contains("\(name)/bad.log") == true)
        #expect(failure?.description.contains("base_log_dir") == true)
        try? await logger.update(line("bad", "kept"))
        try? await logger.update(line("good", "x"))
        try FileManager.default.removeItem(atPath: "\(directory.path)/\(name)/bad.log")
        try? await logger.update(event("bad", .end))
        try? await logger.onDestroy()
        #expect(try directory.text("\(name)/bad.log").hasSuffix("kept\n"))
        #expect(try directory.text("\(name)/good.log").hasSuffix("x\n"))
    }

    @Test(arguments: [
        ("2024-05-01.12.00.00", true), ("2024-05-01.12.00.00-12", true), ("2024-05-01.12.00.00-", false),
        ("2024-05-01.12.00.00-x", false), ("2024-05-01.25.00.00", false), ("2024-05-01 12:00:00", false),
        ("2024-05-01.12.00.00.bak", false), ("", false), ("２024-05-01.12.00.00", false),
    ])
    func namesOfRunDirectoriesAreRecognised(_ name: String, _ expected: Bool) {
        #expect((RunDirectory.time(from: name) != nil) == expected)
    }
}
