import CFlowmancerPage
import FlowmancerCore
import FlowmancerHistory
import Hummingbird
import NIOCore

/// The files of the page.
enum PageFiles {
    private struct File: Sendable {
        let bytes: [UInt8]
        let type: String
        let tag: String
    }

    private static let files: [String: File] = {
        var count = 0
        let first = flowmancer_page(&count)
        var files: [String: File] = [:]
        for file in UnsafeBufferPointer(start: first, count: count) {
            let name = String(cString: file.name)
            let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.size))
            files[name] = File(bytes: bytes, type: type(of: name), tag: ContentTag.of(bytes))
        }
        return files
    }()

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "json": "application/json"
        default: "application/octet-stream"
        }
    }

    /// The names of all files.
    static var names: Set<String> { Set(files.keys) }

    /// The page, which asks for all else.
    static var page: Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: files["index.html"]?.bytes ?? []))
        )
    }

    static func asset(_ name: String, ifNoneMatch known: String?) throws(Problem) -> Response {
        guard let file = files[name] else {
            throw Problem(.notFound, "the page has no file '\(name.printable)'")
        }
        return .content(file.bytes, type: file.type, tag: file.tag, ifNoneMatch: known)
    }

    /// The description of all addresses.
    static func description(ifNoneMatch known: String?) -> Response {
        guard let file = files["openapi.json"] else { return Response(status: .notFound) }
        return .content(file.bytes, type: file.type, tag: file.tag, ifNoneMatch: known)
    }

    /// A page for people who cannot be shown what they want.
    static func explanation(of problem: Problem) -> Response {
        var headers = problem.headers
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        let html: HTMLText = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>\(problem.status.reasonPhrase)</title>
            <meta name="viewport" content="width=device-width"></head>
            <body><h1>\(problem.status.reasonPhrase)</h1><p>\(lines: problem.detail).</p>
            <p><a href="">Try again</a></p></body></html>
            """
        return Response(
            status: problem.status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: html.bytes))
        )
    }
}
