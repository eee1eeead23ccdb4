import Foundation
import Glibc
import HTTPTestSupport
import Testing

@Suite(.ownThread) struct LoggerEndToEndTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox(program: "plugin-app")
    }

    private static let tasks = """
        tasks:
          a: {task: Shell, parameters: {command: 'echo one; echo two >&2'}}
          other: {task: Shell, dependencies: [a], parameters: {command: 'echo three'}}
        """

    @Test func theConsoleShowsWhatTasksWrite() throws {
        defer { sandbox.remove() }
        let result = try sandbox.run("\(Self.tasks)\nextensions: {}\nloggers: {c: {logger: ConsoleLogger}}")
        #expect(result.exitCode == 0, "\(result.errors)")
        let bar = result.output.contains("│") ? "│" : "|"
        let lines = Set(result.output.split(separator: "\n").map(String.init))
        #expect(lines == ["a     \(bar) one", "a     \(bar) ERROR two", "other \(bar) three"])
    }

    @Test func jsonLinesGoToAFileAndToTheOutput() throws {
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            \(Self.tasks)
            extensions: {}
            loggers:
              file: {logger: JSONLinesLogger, parameters: {path: deep/er/events.jsonl}}
              output: {logger: JSONLinesLogger, parameters: {path: "-", level: error, include: [a]}}
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        let all = try objects(sandbox.read("deep/er/events.jsonl"))
        #expect(Set(all.compactMap { $0["message"] as? String }) == ["one", "two", "three"])
        #expect(all.map { $0["kind"] as? String ?? "" }.filter { $0 != "write" } == ["start", "end", "start", "end"])
        let some = try objects(result.output)
        #expect(some.map { $0["kind"] as? String } == ["start", "write", "end"])
        #expect(some[1]["message"] as? String == "two")
    }

    private func objects(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    /// Progress, the plan of a restart and lines for people must not get in between.
    @Test func theOutputThatHasJSONLinesHasNothingElse() throws {
        defer { sandbox.remove() }
        let job = """
            config: {name: nightly}
            \(Self.tasks)
              bad: {task: Shell, parameters: {command: 'exit 3'}}
            loggers:
              output: {logger: JSONLinesLogger, parameters: {path: "-"}}
              people: {logger: ConsoleLogger}
            """
        let first = try sandbox.run(job)
        #expect(first.exitCode == 1, "\(first.errors)")
        #expect(try objects(first.output).count { $0["kind"] as? String == "end" } == 3)
        #expect(first.errors.contains("failed bad") && first.errors.contains("nightly failed: "), "\(first.errors)")
        #expect(first.errors.contains("three"))
        let second = try sandbox.run(job, "-r")
        #expect(try objects(second.output).allSatisfy { $0["task"] as? String == "bad" })
        #expect(
            second.errors.contains("done, kept: a, other\n") && second.errors.contains("nightly failed: "),
            "\(second.errors)"
        )
    }

    /// A daemon's socket that takes what is sent, for StatsD and for syslog.
    @Test func datagramsReachTheirDaemons() throws {
        defer { sandbox.remove() }
        let (syslog, statsd) = (try Daemon(sandbox.path("log")), try Daemon(sandbox.path("statsd")))
        let result = try sandbox.run(
            """
            config: {name: nightly}
            \(Self.tasks)
            extensions: {m: {extension: MetricsExtension, parameters: {statsd: \(sandbox.path("statsd"))}}}
            loggers: {s: {logger: SyslogLogger, parameters: {address: \(sandbox.path("log")), facility: local7}}}
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(!result.errors.contains("failed. The job continues"), "\(result.errors)")
        let messages = syslog.received()
        #expect(messages.count == 3)
        #expect(messages.contains { $0.hasPrefix("<190>") && $0.hasSuffix("nightly/other: three") })
        #expect(messages.contains { $0.hasPrefix("<187>") && $0.hasSuffix("nightly/a: two") })
        let metrics = statsd.received().flatMap { $0.split(separator: "\n").map(String.init) }
        #expect(metrics.count { $0 == "flowmancer.nightly.attempts.completed:1|c" } == 2)
        #expect(metrics.contains("flowmancer.nightly.runs.succeeded:1|c"))
    }

    @Test func daemonsThatTakeNoDatagramsAreNoticed() throws {
        defer { sandbox.remove() }
        let unheard = try UnheardPort()
        defer { withExtendedLifetime(unheard) {} }
        let address = "127.0.0.1:\(unheard.number)"
        let result = try sandbox.run(
            """
            \(Self.tasks)
            extensions: {m: {extension: MetricsExtension, parameters: {statsd: "\(address)"}}}
            loggers: {s: {logger: SyslogLogger, parameters: {address: "\(address)"}}}
            """
        )
        #expect(result.exitCode == 0)
        let words =
            "cannot be reached: nobody listens there, so the message before this one is lost; start it, or change"
        #expect(result.errors.contains("the StatsD daemon at '\(address)' \(words)"), "\(result.errors)")
        #expect(
            result.errors.contains("the syslog daemon at '\(address)' does not accept messages: nobody listens"),
            "\(result.errors)"
        )
        #expect(result.errors.contains("extensions.m failed ") && result.errors.contains(" times in total."))
    }

    @Test func theNotificationOfTheDocumentationWorks() throws {
        defer { sandbox.remove() }
        let result = try sandbox.run("\(Self.tasks)\nextensions: {n: {extension: FileNotification}}")
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.read("news.txt").contains("2 tasks: 2 completed"))
    }
}

/// A datagram socket in the file system.
private final class Daemon {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
    }

    /// What has arrived.
    func received() -> [String] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var messages: [String] = []
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return messages }
            messages.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
    }

    deinit { close(descriptor) }
}
