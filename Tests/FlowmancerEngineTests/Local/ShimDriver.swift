import FlowmancerCore
import FlowmancerSystem
import Glibc
import ShimHost
import Testing

/// A shim below this process, which can hold commands.
final class Shim {
    /// Where what the commands print arrives: they write to these pairs in turn.
    let pairs: [(output: OwnedDescriptor, errors: OwnedDescriptor)]
    private var socket: OwnedDescriptor?
    private let pid: pid_t
    private var received: [UInt8] = []

    var output: OwnedDescriptor { pairs[0].output }
    var errors: OwnedDescriptor { pairs[0].errors }

    init() throws {
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let result = socketpair(AF_UNIX, kind, 0, &pair)
        try #require(result == 0)
        let (socket, remote) = (OwnedDescriptor(rawValue: pair[0]), OwnedDescriptor(rawValue: pair[1]))
        let pipes = try (0..<4).map { _ in try OwnedDescriptor.pipe() }
        let pid = shim_host_start(remote.rawValue, pipes.map(\.writing.rawValue))
        try #require(pid > 0)
        self.pid = pid
        self.socket = socket
        pairs = [(pipes[0].reading, pipes[1].reading), (pipes[2].reading, pipes[3].reading)]
        for pipe in pipes { _ = fcntl(pipe.reading.rawValue, F_SETFL, O_NONBLOCK) }
    }

    deinit {
        if socket != nil { _ = end() }
    }

    func send(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { socket?.write($0) }
    }

    func send(_ words: [String], attempt: UInt64, toSecond: Bool = false) {
        send(CommandRequest(words: words).frame(attempt: attempt, mergesOutput: false, writesToSecond: toSecond))
    }

    func report() throws -> CommandReport {
        while true {
            if let report = try CommandReport(takenFrom: &received, atMost: 1 << 20) { return report }
            var buffer = [UInt8](repeating: 0, count: 4_096)
            let count = read(socket?.rawValue ?? -1, &buffer, buffer.count)
            try #require(count > 0)
            received += buffer[..<count]
        }
    }

    /// Waits until it says something or closes its end of the connection.
    ///
    /// - Returns: Whether it closed it.
    func hasLeft() -> Bool {
        var byte: UInt8 = 0
        return read(socket?.rawValue ?? -1, &byte, 1) <= 0
    }

    func run(_ words: [String], attempt: UInt64) throws -> CommandReport {
        send(words, attempt: attempt)
        return try report()
    }

    func end() -> ProcessEnd? {
        socket = nil
        var status: Int32 = 0
        return waitpid(pid, &status, 0) == pid ? ProcessEnd(waitStatus: status) : nil
    }
}

extension OwnedDescriptor {
    /// What has arrived until now.
    func read() -> String {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(rawValue, &buffer, buffer.count)
        return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
    }
}
