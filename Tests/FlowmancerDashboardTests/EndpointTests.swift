import FlowmancerCore
import HTTPTypes
import Testing

@testable import FlowmancerDashboard

@Suite struct EndpointTests {
    private static let id = "019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c37"
    private let run = RunID(Self.id)!

    private func problem(_ method: HTTPRequest.Method, _ path: String) -> Problem? {
        do {
            _ = try Endpoint(method, path)
            return nil
        } catch {
            return error
        }
    }

    @Test func addressesAreRead() throws {
        let base = "/v1/runs/\(Self.id)"
        #expect(try Endpoint(.get, "/") == .page)
        #expect(try Endpoint(.get, "/?token=x") == .page)
        #expect(try Endpoint(.get, "/runs/\(Self.id)?task=a") == .page)
        #expect(try Endpoint(.get, "/assets/main.js") == .asset("main.js"))
        #expect(try Endpoint(.head, base) == .run(run))
        #expect(try Endpoint(.get, base + "/layout?open=3,17") == .layout(run, open: [3, 17]))
        #expect(
            try Endpoint(.get, base + "/tasks/load%5Beu%5D/log?attempt=2") == .log(run, task: "load[eu]", attempt: 2)
        )
        #expect(try Endpoint(.get, base + "/tasks/publish%2Fbuild") == .task(run, "publish/build"))
        #expect(try Endpoint(.get, base + "/events?after=5", streams: true) == .follow(run, after: 5))
        #expect(try Endpoint(.get, base + "/events?after=5&limit=7") == .events(run, after: 5, limit: 7))
        #expect(try Endpoint(.post, base + "/abort") == .abort(run))
        #expect(try Endpoint(.post, "/v1/jobs/etl.yaml/runs") == .start(job: "etl.yaml"))
        guard case .runs(let query) = try Endpoint(.get, "/v1/runs?job=a+b&state=failed&state=aborted&id=AB&limit=3")
        else {
            Issue.record("no query")
            return
        }
        #expect(query.job == "a b" && query.states == [.failed, .aborted] && query.idPart == "ab" && query.limit == 3)
    }

    /// A step that leads upward is a name like any other, and there is nothing of that name.
    @Test(arguments: [
        "/assets/../../etc/passwd", "/assets/%2e%2e%2fetc%2fpasswd", "/v1/runs/last", "/v1/runs/..", "/v2/runs",
        "/index.php",
        "http://other.example/v1/runs", "/v1/runs/\(id)/tasks/a/log/x", "/runs/x/y",
    ])
    func whatIsNotThereIsNotFound(path: String) throws {
        // A name of a file is looked up among those that there are.
        if let endpoint = try? Endpoint(.get, path) {
            guard case .asset(let name) = endpoint else {
                Issue.record("\(endpoint)")
                return
            }
            #expect(throws: Problem.self) { try PageFiles.asset(name, ifNoneMatch: nil) }
        } else {
            #expect(problem(.get, path)?.status == .notFound)
        }
    }

    @Test func mistakesAreSaid() {
        #expect(problem(.get, "/v1/runs?stat=failed")?.detail.contains("did you mean 'state'") == true)
        #expect(problem(.get, "/v1/runs?state=fine")?.detail.contains("succeeded") == true)
        #expect(problem(.get, "/v1/runs?limit=0")?.detail.contains("from 1 to 1000, found '0'") == true)
        #expect(problem(.get, "/v1/runs?limit=1&limit=2")?.detail.contains("2 times") == true)
        #expect(problem(.get, "/v1/runs?since=yesterday")?.status == .badRequest)
        #expect(problem(.get, "/v1/runs?job=%zz")?.status == .badRequest)
        #expect(problem(.get, "/v1/runs?job=%ff")?.status == .badRequest)
        #expect(problem(.get, "/v1/runs/\(Self.id)/layout?open=a")?.status == .badRequest)
        #expect(problem(.post, "/v1/runs")?.headers[.allow] == "GET, HEAD")
        #expect(problem(.get, "/v1/runs/\(Self.id)/abort")?.headers[.allow] == "POST")
        #expect(problem(.post, "/nothing")?.status == .notFound)
    }

    @Test func anyAddressIsReadWithoutATrap() {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "/", "v1", "runs", "jobs", Self.id, "%", "%2", "%2F", "?", "&", "=", "state", "open", "-1", "\u{301}", "é",
        ]
        for _ in 0..<20_000 {
            let path = (0..<Int.random(in: 0...9, using: &random)).map { _ in pieces.randomElement(using: &random)! }
            _ = try? Endpoint([.get, .post, .delete].randomElement(using: &random)!, path.joined())
        }
    }
}
