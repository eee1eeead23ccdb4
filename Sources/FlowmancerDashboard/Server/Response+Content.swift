import FlowmancerCore
import FlowmancerSystem
import Hummingbird
import NIOCore

extension Response {
    /// An answer in JSON.
    static func json(_ json: JSONText, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(json)
        )
    }

    /// An answer that need not be sent again as long as it is the same.
    ///
    /// - Parameters:
    ///   - tag: What changes with the content.
    ///   - known: The header `If-None-Match`.
    static func json(_ json: JSONText, tag: String, ifNoneMatch known: String?) -> Response {
        content(Array(json.rawValue.utf8), type: "application/json", tag: tag, ifNoneMatch: known)
    }

    static func content(_ bytes: [UInt8], type: String, tag: String, ifNoneMatch known: String?) -> Response {
        let headers: HTTPFields = [.contentType: type, .cacheControl: "private, no-cache", .eTag: "\"\(tag)\""]
        let tags = known?.split(separator: ",").map { $0.drop { $0 == " " } } ?? []
        guard !tags.contains(where: { $0 == "\"\(tag)\"" || $0 == "W/\"\(tag)\"" || $0 == "*" }) else {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A page that is to be kept as a file. It has a policy of its own.
    static func report(_ html: [UInt8], name: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"\(name)\"",
                .contentSecurityPolicy: "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: html))
        )
    }

    /// The log of a task, or the part of it that a `Range` header asks for.
    static func log(_ log: TaskLogFile, range header: String?) -> Response {
        var headers: HTTPFields = [
            .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store", .acceptRanges: "bytes",
        ]
        let size = log.range.count
        switch ByteRange(header, of: size) {
        case .outside:
            var problem = Problem(.rangeNotSatisfiable, "the log has \(size) bytes")
            problem.headers = [.contentRange: "bytes */\(size)"]
            return problem.response
        case .part(let part):
            let bytes = log.read(part)
            // A file may have become shorter meanwhile.
            guard !bytes.isEmpty else { return .log(log, range: "bytes=\(size)-") }
            let end = part.lowerBound + bytes.count - 1
            headers[.contentRange] = "bytes \(part.lowerBound)-\(end)/\(size)"
            return Response(
                status: .partialContent,
                headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            )
        case .all:
            return Response(
                status: .ok,
                headers: headers,
                body: ResponseBody { writer in
                    var offset = 0
                    while case let bytes = log.read(offset..<min(size, offset + portion)), !bytes.isEmpty {
                        try await writer.write(ByteBuffer(bytes: bytes))
                        offset += bytes.count
                    }
                    try await writer.finish(nil)
                }
            )
        }
    }

    private static let portion = 1 << 16
}

/// A tag that changes with some content.
enum ContentTag {
    static func of(_ json: JSONText) -> String { of(Array(json.rawValue.utf8)) }

    static func of(_ bytes: [UInt8]) -> String {
        "\(String(CRC32C.checksum(bytes), radix: 16))-\(String(bytes.count, radix: 16))"
    }
}
