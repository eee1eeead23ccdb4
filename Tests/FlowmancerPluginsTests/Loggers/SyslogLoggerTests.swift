import FlowmancerCore
import FlowmancerPlugins
import FlowmancerSystem
import FoundationEssentials
import Glibc
import Testing

@Suite struct SyslogLoggerTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func event(_ message: String, _ severity: Severity = .info) -> TaskLogEvent {
        TaskLogEvent(
            jobName: "nightly",
            taskName: "fetch",
            timestamp: Date(timeIntervalSince1970: 1_714_557_600.25),
            attempt: 1,
            kind: .line,
            severity: severity,
            message: message
        )
    }

    private func message(_ format: SyslogMessage.Format, appName: String = "app", limit: Int = 1_000) -> SyslogMessage {
        SyslogMessage(
            format: format,
            facility: .local0,
            appName: appName,
            hostName: "host",
            processID: 42,
            maximumLength: limit
        )
    }

    private func text(_ datagram: [UInt8]) -> String { String(decoding: datagram, as: UTF8.self) }

    // MARK: The form

    @Test(arguments: zip(Severity.allCases, [135, 134, 132, 131, 130]))
    func severitiesAreMapped(severity: Severity, priority: Int) {
        #expect(text(message(.rfc5424).datagrams(event("x", severity))[0]).hasPrefix("<\(priority)>1 "))
        #expect(text(message(.local).datagrams(event("x", severity))[0]).hasPrefix("<\(priority)>"))
    }

    @Test func theLocalFormIsThatOfTheLibrary() {
        let text = text(message(.local).datagrams(event("hello"))[0])
        #expect(
            text.wholeMatch(of: /<134>(Apr 30|May  1) \d\d:\d\d:\d\d app\[42\]: nightly\/fetch: hello/) != nil,
            "\(text)"
        )
    }

    @Test func theOtherFormIsThatOfRFC5424() {
        let text = text(message(.rfc5424).datagrams(event("hello"))[0])
        let form = /<134>1 2024-0[45]-\d\dT\d\d:\d\d:\d\d\.250000[+-]\d\d:\d\d host app 42 - - nightly\/fetch: hello/
        #expect(text.wholeMatch(of: form) != nil, "\(text)")
    }

    @Test func noLineCanPassForAnotherMessage() {
        let datagrams = message(.local).datagrams(event("a\n<0>b\u{0}"))
        #expect(datagrams.count == 2)
        #expect(text(datagrams[1]).hasSuffix("nightly/fetch: <0>b\\u{0}"))
        #expect(text(message(.rfc5424, appName: "a b\n").datagrams(event("x"))[0]).contains(" host ab 42 "))
        #expect(text(message(.rfc5424, appName: "").datagrams(event("x"))[0]).contains(" host - 42 "))
    }

    @Test func longMessagesAreCutBetweenCharacters() {
        for limit in 60..<70 {
            let datagram = message(.local, limit: limit).datagrams(event(String(repeating: "é", count: 100)))[0]
            #expect((limit - 1...limit).contains(datagram.count))
            #expect(String(validating: datagram, as: UTF8.self) != nil)
        }
    }

    @Test(arguments: [
        ("/dev/log", DatagramAddress.path("/dev/log")), ("host", .udp(host: "host", port: "514")),
        ("host:99", .udp(host: "host", port: "99")), ("[::1]:99", .udp(host: "::1", port: "99")),
        ("[::1]", .udp(host: "::1", port: "514")), ("::1", .udp(host: "::1", port: "514")),
    ])
    func addressesAreRead(text: String, expected: DatagramAddress) {
        #expect(DatagramAddress(text, defaultPort: 514) == expected)
    }

    @Test(arguments: [
        "", ":514", "host:", "host:0", "host:x", "host:70000", "[::1]x", "/" + String(repeating: "x", count: 120),
    ])
    func otherTextsAreNoAddresses(text: String) {
        #expect(DatagramAddress(text, defaultPort: 514) == nil)
    }

    // MARK: The sockets

    private func logger(_ address: String) throws -> SyslogLogger {
        try configured(SyslogLogger.self, ["address": .string(address), "facility": "local3", "app_name": "app"])
    }

    @Test func messagesReachALocalSocketAlsoAfterItsDaemonStartedAnew() async throws {
        let path = "\(directory.path)/log"
        var daemon: Receiver? = try Receiver(path: path)
        let logger = try logger(path)
        try await logger.onCreate()
        try await logger.update(event("one"))
        #expect(try daemon?.receive().hasSuffix("app[\(getpid())]: nightly/fetch: one") == true)
        daemon = nil
        await #expect(throws: (any Error).self) { try await logger.update(event("lost")) }
        daemon = try Receiver(path: path)
        try await logger.update(event("two"))
        #expect(try daemon?.receive().hasSuffix("nightly/fetch: two") == true)
    }

    @Test func messagesReachAPort() async throws {
        let daemon = try Receiver()
        let logger = try logger("127.0.0.1:\(daemon.port)")
        try await logger.onCreate()
        try await logger.update(event("hello", .error))
        let text = try daemon.receive()
        #expect(text.hasPrefix("<155>1 "))
        #expect(text.hasSuffix(" app \(getpid()) - - nightly/fetch: hello"))
    }

    /// Nobody takes what is sent: once the socket's buffer is full, messages are given up.
    @Test func aDaemonThatReadsNothingIsNotWaitedFor() async throws {
        let path = "\(directory.path)/log"
        let daemon = try Receiver(path: path)
        let logger = try logger(path)
        var failures = 0
        for _ in 0..<2_000 {
            do { try await logger.update(event(String(repeating: "x", count: 1_000))) } catch { failures += 1 }
        }
        #expect(failures > 0)
        #expect(try daemon.receive().contains("xxx"))
    }

    @Test(arguments: ["/nowhere/log", "host:0"])
    func aMissingDaemonIsAnErrorThatSaysWhatToDo(address: String) async throws {
        let logger = try logger(address)
        do {
            try await logger.onCreate()
            Issue.record("no error")
        } catch {
            #expect("\(error)".contains("'address'"))
            #expect("\(error)".contains(address))
        }
    }
}

/// A datagram socket that takes messages.
private final class Receiver {
    private let descriptor: Int32
    private let path: String?
    private(set) var port: UInt16 = 0

    init(path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        try bind(&address)
    }

    init() throws {
        path = nil
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        try bind(&address)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    private func bind<Address>(_ address: inout Address) throws {
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else { throw SetupError(text: "bind: \(errno)") }
    }

    /// Waits for a message; none within a generous time is an error.
    func receive() throws -> String {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, 30_000) == 1 else { throw SetupError(text: "no message") }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
    }

    deinit {
        close(descriptor)
        if let path { unlink(path) }
    }
}
