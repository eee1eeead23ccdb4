/// Where the preparation of a task or group looks for what is known in the run only. Tasks go by their numbers in the run.
package struct PreparationSources {
    /// Returns the state of a task.
    package var state: (Int) -> ExecutionState
    /// Returns what a task published.
    package var outputs: (Int) -> JSONText?
    /// Returns a value of the shared dictionary.
    package var shared: (String) -> JSONText?

    package init(
        state: @escaping (Int) -> ExecutionState,
        outputs: @escaping (Int) -> JSONText?,
        shared: @escaping (String) -> JSONText?
    ) {
        self.state = state
        self.outputs = outputs
        self.shared = shared
    }

    /// The value of a variable as a task or group sees it.
    func lookup(_ reference: ExpressionReference, for node: Int, _ roster: TaskRoster) -> ExpressionLookup {
        switch reference.kind {
        case .shared:
            guard let text = shared(reference.name) else { return .missing() }
            return ParameterValue(json: text).map(ExpressionLookup.value) ?? .unreadable
        case .item:
            return roster.item(of: node).map { reference.lookup(in: $0) } ?? .missing()
        case .output:
            return roster.output(reference, for: node, outputs)
        case .state:
            return roster.node(askedForBy: reference, for: node).map { .value(.string(state($0).description)) }
                ?? .missing()
        case .variable, .environment, .system:
            return .missing()
        }
    }
}

/// What was found out about a task or group whose rule is met.
package struct NodePreparation {
    package var preparation: Preparation
    /// The members of a group that expands.
    package var members: TaskExpansion?

    /// Finds out what becomes of a task or group: evaluates its condition, then finds its items.
    ///
    /// - Parameter decided: What an earlier run decided, if that still holds.
    package static func find(
        _ node: Int,
        decided: Preparation? = nil,
        _ roster: TaskRoster,
        _ preparer: TaskPreparer,
        _ start: RunStart,
        _ sources: PreparationSources
    ) -> NodePreparation {
        var preparation = decided ?? Preparation(.run, record: JSONText(rawValue: "{}"))
        if decided == nil, roster.asksCondition(node) {
            preparation = preparer.prepare(roster.definition(of: node)) { sources.lookup($0, for: node, roster) }
        }
        guard preparation.decision == .run, roster.role(of: node) == .list, !roster.isUnfolded(node) else {
            return NodePreparation(preparation: preparation)
        }
        switch roster.findItems(of: node, { sources.lookup($0, for: node, roster) }) {
        case .success(let found):
            let members = start.resume(roster.expansion(of: node, items: found.items), roster)
            preparation.decision = .expand(members.plan)
            preparation.record = roster.record(found.value, of: node, in: preparation.record)
            return NodePreparation(preparation: preparation, members: members)
        case .failure(let failure):
            return NodePreparation(
                preparation: Preparation(.fail, because: failure.reason, record: preparation.record)
            )
        }
    }
}
