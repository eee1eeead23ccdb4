import Foundation
import Glibc
import ProgramTestSupport
import TestSupport

/// A directory with runs, and a real server that shows them.
final class ServedSandbox {
    let sandbox: Sandbox
    private(set) var server: Running
    private(set) var token = ""
    private(set) var readOnlyToken = ""
    private(set) var http = RawHTTP(port: 0)
    private let arguments: [String]

    init(_ arguments: [String] = [], prepare: (Sandbox) throws -> Void = { _ in }) throws {
        sandbox = try Sandbox(program: "flowmancer")
        try prepare(sandbox)
        self.arguments = ["serve", "--listen", "127.0.0.1:0"] + arguments
        server = try sandbox.start(self.arguments)
        try readLinks()
    }

    deinit {
        server.signal(SIGKILL)
        sandbox.remove()
    }

    private func readLinks() throws {
        let server = server
        guard waitUntil({ server.outputSoFar.split(separator: "\n").count >= 2 || !server.process.isRunning }),
            let port = Self.matches(#"127\.0\.0\.1:(\d+)/"#, server.outputSoFar).first.flatMap({ UInt16($0) })
        else { throw SetupError(text: "no server: \(server.outputSoFar)\(server.errorsSoFar)") }
        let tokens = Self.matches(#"token=([\w-]+)"#, server.outputSoFar)
        guard tokens.count == 2 else { throw SetupError(text: "no tokens: \(server.outputSoFar)") }
        (token, readOnlyToken) = (tokens[0], tokens[1])
        http = RawHTTP(port: port)
    }

    /// Kills the server, and starts another one.
    func restart() throws {
        server.signal(SIGKILL)
        _ = try? server.wait()
        server = try sandbox.start(arguments)
        try readLinks()
    }

    static func matches(_ pattern: String, _ text: String) -> [String] {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return [] }
        let whole = NSRange(text.startIndex..., in: text)
        return expression.matches(in: text, range: whole).compactMap { match in
            Range(match.range(at: 1), in: text).map { String(text[$0]) }
        }
    }

    // MARK: Requests

    var authorization: String { "Authorization: Bearer \(token)" }

    func get(_ path: String, _ headers: String...) throws -> RawAnswer {
        try http.send("GET", path, [authorization] + headers)
    }

    func post(_ path: String, _ body: String = "{}") throws -> RawAnswer {
        try http.send("POST", path, [authorization, "Content-Type: application/json"], body: body)
    }

    /// The id of the newest run.
    func lastRun() throws -> String {
        let runs = try get("/v1/runs?limit=1").json["runs"] as? [[String: Any]]
        guard let id = runs?.first?["id"] as? String else { throw SetupError(text: "no run") }
        return id
    }
}
