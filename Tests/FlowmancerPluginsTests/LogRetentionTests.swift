import FlowmancerCore
import FlowmancerPlugins
import FoundationEssentials
import Glibc
import TestSupport
import Testing

@Suite struct LogRetentionTests {
    private let directory: TemporaryDirectory
    private let now = Int(Date().timeIntervalSince1970)

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func logger(retentionDays: Int) throws -> FileLogger {
        try configured(
            FileLogger.self,
            ["base_log_dir": .string(directory.path), "retention_days": .int(retentionDays)]
        )
    }

    /// Begins and ends a run, and returns the name of its directory.
    @discardableResult
    private func run(retentionDays: Int) async throws -> String {
        let logger = try logger(retentionDays: retentionDays)
        try await logger.onCreate()
        try await logger.onDestroy()
        return try await name(of: logger)
    }

    private func name(of logger: FileLogger) async throws -> String {
        String(try #require(await logger.runDirectory).dropFirst(directory.path.count + 1))
    }

    /// Makes a directory of a run that is over.
    private func makeRun(_ name: String, _ daysByFile: [String: Int]) throws {
        try directory.makeDirectory(name)
        for (file, days) in daysByFile {
            try directory.write([1], to: "\(name)/\(file)")
            directory.setAge(days * 86_400, of: "\(name)/\(file)", now: now)
        }
    }

    @Test func onlyOldLogsOfRunsAreRemoved() async throws {
        let mark = ".flowmancer-run"
        try makeRun("2020-01-01.00.00.00", [mark: 20, "a.log": 20, "other.txt": 20])
        try makeRun("2020-01-02.00.00.00-2", [mark: 11, "a.log": 12])
        try makeRun("2020-01-03.00.00.00", [mark: 20])
        // A run that took long, and was killed one day ago.
        try makeRun("2020-01-04.00.00.00", [mark: 20, "a.log": 20, "b.log": 1])
        // One that took long, and ended one day ago.
        try makeRun("2020-01-05.00.00.00", [mark: 1, "a.log": 20])
        // Directories of others.
        try makeRun("2020-01-06.00.00.00", ["a.log": 20])
        try makeRun("not-a-run", [mark: 20, "a.log": 20])
        try makeRun("2020-13-01.00.00.00", [mark: 20, "a.log": 20])
        let outside = try TemporaryDirectory()
        for file in [mark, "target.log"] {
            try outside.write([1], to: file)
            outside.setAge(20 * 86_400, of: file, now: now)
        }
        symlink(outside.path, "\(directory.path)/2020-01-07.00.00.00")
        symlink("\(outside.path)/target.log", "\(directory.path)/2020-01-01.00.00.00/link.log")

        let own = try await run(retentionDays: 10)
        #expect(try directory.contents("2020-01-01.00.00.00") == [mark, "link.log", "other.txt"])
        #expect(try directory.contents("2020-01-04.00.00.00") == [mark, "a.log", "b.log"])
        #expect(try directory.contents("2020-01-05.00.00.00") == [mark, "a.log"])
        #expect(try directory.contents("2020-01-06.00.00.00") == ["a.log"])
        #expect(try directory.contents("not-a-run") == [mark, "a.log"])
        #expect(try outside.contents() == [mark, "target.log"])
        let kept = [1, 4, 5, 6, 7].map { "2020-01-0\($0).00.00.00" }
        #expect(try directory.contents() == (kept + ["2020-13-01.00.00.00", "not-a-run", own, "latest"]).sorted())
    }

    @Test(arguments: [-1, 100_000, Int.max])
    func logsAreKept(_ retentionDays: Int) async throws {
        try makeRun("2020-01-01.00.00.00", [".flowmancer-run": 1_000, "a.log": 1_000])
        try await run(retentionDays: retentionDays)
        #expect(try directory.contents("2020-01-01.00.00.00") == [".flowmancer-run", "a.log"])
    }

    @Test func aRunUnderWayKeepsItsLogs() async throws {
        let first = try logger(retentionDays: 10)
        try await first.onCreate()
        try await first.update(TaskLogEvent(jobName: "j", taskName: "a", timestamp: Date(), attempt: 1, kind: .start))
        let old = try await name(of: first)
        // As if it had begun years ago.
        let renamed = "2020-01-01.00.00.00"
        try FileManager.default.moveItem(atPath: "\(directory.path)/\(old)", toPath: "\(directory.path)/\(renamed)")
        for file in [".flowmancer-run", "a.log"] {
            directory.setAge(1_000 * 86_400, of: "\(renamed)/\(file)", now: now)
        }
        try await run(retentionDays: 0)
        #expect(try directory.contents(renamed) == [".flowmancer-run", "a.log"])
        // It notes its end, from which the days count.
        try await first.onDestroy()
        try await run(retentionDays: 1)
        #expect(try directory.contents(renamed) == [".flowmancer-run", "a.log"])
        for file in [".flowmancer-run", "a.log"] {
            directory.setAge(2 * 86_400, of: "\(renamed)/\(file)", now: now)
        }
        try await run(retentionDays: 1)
        #expect(try !directory.contents().contains(renamed))
    }

    @Test func latestLeadsToTheNewestRun() async throws {
        let first = try await run(retentionDays: 10)
        let link = "\(directory.path)/latest"
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == first)
        let second = try await run(retentionDays: 10)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == second)
        #expect(try directory.contents() == [first, second, "latest"].sorted())
    }

    @Test func aLatestOfSomebodyElseIsLeftAlone() async throws {
        let link = "\(directory.path)/latest"
        symlink("elsewhere", link)
        try await run(retentionDays: 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "elsewhere")
        unlink(link)
        try directory.makeDirectory("latest/of/mine")
        try await run(retentionDays: 0)
        #expect(try directory.contents("latest") == ["of"])
    }

    @Test func otherPluginsLearnWhereTheLogsAre() async throws {
        let info = RunInfo(job: JobDefinition(name: "j"), startedAt: Date())
        var context = FlowContext.current
        context.runInfo = info
        let logger = try configured(
            FileLogger.self,
            ["base_log_dir": .string(directory.path), "exclude": .array([.string("quiet*")])]
        )
        try await FlowContext.$taskLocal.withValue(context) { try await logger.onCreate() }
        let run = try await name(of: logger)
        #expect(info.logFiles.path(of: "a/b") == "\(directory.path)/\(run)/a%2Fb.log")
        #expect(info.logFiles.path(of: "quiet-one") == nil)
        try await logger.onDestroy()
    }
}
