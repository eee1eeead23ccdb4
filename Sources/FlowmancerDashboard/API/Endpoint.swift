import FlowmancerCore
import HTTPTypes

/// What a request asks for, read from its method and address. A pure value.
enum Endpoint: Hashable {
    /// The page itself; which run it shows, it reads from its address.
    case page
    /// A file that belongs to the page.
    case asset(String)
    case session
    /// The description of all this.
    case description
    case runs(RunQuery)
    case run(RunID)
    /// All that the page draws of a run.
    case view(RunID)
    /// The events behind one of them: as they come, or those that there are.
    case follow(RunID, after: Int?)
    case events(RunID, after: Int, limit: Int)
    /// The graph with these groups opened.
    case layout(RunID, open: Set<Int>)
    case tasks(RunID, TaskQuery)
    case task(RunID, String)
    case log(RunID, task: String, attempt: Int?)
    case report(RunID)
    case jobs
    case start(job: String)
    case abort(RunID)
    case restart(RunID)

    /// Whether something happens that goes beyond looking.
    var acts: Bool {
        switch self {
        case .start, .abort, .restart: true
        default: false
        }
    }

    /// Whether a person asks for it in the address bar of a browser.
    var isPage: Bool { self == .page }
}

extension Endpoint {
    /// - Parameters:
    ///   - path: The path and what follows on it, as the request has it.
    ///   - streams: Whether the request wants events as they come.
    /// - Throws: ``Problem`` if there is no such address, or it does not have this method.
    init(_ method: HTTPRequest.Method, _ path: String, streams: Bool = false) throws(Problem) {
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var steps: [String] = []
        for step in parts[0].split(separator: "/") {
            guard let decoded = PercentEncoding.decode(step) else {
                throw Problem(.badRequest, "the address is not properly percent-encoded")
            }
            steps.append(decoded)
        }
        let query = parts.count > 1 ? parts[1] : nil
        self = try Address(steps: steps, query: query, streams: streams).endpoint
        let methods: [HTTPRequest.Method] = acts ? [.post] : [.get, .head]
        guard methods.contains(method) else {
            let allowed = methods.map(\.rawValue).joined(separator: ", ")
            throw Problem(.methodNotAllowed, "this address takes \(allowed)", headers: [.allow: allowed])
        }
    }
}

/// An address whose parts are decoded.
private struct Address {
    let steps: [String]
    let query: Substring?
    let streams: Bool

    var endpoint: Endpoint {
        get throws(Problem) {
            switch steps.first {
            case nil: return .page
            // Whether there is such a run, the page finds out.
            case "runs" where steps.count == 2: return .page
            case "assets" where steps.count == 2: return .asset(steps[1])
            case "v1": return try api
            default: throw missing
            }
        }
    }

    private var api: Endpoint {
        get throws(Problem) {
            switch (steps.dropFirst().first, steps.count) {
            case ("session", 2):
                try takesNothing()
                return .session
            case ("openapi.json", 2):
                try takesNothing()
                return .description
            case ("jobs", 2):
                try takesNothing()
                return .jobs
            case ("jobs", 4) where steps[3] == "runs":
                try takesNothing()
                return .start(job: steps[2])
            case ("runs", 2): return try .runs(RunQuery(query))
            case ("runs", 3):
                try takesNothing()
                return try .run(run)
            case ("runs", 4): return try ofRun
            case ("runs", 5) where steps[3] == "tasks":
                try takesNothing()
                return try .task(run, steps[4])
            case ("runs", 6) where steps[3] == "tasks" && steps[5] == "log":
                let query = try RequestQuery(query, knowing: ["attempt"])
                return try .log(run, task: steps[4], attempt: query.number("attempt", in: 1...Int.max))
            default: throw missing
            }
        }
    }

    private var ofRun: Endpoint {
        get throws(Problem) {
            switch steps[3] {
            case "events":
                let query = try RequestQuery(query, knowing: streams ? ["after"] : ["after", "limit"])
                let after = try query.number("after", in: 0...Int.max)
                if streams { return try .follow(run, after: after) }
                return try .events(run, after: after ?? 0, limit: query.number("limit", in: 1...10_000) ?? 1_000)
            case "layout":
                let query = try RequestQuery(query, knowing: ["open"])
                return try .layout(run, open: groups(query.text("open") ?? ""))
            case "tasks": return try .tasks(run, TaskQuery(query))
            default:
                try takesNothing()
                switch steps[3] {
                case "view": return try .view(run)
                case "report": return try .report(run)
                case "abort": return try .abort(run)
                case "restart": return try .restart(run)
                default: throw missing
                }
            }
        }
    }

    /// The run that the address is about.
    private var run: RunID {
        get throws(Problem) {
            guard let id = RunID(steps[2]) else {
                throw Problem(
                    .notFound,
                    "'\(steps[2].printable)' is not the id of a run: 32 hexadecimal digits with dashes"
                )
            }
            return id
        }
    }

    private func groups(_ text: String) throws(Problem) -> Set<Int> {
        var groups: Set<Int> = []
        for part in text.split(separator: ",") {
            guard let number = Int(part), number >= 0 else {
                throw Problem(
                    .badRequest,
                    "the parameter 'open' expects numbers of groups with commas between, found '\(text.printable)'"
                )
            }
            groups.insert(number)
        }
        return groups
    }

    private func takesNothing() throws(Problem) { _ = try RequestQuery(query, knowing: []) }

    private var missing: Problem {
        Problem(.notFound, "there is nothing at this address; /v1/openapi.json describes those that there are")
    }
}
