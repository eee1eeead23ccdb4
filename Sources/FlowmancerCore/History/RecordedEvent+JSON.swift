import struct FoundationEssentials.Date
import OrderedCollections

extension RecordedEvent {
    /// The event as a JSON object, to be stored.
    public var json: JSONText {
        if case .unknown(let json) = content { return json }
        var buffer: [UInt8] = []
        append(to: &buffer)
        return JSONText(rawValue: String(decoding: buffer, as: UTF8.self))
    }

    /// Appends the JSON object.
    package func append(to buffer: inout [UInt8]) {
        if case .unknown(let json) = content {
            buffer += json.rawValue.utf8
            return
        }
        var members = JSONMembers()
        members.add("n", number)
        members.add("at", time.microsecondsSince1970)
        switch content {
        case .change(let change): change.add(to: &members)
        case .published(let publication): publication.add(to: &members)
        case .expanded(let expansion):
            members.add("group", expansion.group)
            members.add("nodes", expansion.nodes)
        case .ended(let end): end.add(to: &members)
        case .unknown: break
        }
        buffer += members.finished()
    }

    /// Reads what ``json`` gave, also of a newer version; `nil` if it is something else.
    public init?(json: JSONText) {
        guard let members = StoredMembers(json), let number = members.integer("n"), number > 0,
            let time = members.integer("at")
        else { return nil }
        self.number = number
        self.time = Date(microsecondsSince1970: time)
        content = Self.content(members) ?? .unknown(json)
    }

    /// What an event is of shows in the member that only its kind has.
    private static func content(_ members: StoredMembers) -> Content? {
        if members.value("to") != nil { return StateChange(members).map(Content.change) }
        if members.value("values") != nil { return Publication(members).map(Content.published) }
        if members.value("nodes") != nil, let group = members.text("group") {
            return .expanded(Expansion(group: group, nodes: members.texts("nodes")))
        }
        if members.value("end") != nil { return RunConclusion(members).map(Content.ended) }
        return nil
    }
}

extension StateChange {
    fileprivate func add(to members: inout JSONMembers) {
        members.add("task", task)
        if attempt != 0 { members.add("attempt", attempt) }
        members.add("from", from.rawValue)
        members.add("to", to.rawValue)
        members.add("reason", reason)
        if isAllowedFailure { members.add("allowed", true) }
        if let failure {
            members.add("failure", failure.reason)
            if !failure.lastLines.isEmpty { members.add("last_lines", failure.lastLines) }
        }
        members.add("machine", machine)
    }

    fileprivate init?(_ members: StoredMembers) {
        guard let task = members.text("task"),
            let from = members.text("from").flatMap(ExecutionState.init(rawValue:)),
            let to = members.text("to").flatMap(ExecutionState.init(rawValue:))
        else { return nil }
        self.init(
            task: task,
            attempt: members.integer("attempt") ?? 0,
            from: from,
            to: to,
            reason: members.text("reason"),
            isAllowedFailure: members.flag("allowed"),
            failure: members.text("failure").map {
                AttemptFailure(reason: $0, lastLines: members.texts("last_lines"))
            },
            machine: members.text("machine")
        )
    }
}

extension Publication {
    fileprivate func add(to members: inout JSONMembers) {
        members.add("task", task)
        // As text within text: no number loses digits on the way.
        members.add("values", values.keys.elements)
        members.add("json", values.values.map(\.rawValue))
    }

    fileprivate init?(_ members: StoredMembers) {
        let (names, values) = (members.texts("values"), members.texts("json"))
        guard let task = members.text("task"), names.count == values.count, Set(names).count == names.count else {
            return nil
        }
        let pairs = zip(names, values.map(JSONText.init(rawValue:)))
        self.init(task: task, values: OrderedDictionary(uniqueKeysWithValues: pairs))
    }
}

extension RunConclusion {
    fileprivate func add(to members: inout JSONMembers) {
        members.add("end", state.rawValue)
        let known = counts.filter { $0.value != 0 }.sorted { $0.key.rawValue < $1.key.rawValue }
        members.add("states", known.map(\.key.rawValue))
        members.add("counts", known.map(\.value))
        if allowedFailures != 0 { members.add("allowed_failures", allowedFailures) }
        members.add("reason", reason)
    }

    fileprivate init?(_ members: StoredMembers) {
        guard let state = members.text("end") else { return nil }
        let pairs = zip(members.texts("states").map(ExecutionState.init(rawValue:)), members.integers("counts"))
        var counts: [ExecutionState: Int] = [:]
        for case (let state?, let count) in pairs { counts[state] = count }
        self.init(
            state: RunState(rawValue: state),
            counts: counts,
            allowedFailures: members.integer("allowed_failures") ?? 0,
            reason: members.text("reason")
        )
    }
}
