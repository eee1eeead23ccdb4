import FlowmancerCore
import FlowmancerHistory
import FlowmancerSystem
import Flowmancer
import FoundationEssentials
import Hummingbird
import NIOCore

/// Answers requests.
struct DashboardResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let dashboard: Dashboard
    let guarding: RequestGuard
    let followers: FollowerLimit

    /// A body that is larger is refused.
    private static let longestBody = 1 << 16

    func respond(to request: Request, context: Context) async throws -> Response {
        var response = await answer(request)
        SecurityHeaders.add(to: &response.headers)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request) async -> Response {
        let streams = request.headers[.accept]?.contains("text/event-stream") == true
        var page = false
        do {
            let endpoint = try Endpoint(request.method, request.head.path ?? "/", streams: streams)
            page = endpoint.isPage
            switch guarding.decide(GuardedRequest(request, endpoint).facts, for: endpoint) {
            case .refuse(let problem): throw problem
            case .setCookie(let cookie): return Self.settingCookie(cookie, request)
            case .answer(let access): return try await answer(request, endpoint, access)
            }
        } catch let problem as Problem {
            return page ? PageFiles.explanation(of: problem) : problem.response
        } catch {
            // What a history says of itself, or of its place.
            return Problem(.internalServerError, error.inWords).response
        }
    }

    /// The same address without the token, which then is in no history of the browser.
    private static func settingCookie(_ cookie: String, _ request: Request) -> Response {
        let path = (request.head.path ?? "/").split(separator: "?").first.map(String.init) ?? "/"
        let location = "/" + path.drop { $0 == "/" }
        return Response(
            status: .seeOther,
            headers: [.location: location, .setCookie: cookie, .cacheControl: "no-store"]
        )
    }

    private func answer(_ request: Request, _ endpoint: Endpoint, _ access: Access) async throws -> Response {
        let ifNoneMatch = request.headers[.ifNoneMatch]
        switch endpoint {
        case .page: return PageFiles.page
        case .asset(let name): return try PageFiles.asset(name, ifNoneMatch: ifNoneMatch)
        case .description: return PageFiles.description(ifNoneMatch: ifNoneMatch)
        case .session: return await .json(dashboard.session(access))
        case .runs(let query):
            let json = try await dashboard.runs(query)
            return .json(json, tag: ContentTag.of(json), ifNoneMatch: ifNoneMatch)
        case .run(let id):
            let (tag, json) = try await dashboard.run(id)
            return .json(json, tag: tag, ifNoneMatch: ifNoneMatch)
        case .view(let id):
            let (tag, json) = try await dashboard.library.run(id).currentView()
            return .json(json, tag: tag, ifNoneMatch: ifNoneMatch)
        case .follow(let id, let after):
            let last = request.headers[.lastEventID].flatMap { Int($0) }
            return try await follow(id, after: max(0, last ?? after ?? 0))
        case .events(let id, let after, let limit):
            return try await .json(dashboard.events(id, after: after, limit: limit))
        case .layout(let id, let open):
            let run = try await dashboard.library.run(id)
            let json = try await run.layouts.layout(run.current().digest.nodes, open: open)
            return .json(json, tag: ContentTag.of(json), ifNoneMatch: ifNoneMatch)
        case .tasks(let id, let query): return try await .json(dashboard.tasks(id, query))
        case .task(let id, let name): return try await .json(dashboard.task(id, name))
        case .log(let id, let task, let attempt):
            let log = try await dashboard.log(id, task, attempt: attempt)
            return .log(log, range: request.headers[.range])
        case .report(let id):
            let report = try await dashboard.library.run(id).current().report(madeAt: Date())
            return .report(report.html, name: "run-\(id).html")
        case .jobs: return try await .json(dashboard.listJobs())
        case .start(let file): return try await start(file, request)
        case .restart(let id): return try await restart(id, request)
        case .abort(let id):
            _ = try await body(of: request)
            try await dashboard.abort(id)
            return .json(JSONText(rawValue: "{}"), status: .accepted)
        }
    }

    // MARK: Following

    private func follow(_ id: RunID, after number: Int) async throws -> Response {
        let run = try await dashboard.library.run(id)
        let last = try await run.current().digest.lastNumber
        guard let place = followers.take() else {
            throw Problem(
                .serviceUnavailable,
                "too many pages follow runs already; close some",
                headers: [.retryAfter: "10"]
            )
        }
        let follower = Follower(run, id, in: dashboard.library.histories, after: min(number, last))
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .init("X-Accel-Buffering")!: "no"],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(place) {} }
                try await follower.write(to: &writer)
                try await writer.finish(nil)
            }
        )
    }

    // MARK: Acting

    private func start(_ file: String, _ request: Request) async throws -> Response {
        let starter = try dashboard.jobs()
        let wanted = try await StartRequest(json: body(of: request))
        return try await started(starter.start(starter.jobs.entry(file), wanted))
    }

    private func restart(_ id: RunID, _ request: Request) async throws -> Response {
        let starter = try dashboard.jobs()
        _ = try await body(of: request)
        let record = try await dashboard.library.run(id).current().run.record
        guard let file = record.jobFile, let entry = try await starter.jobs.entry(at: file) else {
            let place = record.jobFile.map { "its job file \($0.printable)" } ?? "its job, which has no file,"
            throw Problem(.conflict, "the run cannot be continued here: \(place) is not in the directory of jobs")
        }
        return try await started(starter.start(entry, StartRequest(isRestart: true)))
    }

    private func started(_ run: RunID?) -> Response {
        var members = JSONMembers()
        if let run { members.add("run", run.description) } else { members.add("run", JSONText(rawValue: "null")) }
        var response = Response.json(members.json, status: run == nil ? .accepted : .created)
        if let run { response.headers[.location] = "/v1/runs/\(run)" }
        return response
    }

    private func body(of request: Request) async throws -> String {
        do {
            let buffer = try await request.body.collect(upTo: Self.longestBody)
            guard let text = String(validating: buffer.readableBytesView, as: UTF8.self) else {
                throw Problem(.badRequest, "the body is not valid UTF-8")
            }
            return text
        } catch is NIOTooManyBytesError {
            throw Problem(.contentTooLarge, "the body is larger than \(Self.longestBody) bytes")
        }
    }
}
