import Foundation
import Glibc
import TestSupport

/// An answer as it came over the wire.
struct RawAnswer {
    var status: Int
    /// By names in lower case.
    var headers: [String: String]
    var body: String

    /// The body as a JSON object.
    var json: [String: Any] {
        ((try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any]) ?? [:]
    }
}

/// Talks to a server byte by byte, so that tests can also send what no client would.
struct RawHTTP {
    let port: UInt16

    /// Sends a request, and reads until the server closes the connection.
    func send(
        _ method: String = "GET",
        _ path: String,
        _ headers: [String] = [],
        host: String? = "127.0.0.1",
        body: String? = nil
    ) throws -> RawAnswer {
        var lines =
            ["\(method) \(path) HTTP/1.1"] + (host.map { ["Host: \($0)"] } ?? []) + ["Connection: close"] + headers
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        return try Self.parse(exchange(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")))
    }

    /// Sends bytes, and reads until the server closes the connection.
    func exchange(_ bytes: String) throws -> String {
        let connection = try open()
        defer { close(connection) }
        Self.write(bytes, to: connection)
        return String(decoding: Self.read(connection) { _ in false }, as: UTF8.self)
    }

    /// Sends a request, and reads what comes until something is so.
    func follow(_ path: String, _ headers: [String], until isEnough: (String) -> Bool) throws -> String {
        let connection = try open()
        defer { close(connection) }
        let lines =
            ["GET \(path) HTTP/1.1", "Host: 127.0.0.1", "Accept: text/event-stream", "Connection: close"] + headers
        Self.write(lines.joined(separator: "\r\n") + "\r\n\r\n", to: connection)
        return String(decoding: Self.read(connection) { isEnough(String(decoding: $0, as: UTF8.self)) }, as: UTF8.self)
    }

    /// Opens a connection. A server that says nothing for a minute has failed.
    func open() throws -> Int32 {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(connection)
            throw SetupError(text: "nobody listens on port \(port)")
        }
        return connection
    }

    static func write(_ text: String, to connection: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    private static func read(_ connection: Int32, until isEnough: ([UInt8]) -> Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !isEnough(bytes) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func parse(_ text: String) throws -> RawAnswer {
        guard let end = text.range(of: "\r\n\r\n") else { throw SetupError(text: "no answer: \(text)") }
        var lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let first = lines.removeFirst().split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        var body = String(text[end.upperBound...])
        if headers["transfer-encoding"] == "chunked" { body = dechunked(body) }
        return RawAnswer(status: first.count > 1 ? Int(first[1]) ?? 0 : 0, headers: headers, body: body)
    }

    private static func dechunked(_ text: String) -> String {
        var (rest, bytes) = (Array(text.utf8)[...], [UInt8]())
        while let end = rest.firstIndex(of: 13) {
            let size = Int(String(decoding: rest[rest.startIndex..<end], as: UTF8.self), radix: 16) ?? 0
            guard size > 0 else { break }
            bytes += rest[(end + 2)...].prefix(size)
            rest = rest[(end + 2)...].dropFirst(size + 2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
