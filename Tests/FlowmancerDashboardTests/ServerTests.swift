import Foundation
import Glibc
import ProgramTestSupport
import TestSupport
import Testing

/// The real server, over real connections.
@Suite(.ownThread) struct ServerTests {
    private static let job = """
        config: {name: etl}
        tasks:
          extract: {task: Shell, parameters: {command: 'echo one; echo two; echo "rows=7" > "$FLOWMANCER_OUTPUT"'}}
          load:
            task: Shell
            for_each: [eu, us]
            dependencies: [extract]
            parameters: {command: 'echo $ITEM'}
          check:
            task: Shell
            max_attempts: 2
            dependencies: [load]
            parameters: {command: 'echo "<script>alert(1)</script>"; exit 3'}
        """

    private func served() throws -> ServedSandbox {
        try ServedSandbox { sandbox in
            let result = try sandbox.run(Self.job)
            #expect(result.exitCode == 1, "\(result.errors)")
        }
    }

    @Test func runsAreShown() throws {
        let served = try served()
        let list = try served.get("/v1/runs")
        let runs = try #require(list.json["runs"] as? [[String: Any]])
        #expect(runs.count == 1 && runs[0]["job"] as? String == "etl" && runs[0]["state"] as? String == "failed")
        let id = try served.lastRun()
        let run = try served.get("/v1/runs/\(id)").json
        #expect(run["counts"] as? [String: Int] == ["completed": 3, "failed": 1])

        let view = try served.get("/v1/runs/\(id)/view").json
        let nodes = try #require(view["nodes"] as? [String: Any])
        #expect(nodes["name"] as? [String] == ["extract", "load", "check", "load[eu]", "load[us]"])
        #expect(nodes["group"] as? [Int] == [-1, -1, -1, 1, 1])
        #expect(view["state"] as? String == "CCFCC")
        let attempts = try #require(view["attempts"] as? [String: Any])
        #expect(
            (attempts["node"] as? [Int])?.suffix(2) == [2, 2] && (attempts["state"] as? String)?.hasSuffix("FF") == true
        )

        let task = try served.get("/v1/runs/\(id)/tasks/check").json
        #expect(task["dependencies"] as? [String] == ["load"])
        let layout = try served.get("/v1/runs/\(id)/layout?open=1").json
        #expect(layout["nodes"] as? [Int] == [0, 2, 3, 4])
        #expect((layout["boxes"] as? [String: Any])?["nodes"] as? [Int] == [1])
        let tasks = try served.get("/v1/runs/\(id)/tasks?group=load&limit=1").json
        #expect(
            (tasks["tasks"] as? [[String: Any]])?.first?["name"] as? String == "load[eu]" && tasks["next"] as? Int == 3
        )
        // The last page of all.
        for address in ["tasks?after=\(Int.max)", "events?after=\(Int.max)"] {
            #expect(try served.get("/v1/runs/\(id)/\(address)").status == 200, "\(address)")
        }
        let events = try served.get("/v1/runs/\(id)/events?after=2&limit=2").json
        #expect((events["events"] as? [[String: Any]])?.compactMap { $0["number"] as? Int } == [3, 4])
        let report = try served.get("/v1/runs/\(id)/report")
        #expect(report.status == 200 && report.headers["content-disposition"]?.contains("attachment") == true)
        #expect(report.headers["content-security-policy"]?.contains("sandbox") == true)
    }

    @Test func whatIsUnchangedIsNotSentAgain() throws {
        let served = try served()
        for path in ["/v1/runs", "/v1/runs/\(try served.lastRun())/view", "/assets/main.js", "/v1/openapi.json"] {
            let first = try served.get(path)
            let tag = try #require(first.headers["etag"], "\(path): \(first.status)")
            let second = try served.get(path, "If-None-Match: \(tag)")
            #expect(second.status == 304 && second.body.isEmpty, "\(path)")
        }
    }

    @Test func logsAreReadInParts() throws {
        let served = try served()
        let path = "/v1/runs/\(try served.lastRun())/tasks/check/log"
        let whole = try served.get(path)
        #expect(whole.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(whole.headers["x-content-type-options"] == "nosniff")
        #expect(whole.body.components(separatedBy: "<script>alert(1)").count == 5)
        let size = whole.body.utf8.count
        let end = try served.get(path, "Range: bytes=-10")
        #expect(end.status == 206 && end.body == String(whole.body.suffix(10)))
        #expect(end.headers["content-range"] == "bytes \(size - 10)-\(size - 1)/\(size)")
        #expect(try served.get(path, "Range: bytes=\(size)-").status == 416)
        let parts = try (1...2).map { try served.get("\(path)?attempt=\($0)").body }
        #expect(
            parts.joined() == whole.body
                && parts.allSatisfy { $0.components(separatedBy: "<script>alert(1)").count == 3 }
        )
        #expect(try served.get("\(path)?attempt=3").status == 404)
        #expect(try served.get(path.replacingOccurrences(of: "/check/", with: "/%2e%2e%2fjob.yaml/")).status == 404)
    }

    @Test func strangersAreKeptOut() throws {
        let served = try served()
        let http = served.http
        #expect(try http.send("GET", "/v1/runs").status == 401)
        #expect(try http.send("GET", "/v1/runs", ["Authorization: Bearer x"]).status == 401)
        #expect(try http.send("GET", "/v1/runs", [served.authorization], host: "evil.example").status == 421)
        #expect(try http.send("GET", "/v1/runs", [served.authorization], host: nil).status >= 400)
        #expect(try served.get("/v1/runs", "Origin: http://evil.example").status == 403)
        let page = try http.send("GET", "/")
        #expect(page.status == 401 && page.headers["content-type"]?.hasPrefix("text/html") == true)
        #expect(page.headers["content-security-policy"]?.contains("default-src 'none'") == true)
        let link = try http.send("GET", "/?token=\(served.token)")
        #expect(link.status == 303 && link.headers["location"] == "/")
        let cookie = try #require(link.headers["set-cookie"]?.components(separatedBy: ";").first)
        #expect(link.headers["set-cookie"]?.contains("HttpOnly; SameSite=Strict") == true)
        #expect(try http.send("GET", "/v1/runs", ["Cookie: \(cookie)"]).status == 200)
        // A page of somebody else leads nowhere.
        #expect(try http.send("GET", "//evil.example/?token=\(served.token)").headers["location"] != "//evil.example/")
    }

    @Test func oddRequestsHarmNobody() throws {
        let served = try served()
        let huge = String(repeating: "a", count: 200_000)
        #expect(
            try served.http.exchange("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \(huge)\r\n\r\n").hasPrefix(
                "HTTP/1.1 200"
            ) == false
        )
        #expect(try served.http.exchange("nonsense\r\n\r\n").contains("200 OK") == false)
        let id = try served.lastRun()
        let large = try served.post("/v1/runs/\(id)/abort", "{\"a\":\"\(huge)\"}")
        #expect(large.status == 413)
        // Connections that never finish their requests keep nobody out.
        let slow = try (0..<50).map { _ in try served.http.open() }
        defer { for connection in slow { close(connection) } }
        for connection in slow { RawHTTP.write("GET /v1/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nX-", to: connection) }
        #expect(try served.get("/v1/runs").status == 200)
    }

    @Test func whatHappensIsFollowed() throws {
        let served = try ServedSandbox()
        let run = try served.sandbox.start(
            """
            config: {name: slow}
            tasks:
              a: {task: Shell, parameters: {command: 'while [ ! -e go ]; do sleep 0.05; done'}}
              b: {task: Shell, dependencies: [a], parameters: {command: 'true'}}
            """,
            []
        )
        defer { run.signal(SIGKILL) }
        #expect(waitUntil { (try? served.lastRun()) != nil })
        let path = "/v1/runs/\(try served.lastRun())/events"
        let first = try served.http.follow(path, [served.authorization]) { $0.contains("\"to\":\"R\"") }
        #expect(first.contains("text/event-stream") && first.contains("event: changes"))
        let last = try #require(ServedSandbox.matches(#"id: (\d+)"#, first).last)
        try served.sandbox.write("", to: "go")
        let rest = try served.http.follow(path, [served.authorization, "Last-Event-ID: \(last)"]) { _ in false }
        #expect(rest.contains("event: ended") && rest.contains(#""state":"succeeded""#), "\(rest)")
        let numbers = ServedSandbox.matches(#"id: (\d+)"#, rest).compactMap { Int($0) }
        #expect(numbers.allSatisfy { $0 > Int(last)! } && !numbers.isEmpty)
        #expect(try run.wait().exitCode == 0)
        // From the beginning, when all is over.
        let all = try served.http.follow(path, [served.authorization]) { _ in false }
        #expect(all.contains("event: ended"))
    }

    @Test func anEngineThatIsKilledIsSaidToBeInterrupted() throws {
        let served = try ServedSandbox(["--jobs", "."])
        let run = try served.sandbox.start("tasks: {a: {task: Shell, parameters: {command: sleep 600}}}", [])
        #expect(waitUntil { (try? served.lastRun()) != nil })
        let path = "/v1/runs/\(try served.lastRun())/events"
        var isKilled = false
        let text = try served.http.follow(path, [served.authorization]) { text in
            if !isKilled, text.contains("changes") { (isKilled, _) = (true, run.signal(SIGKILL)) }
            return false
        }
        #expect(text.contains(#""state":"interrupted""#), "\(text)")
        #expect(try served.post("/v1/runs/\(served.lastRun())/abort").status == 409)
    }

    @Test func aRunOutlivesItsServer() throws {
        let served = try ServedSandbox(["--jobs", "jobs"]) { sandbox in
            try FileManager.default.createDirectory(atPath: sandbox.path("jobs"), withIntermediateDirectories: true)
            try sandbox.write(
                "config: {name: wait}\ntasks: {a: {task: Shell, parameters: {command: 'while [ ! -e go ]; do sleep 0.05; done'}}}",
                to: "jobs/wait.yaml"
            )
            try sandbox.write("tasks: {a: {task: Nothing}}", to: "jobs/wrong.yaml")
            try sandbox.write("tasks: {}", to: "outside.yaml")
        }
        let jobs = try #require(try served.get("/v1/jobs").json["jobs"] as? [[String: Any]])
        #expect(jobs.compactMap { $0["file"] as? String } == ["wait.yaml", "wrong.yaml"])
        let wrong = try served.post("/v1/jobs/wrong.yaml/runs")
        #expect(wrong.status == 422 && (wrong.json["issues"] as? [[String: Any]])?.first?["line"] as? Int == 1)
        for path in ["/v1/jobs/..%2Foutside.yaml/runs", "/v1/jobs/nothing.yaml/runs", "/v1/jobs/%00/runs"] {
            #expect(try served.post(path).status == 404)
        }
        #expect(
            try served.post("/v1/jobs/wait.yaml/runs", "{\"restrat\": true}").body.contains("did you mean 'restart'")
        )
        #expect(
            try served.http.send(
                "POST",
                "/v1/jobs/wait.yaml/runs",
                ["Authorization: Bearer \(served.readOnlyToken)", "Content-Type: application/json"],
                body: "{}"
            ).status == 403
        )
        let started = try served.post("/v1/jobs/wait.yaml/runs")
        let id = try #require(started.json["run"] as? String, "\(started.body)")
        #expect(started.status == 201)
        // It is not started twice.
        let second = try served.post("/v1/jobs/wait.yaml/runs")
        #expect(second.status == 422, "\(second.body)")
        try served.restart()
        #expect(try served.get("/v1/runs/\(id)").json["state"] as? String == "under_way")
        try served.sandbox.write("", to: "go")
        #expect(waitUntil { (try? served.get("/v1/runs/\(id)").json["state"] as? String) == "succeeded" })
    }

    @Test func aRunIsAborted() throws {
        let served = try ServedSandbox(["--jobs", "."])
        let run = try served.sandbox.start("tasks: {a: {task: Shell, parameters: {command: sleep 600}}}", [])
        #expect(waitUntil { (try? served.lastRun()) != nil })
        let id = try served.lastRun()
        #expect(try served.post("/v1/runs/\(id)/abort").status == 202)
        #expect(try run.wait().exitCode == 143)
        #expect(waitUntil { (try? served.get("/v1/runs/\(id)").json["state"] as? String) == "aborted" })
        #expect(try served.post("/v1/runs/\(id)/abort").status == 409)
    }

    @Test func aServerWithoutJobsIsForLookingOnly() throws {
        let served = try served()
        for action in ["abort", "restart"] {
            let answer = try served.post("/v1/runs/\(served.lastRun())/\(action)")
            #expect(answer.status == 404 && answer.body.contains("--jobs"), "\(answer.body)")
        }
        #expect(try served.get("/v1/session").json["can_start"] as? Bool == false)
    }

    @Test func aRunShowsItsPageAsLongAsItLasts() throws {
        let sandbox = try Sandbox(program: "flowmancer")
        defer { sandbox.remove() }
        let run = try sandbox.start(
            "config: {name: seen}\ntasks: {a: {task: Shell, parameters: {command: 'while [ ! -e go ]; do sleep 0.05; done'}}}",
            // The server warns of it, too.
            ["--view", "--var", "nobody=asks"]
        )
        defer { run.signal(SIGKILL) }
        #expect(waitUntil { run.errorsSoFar.contains("token=") })
        let port = try #require(
            ServedSandbox.matches(#"127\.0\.0\.1:(\d+)/"#, run.errorsSoFar).first.flatMap { UInt16($0) }
        )
        let token = try #require(ServedSandbox.matches(#"token=([\w-]+)"#, run.errorsSoFar).first)
        let http = RawHTTP(port: port)
        let authorization = ["Authorization: Bearer \(token)"]
        let session = try http.send("GET", "/v1/session", authorization).json
        let id = try #require(session["only_run"] as? String)
        #expect(try http.send("GET", "/v1/runs/\(id)", authorization).json["job"] as? String == "seen")
        try sandbox.write("", to: "go")
        #expect(try run.wait().exitCode == 0)
        #expect(waitUntil { (try? http.send("GET", "/v1/session", authorization)) == nil })
    }

    @Test func aServerIsReachedByTLSAndBySocket() throws {
        let sandbox = try Sandbox(program: "flowmancer")
        defer { sandbox.remove() }
        let certificate = try Running(
            "/usr/bin/env",
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "cert"]
                + ["-days", "2", "-subj", "/CN=localhost"],
            in: sandbox.directory
        ).wait()
        try #require(certificate.exitCode == 0, "\(certificate.errors)")

        /// Starts a server, asks it for its session by a few lines of Python, and returns what it printed.
        func ask(_ arguments: [String], _ connection: String) throws -> String {
            let server = try sandbox.start(["serve", "--token-file", "tokens"] + arguments)
            defer { server.signal(SIGKILL) }
            try #require(waitUntil { server.outputSoFar.split(separator: "\n").count == 2 }, "\(server.errorsSoFar)")
            let port = ServedSandbox.matches(#":(\d+)/"#, server.outputSoFar).first ?? ""
            let script = """
                import http.client, socket, ssl
                \(connection.replacingOccurrences(of: "PORT", with: port))
                token = open("tokens").readline().strip()
                c.request("GET", "/v1/session", headers={"Host": "localhost", "Authorization": "Bearer " + token})
                print(c.getresponse().status)
                """
            let client = try Running("/usr/bin/env", ["python3", "-c", script], in: sandbox.directory).wait()
            #expect(client.output == "200\n", "\(client.errors)")
            return server.outputSoFar
        }
        let secure = try ask(
            ["--listen", "0.0.0.0:0", "--host", "localhost", "--tls-certificate", "cert", "--tls-key", "key"],
            "c = http.client.HTTPSConnection('127.0.0.1', PORT, context=ssl._create_unverified_context())"
        )
        let local = try ask(
            ["--listen", "unix:socket"],
            "c = http.client.HTTPConnection('localhost'); c.sock = socket.socket(socket.AF_UNIX); c.sock.connect('socket')"
        )
        #expect(secure.contains("https://localhost:") && local.contains("through the socket socket"))
        // The file keeps the tokens, and the socket of a server that was killed is taken over.
        let tokens = [secure, local].map { ServedSandbox.matches(#"token=([\w-]+)"#, $0) }
        #expect(tokens[0].count == 2 && tokens[0] == tokens[1])
        _ = try ask(
            ["--listen", "unix:socket"],
            "c = http.client.HTTPConnection('localhost'); c.sock = socket.socket(socket.AF_UNIX); c.sock.connect('socket')"
        )
        var status = stat()
        #expect(lstat(sandbox.path("socket"), &status) == 0 && status.st_mode & 0o077 == 0)
    }

    @Test func mistakesOfTheCommandLineAreSaid() throws {
        let sandbox = try Sandbox(program: "flowmancer")
        defer { sandbox.remove() }
        func errors(_ arguments: String...) throws -> String {
            let result = try sandbox.start(["serve"] + arguments).wait()
            #expect(result.exitCode != 0)
            return result.errors
        }
        #expect(try errors("--listen", "0.0.0.0:80").contains("--behind-proxy"))
        #expect(try errors("--listen", "nonsense").contains("host:port"))
        #expect(try errors("--jobs", "nowhere").contains("nowhere"))
        #expect(try errors("--tls-key", "a").contains("belong together"))
        #expect(try errors("--tls-key", "a", "--tls-certificate", "b").contains("the certificate b cannot be used"))
        try sandbox.write("short", to: "tokens")
        chmod(sandbox.path("tokens"), 0o644)
        #expect(try errors("--token-file", "tokens").contains("chmod 600"))
        chmod(sandbox.path("tokens"), 0o600)
        #expect(try errors("--token-file", "tokens").contains("two lines"))
        let result = try Sandbox(program: "test-app").run(
            "tasks: {a: {task: Shell, parameters: {command: 'true'}}}",
            "--view"
        )
        #expect(result.exitCode == 1 && result.errors.contains("FlowmancerDashboard"))
    }
}
