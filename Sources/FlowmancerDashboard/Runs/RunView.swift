import Flowmancer
import FlowmancerCore
import FoundationEssentials

/// All that the page draws of a run, in columns: a run of 100,000 tasks has to reach the browser at once.
///
/// Times are in microseconds since the run began.
enum RunView {
    /// - Parameter open: The run with what has happened in it until now.
    static func json(_ open: OpenRun) -> JSONText {
        let digest = open.digest
        let origin = open.run.record.startedAt
        var members = JSONMembers()
        members.add("run", open.run.json.json)
        members.add("sequence", digest.lastNumber)
        members.add("definitions", digest.nodes.shape.tasks) { task, members in
            members.object { members in
                members.add("name", task.name)
                members.add("type", task.type)
                members.add("form", task.form.rawValue)
                if let container = task.container { members.add("container", container) }
            }
        }
        add(digest.nodes, to: &members)
        members.add("state", String(digest.nodes.indices.map { digest.state(of: $0).letter }))
        members.add("since", digest.tasks.map { $0.since.map { microseconds(from: origin, to: $0) } ?? -1 })
        add(attempts: digest, since: origin, to: &members)
        members.add("allowed", digest.nodes.indices.filter { digest.tasks[$0].isAllowedFailure })
        members.object(
            "reasons",
            digest.nodes.indices.lazy.compactMap { node in
                digest.tasks[node].shownReason.map { (String(node), $0) }
            }
        )
        members.add("longest_way", digest.criticalPath)
        members.add("problems", open.problems.map(\.description))
        return members.json
    }

    private static func add(_ nodes: RunNodes, to members: inout JSONMembers) {
        var columns = JSONMembers()
        columns.add("name", nodes.indices.map { nodes[$0].name })
        columns.add("group", nodes.indices.map { nodes[$0].group ?? -1 })
        columns.add("definition", nodes.indices.map { nodes[$0].task ?? -1 })
        columns.add("is_group", String(nodes.indices.map { nodes[$0].isGroup ? "1" as Character : "0" }))
        members.add("nodes", columns.json)
        let dependencies = nodes.dependencies()
        var edges = JSONMembers()
        edges.add("from", dependencies.flatMap { $0 })
        edges.add("to", dependencies.indices.flatMap { Array(repeating: $0, count: dependencies[$0].count) })
        members.add("edges", edges.json)
    }

    private static func add(attempts digest: RunDigest, since origin: Date, to members: inout JSONMembers) {
        var attempts: [(node: Int, attempt: RunDigest.Attempt)] = []
        for (node, task) in digest.tasks.enumerated() {
            for attempt in task.attempts { attempts.append((node, attempt)) }
        }
        attempts.sort { first, second in
            switch (first.attempt.start, second.attempt.start) {
            case (let own?, let other?) where own != other: own < other
            case (.some, nil): true
            case (nil, .some): false
            default: (first.node, first.attempt.number) < (second.node, second.attempt.number)
            }
        }
        func time(_ date: Date?) -> Int { date.map { microseconds(from: origin, to: $0) } ?? -1 }
        var columns = JSONMembers()
        columns.add("node", attempts.map(\.node))
        columns.add("number", attempts.map(\.attempt.number))
        columns.add("start", attempts.map { time($0.attempt.start) })
        columns.add("end", attempts.map { time($0.attempt.end) })
        columns.add("state", String(attempts.map(\.attempt.state.letter)))
        members.add("attempts", columns.json)
    }

    static func microseconds(from origin: Date, to date: Date) -> Int {
        max(0, date.microsecondsSince1970 - origin.microsecondsSince1970)
    }
}

extension RunDigest.Task {
    /// Why the task is in its state: what is said of the state, or why its last attempt failed.
    fileprivate var shownReason: String? {
        reason ?? (state == .completed ? nil : attempts.last?.failure?.reason)
    }
}

extension ExecutionState {
    /// The state as columns have it.
    var letter: Character { rawValue.first ?? "P" }
}

extension JSONMembers {
    /// Adds an object of texts.
    mutating func object(_ key: StaticString, _ pairs: some Sequence<(String, String)>) {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for (name, text) in pairs {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            JSONString.append(name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            JSONString.append(text, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        add(key, JSONText(rawValue: String(decoding: bytes, as: UTF8.self)))
    }
}
