import FlowmancerCore

extension Dashboard {
    /// Returns events of a run as programs read them.
    ///
    /// - Parameter number: The number of the event behind which to begin.
    func events(_ id: RunID, after number: Int, limit: Int) async throws -> JSONText {
        // Whether there is such a run, and only runs that are shown.
        let run = try await library.run(id)
        guard let reader = try await library.histories.openRun(id, after: number) else {
            throw Problem(.notFound, "the run \(id) was removed meanwhile")
        }
        let found = try await reader.next(atMost: limit)
        var members = JSONMembers()
        members.add("events", found.events) { event, members in members.object { event.add(to: &$0) } }
        members.add("last", found.events.last?.number ?? number)
        members.add("problem", found.problem?.description)
        members.add("is_over", try await run.current().run.state != .underWay)
        return members.json
    }
}

extension RecordedEvent {
    /// Writes the event as members of a JSON object.
    fileprivate func add(to members: inout JSONMembers) {
        members.add("number", number)
        members.add("at", time.timestamp)
        if let change {
            members.add("kind", "state")
            members.add("task", change.task)
            if change.attempt > 0 { members.add("attempt", change.attempt) }
            members.add("from", change.from.description)
            members.add("to", change.to.description)
            members.add("reason", change.reason)
            if change.isAllowedFailure { members.add("allowed_failure", true) }
            if let failure = change.failure {
                members.add("failure", failure.reason)
                members.add("last_lines", failure.lastLines)
            }
        } else if let publication {
            members.add("kind", "published")
            members.add("task", publication.task)
            let values = publication.values.mapValues { ParameterValue(json: $0) ?? .string($0.rawValue) }
            members.add("values", ParameterValue.object(values).json)
        } else if let expansion {
            members.add("kind", "expanded")
            members.add("group", expansion.group)
            members.add("nodes", expansion.nodes)
        } else if let conclusion {
            members.add("kind", "ended")
            members.add("state", conclusion.state.rawValue)
            members.add("reason", conclusion.reason)
        } else {
            members.add("kind", "unknown")
        }
    }
}
