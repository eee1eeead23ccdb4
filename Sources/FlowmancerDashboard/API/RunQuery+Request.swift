import FlowmancerCore
import FoundationEssentials

extension RunQuery {
    /// Reads which runs an address asks for.
    init(_ text: Substring?) throws(Problem) {
        let query = try RequestQuery(text, knowing: ["job", "state", "since", "until", "id", "before", "limit"])
        self.init(limit: try query.number("limit", in: 1...1_000) ?? 50)
        job = try query.text("job")
        let names = query.texts("state")
        for name in names where !RunState.all.contains(RunState(rawValue: name)) {
            let all = RunState.all.map(\.rawValue).joined(separator: ", ")
            throw Problem(.badRequest, "the parameter 'state' expects one of: \(all); found '\(name.printable)'")
        }
        states = names.isEmpty ? .none : Set(names.map(RunState.init))
        since = try Self.time("since", in: query)
        until = try Self.time("until", in: query)
        idPart = try query.text("id").flatMap { $0.isEmpty ? nil : $0.lowercased() }
        before = try query.run("before")
    }

    private static func time(_ key: String, in query: RequestQuery) throws(Problem) -> Date? {
        guard let text = try query.text(key) else { return nil }
        guard let time = text.rfc3339Date else {
            throw Problem(
                .badRequest,
                "the parameter '\(key)' expects a time such as 2026-05-01T12:00:00Z, found '\(text.printable)'"
            )
        }
        return time
    }
}

extension String {
    /// The time that the text is, as of RFC 3339; `nil` if it is none.
    fileprivate var rfc3339Date: Date? {
        let plain = Date.ISO8601FormatStyle()
        return (try? plain.parse(self))
            ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(self))
    }
}

/// Which tasks of a run are asked for. All conditions have to hold.
struct TaskQuery: Hashable {
    var states: Set<ExecutionState>?
    /// A part of the name, in any case.
    var search: String?
    /// The group whose members are asked for.
    var group: String?
    /// The number of the node behind which the page begins.
    var after: Int?
    var limit: Int

    init(_ text: Substring?) throws(Problem) {
        let query = try RequestQuery(text, knowing: ["state", "search", "group", "after", "limit"])
        var states: Set<ExecutionState> = []
        for name in query.texts("state") {
            guard let state = ExecutionState.allCases.first(where: { $0.description == name }), state != .initial else {
                let all = ExecutionState.allCases.filter { $0 != .initial }.map(\.description).joined(separator: ", ")
                throw Problem(.badRequest, "the parameter 'state' expects one of: \(all); found '\(name.printable)'")
            }
            states.insert(state)
        }
        self.states = states.isEmpty ? .none : states
        search = try query.text("search").flatMap { $0.isEmpty ? nil : $0.lowercased() }
        group = try query.text("group")
        after = try query.number("after", in: 0...Int.max)
        limit = try query.number("limit", in: 1...10_000) ?? 1_000
    }
}
