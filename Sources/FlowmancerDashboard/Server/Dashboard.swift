import Flowmancer
import FlowmancerCore
import OrderedCollections

/// What a server shows and does.
struct Dashboard: Sendable {
    let library: RunLibrary
    /// Starts jobs; `nil` if none may be started.
    let starter: JobStarter?
    /// The version of Flowmancer.
    let version: String
    let hostName: String

    /// Returns what starts jobs, for all that goes beyond looking.
    ///
    /// - Throws: ``Problem`` if there is no directory of jobs.
    func jobs() throws(Problem) -> JobStarter {
        if let starter { return starter }
        throw Problem(
            .notFound,
            "this server shows runs only; to start and abort jobs, start it with --jobs and a directory"
        )
    }

    /// How long a page waits for the run of a process that has just begun.
    private static let patience = Duration.seconds(10)

    /// Says who is there, and what the owner of a token may do.
    func session(_ access: Access) async -> JSONText {
        var members = JSONMembers()
        members.add("access", access.rawValue)
        members.add("can_start", starter != nil && access == .full)
        members.add("only_run", await library.only?.run(patience: Self.patience)?.description)
        members.add("version", version)
        members.add("host", hostName)
        return members.json
    }

    func runs(_ query: RunQuery) async throws -> JSONText {
        let page = try await library.list(query)
        var members = JSONMembers()
        members.add("runs", page.runs.map(\.json))
        members.add("next", page.next?.description)
        members.add("problems", page.problems.map(\.description))
        return members.json
    }

    func run(_ id: RunID) async throws -> (tag: String, json: JSONText) {
        let run = try await library.run(id)
        let open = try await run.current()
        let digest = open.digest
        var members = open.run.members
        members["sequence"] = .int(digest.lastNumber)
        var counts: OrderedDictionary<String, ParameterValue> = [:]
        for state in ExecutionState.allCases where digest.counts[state] ?? 0 > 0 {
            counts[state.description] = .int(digest.counts[state] ?? 0)
        }
        members["counts"] = .object(counts)
        members["missing_events"] = .int(digest.missingEvents)
        members["unknown_events"] = .int(digest.unknownEvents)
        members["problems"] = .array(open.problems.map { .string($0.description) })
        members["longest_way"] = .array(digest.criticalPath.map { .int($0) })
        members["expected"] = await run.expectation.rest(of: open).map(ParameterValue.object)
        let json = ParameterValue.object(members).json
        // What is expected changes though nothing happens.
        return (ContentTag.of(json), json)
    }

    /// Returns some of the tasks of a run.
    func tasks(_ id: RunID, _ query: TaskQuery) async throws -> JSONText {
        let open = try await library.run(id).current()
        let digest = open.digest
        let group = try query.group.map { name throws(Problem) in
            guard let node = digest.nodes.find(name) else {
                throw Problem(.notFound, "the run has no group '\(name.printable)'")
            }
            return node
        }
        let after = query.after ?? -1
        // One more tells whether there are more.
        let found = digest.nodes.indices.lazy
            .filter { $0 > after && digest.isTold($0) && query.admits($0, digest, group: group) }
            .prefix(query.limit + 1)
        let page = Array(found)
        let shown = page.prefix(query.limit)
        var members = JSONMembers()
        members.add("tasks", shown.map(open.task))
        if page.count > shown.count, let last = shown.last { members.add("next", last) }
        return members.json
    }

    func task(_ id: RunID, _ name: String) async throws -> JSONText {
        let run = try await library.run(id)
        let open = try await run.current()
        let digest = open.digest
        let node = try Self.node(name, in: digest)
        var members = open.members(ofTask: node)
        members["node"] = .int(node)
        let waits = digest.nodes.dependencies()[node].map { digest.nodes[$0].name }
        members["dependencies"] = .array(waits.map(ParameterValue.string))
        let definition = digest.nodes[node].task.map { digest.nodes.shape.tasks[$0] }
        members["parameters"] = definition?.parameters.flatMap { ParameterValue(json: $0) }
        members["expected_seconds"] = await run.expectation.duration(of: name).map { .double($0 / .seconds(1)) }
        if let log = TaskLogFile(of: name, open.run.record) {
            members["log"] = .object(["size": .int(log.range.count)])
        }
        return ParameterValue.object(members).json
    }

    /// Returns the log of a task.
    ///
    /// - Parameter attempt: Only what this attempt wrote.
    func log(_ id: RunID, _ name: String, attempt: Int?) async throws -> TaskLogFile {
        let open = try await library.run(id).current()
        let node = try Self.node(name, in: open.digest)
        guard let log = TaskLogFile(of: name, open.run.record) else {
            let reason =
                open.run.record.logDirectories.isEmpty
                ? "the job had no logger that writes a file for each task, such as FileLogger"
                : open.digest.tasks[node].attempts.isEmpty
                    ? "the task has not run" : "it was removed, or its logger left the task out"
            throw Problem(.notFound, "there is no log of '\(name.printable)': \(reason)")
        }
        guard let attempt else { return log }
        guard let part = log.part(attempt, of: open.digest.tasks[node].attempts) else {
            throw Problem(.notFound, "the task '\(name.printable)' has had no attempt \(attempt)")
        }
        return part
    }

    private static func node(_ name: String, in digest: RunDigest) throws(Problem) -> Int {
        if let node = digest.nodes.find(name) { return node }
        throw Problem(.notFound, "the run has no task '\(name.printable)'")
    }
}

extension TaskQuery {
    /// Whether a task is among those that are asked for.
    fileprivate func admits(_ node: Int, _ digest: RunDigest, group: Int?) -> Bool {
        if let states, !states.contains(digest.tasks[node].state) { return false }
        if let group, digest.nodes[node].group != group { return false }
        if let search, !digest.nodes[node].name.lowercased().contains(search) { return false }
        return true
    }
}

extension JSONMembers {
    /// Adds a list of values.
    fileprivate mutating func add(_ key: StaticString, _ values: [ParameterValue]) {
        add(key, ParameterValue.array(values).json)
    }
}
