import Dispatch
import FlowmancerCore
import FlowmancerPlugins
import FlowmancerSystem
import FlowmancerTerminal
import Foundation
import Glibc
import OrderedCollections
import Synchronization
import SystemPackage
import Testing

@Suite struct JSONLinesLoggerTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private let run = RunID()

    private func event(
        _ kind: TaskLogEvent.Kind,
        _ message: String = "",
        _ severity: Severity = .info,
        metadata: [String: String] = [:],
        raw: [UInt8] = []
    ) -> TaskLogEvent {
        TaskLogEvent(
            runID: run,
            jobName: "the \"job\"",
            taskName: "fetch",
            timestamp: Date(timeIntervalSince1970: 1_714_557_600.25),
            attempt: 2,
            kind: kind,
            severity: severity,
            message: message,
            metadata: metadata,
            rawBytes: raw
        )
    }

    private func line(_ message: String, _ severity: Severity = .info) -> TaskLogEvent {
        event(.line, message, severity)
    }

    private func logger(_ path: String, _ more: [(String, ParameterValue)] = []) throws -> JSONLinesLogger {
        var parameters: OrderedDictionary<String, ParameterValue> = ["path": .string(path)]
        for (key, value) in more { parameters[key] = value }
        return try configured(JSONLinesLogger.self, parameters)
    }

    private func objects(_ name: String) throws -> [[String: Any]] {
        try directory.text(name).split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    @Test func everyEventIsAnObject() async throws {
        let logger = try logger("\(directory.path)/a/b/events.jsonl")
        try await logger.onCreate()
        try await logger.update(event(.start))
        try await logger.update(line("tab\t, \"quotes\", \\, \u{1}, é 🎈, \u{2028}", .error))
        try await logger.update(event(.line, "m", metadata: ["k\"": "v\n", "a": "b"]))
        try await logger.update(event(.line, "\u{FFFD}", raw: [0xFF, 0x00]))
        try await logger.update(event(.end))
        let objects = try objects("a/b/events.jsonl")
        try #require(objects.count == 5)
        #expect(objects.map { $0["kind"] as? String } == ["start", "write", "write", "write", "end"])
        for object in objects {
            #expect(object["run"] as? String == "\(run)")
            #expect(object["job"] as? String == "the \"job\"")
            #expect(object["task"] as? String == "fetch")
            #expect(object["attempt"] as? Int == 2)
        }
        #expect(Set(objects[0].keys) == ["timestamp", "run", "job", "task", "attempt", "kind"])
        #expect(objects[1]["message"] as? String == "tab\t, \"quotes\", \\, \u{1}, é 🎈, \u{2028}")
        #expect(objects[1]["severity"] as? String == "ERROR")
        #expect(objects[2]["metadata"] as? [String: String] == ["k\"": "v\n", "a": "b"])
        #expect(objects[3]["raw"] as? String == "/wA=")
    }

    @Test func theGroupOfATaskIsAMember() throws {
        var event = line("x")
        event.groupName = "fetch \"all\""
        var bytes: [UInt8] = []
        var form = JSONLine()
        form.append(event, to: &bytes)
        let object = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(object["group"] as? String == "fetch \"all\"")
        #expect(object["task"] as? String == "fetch")
    }

    @Test func timestampsAreISO8601WithFractions() throws {
        var buffer: [UInt8] = []
        var form = JSONLine(
            timestamps: TimestampWriter(separator: "T") { _ in
                LocalTime(year: 2024, month: 5, day: 1, hour: 12, minute: 0, second: 0, offset: 7_200)
            }
        )
        form.append(event(.start), to: &buffer)
        let text = String(decoding: buffer, as: UTF8.self)
        #expect(text.hasPrefix(#"{"timestamp":"2024-05-01T12:00:00.250000+02:00","run":"#))
    }

    @Test func linesAreAddedToAPrivateFileThatExists() async throws {
        try directory.write(Array("{}\n".utf8), to: "events.jsonl")
        try await logger("\(directory.path)/events.jsonl").update(line("x"))
        #expect(try objects("events.jsonl").count == 2)
        try await logger("\(directory.path)/new.jsonl").update(line("x"))
        #expect(directory.mode("new.jsonl") == 0o600)
    }

    @Test func aFileThatWasRemovedIsMadeAnew() async throws {
        let logger = try logger("\(directory.path)/events.jsonl")
        try await logger.update(line("1"))
        try FileManager.default.removeItem(atPath: "\(directory.path)/events.jsonl")
        try await logger.update(line("2"))
        #expect(try objects("events.jsonl").map { $0["message"] as? String } == ["2"])
    }

    @Test func anEventDoesNotJoinHalfALineOfAnEarlierRun() async throws {
        for (rest, text) in [("{\"half", "{\"half\n"), ("{}\n", "{}\n"), ("", "")] {
            try directory.write(Array(rest.utf8), to: "events.jsonl")
            try await logger("\(directory.path)/events.jsonl").update(line("hello"))
            let lines = try directory.text("events.jsonl")
            #expect(lines.hasPrefix("\(text){\"timestamp\""), "\(lines)")
        }
    }

    /// More than a pipe holds, read in small pieces.
    @Test func aReaderOfAPipeIsWaitedFor() async throws {
        let path = "\(directory.path)/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        #expect(fcntl(reader, F_SETFL, 0) == 0)
        let reading = DispatchQueue(label: "reader")
        let text = Mutex("")
        do {
            let logger = try logger(path)
            try await logger.onCreate()
            // On a thread of its own: the logger may take those that tests share. With no writer, a pipe is at its end.
            reading.async {
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 1000)
                while case let count = Glibc.read(reader, &buffer, 1000), count > 0 { bytes += buffer[..<count] }
                close(reader)
                text.withLock { $0 = String(decoding: bytes, as: UTF8.self) }
            }
            for number in 1...300 { try await logger.update(line("\(number) " + String(repeating: "x", count: 5000))) }
        }
        reading.sync {}
        let lines = text.withLock { $0 }.split(separator: "\n")
        #expect(lines.count == 300)
        for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }

    @Test func aFileThatCannotBeWrittenIsAnErrorThatSaysSo() async throws {
        try directory.makeDirectory("taken")
        let logger = try logger("\(directory.path)/taken")
        let error = await #expect(throws: FileError.self) { try await logger.onCreate() }
        #expect("\(try #require(error))".contains("cannot write the file '\(directory.path)/taken'"))
    }

    @Test func aLinkInPlaceOfTheFileIsNotFollowed() async throws {
        try directory.write(Array("precious".utf8), to: "target")
        try FileManager.default.createSymbolicLink(
            atPath: "\(directory.path)/events.jsonl",
            withDestinationPath: "\(directory.path)/target"
        )
        let logger = try logger("\(directory.path)/events.jsonl")
        let error = await #expect(throws: FileError.self) { try await logger.onCreate() }
        #expect(error?.reason == .tooManySymbolicLinkLevels)
        await #expect(throws: FileError.self) { try await logger.update(line("x")) }
        #expect(try directory.text("target") == "precious")
    }

    @Test func aDirectoryThatIsALinkIsUsed() async throws {
        try directory.makeDirectory("real")
        try FileManager.default.createSymbolicLink(
            atPath: "\(directory.path)/logs",
            withDestinationPath: "\(directory.path)/real"
        )
        try await logger("\(directory.path)/logs/events.jsonl").update(line("x"))
        #expect(try objects("real/events.jsonl").count == 1)
    }

    @Test func theSystemsLinksToOpenFilesAreFollowed() async throws {
        let file = open("\(directory.path)/opened", O_WRONLY | O_CREAT, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        try await logger("/dev/fd/\(file)").update(line("x"))
        #expect(try objects("opened").count == 1)
    }

    @Test func theFilterApplies() async throws {
        let logger = try logger("\(directory.path)/e.jsonl", [("level", "error"), ("exclude", "x*")])
        try await logger.update(line("1"))
        try await logger.update(line("2", .error))
        var other = line("3", .error)
        other.taskName = "xyz"
        try await logger.update(other)
        #expect(try objects("e.jsonl").map { $0["message"] as? String } == ["2"])
    }

    @Test func aDashIsTheStandardOutput() async throws {
        let terminal = FakeTerminal()
        let logger = JSONLinesLogger(console: terminal.console(isTerminal: false))
        await logger.setPath("-")
        try await logger.update(event(.start))
        try await logger.update(event(.end))
        let kinds = try terminal.written.split(separator: "\n").map { line in
            (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["kind"] as? String
        }
        #expect(kinds == ["start", "end"])
    }

    @Test func whatTheOutputDoesNotTakeIsAnError() async throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        let console = Console(
            output: ConsoleStream(descriptor: full),
            errorOutput: ConsoleStream(descriptor: full),
            size: { TerminalSize(columns: 40, rows: 10) },
            style: .plain
        )
        let logger = JSONLinesLogger(console: console)
        await logger.setPath("-")
        await #expect(throws: ConsoleError(.output, .noSpace)) { try await logger.update(event(.start)) }
    }
}

extension JSONLinesLogger {
    fileprivate func setPath(_ path: String) { self.path = path }
}
