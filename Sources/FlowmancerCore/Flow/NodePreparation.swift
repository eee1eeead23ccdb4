/// What was found out about a task or group whose rule is met.
package struct NodePreparation {
    package var preparation: Preparation
    /// The members of a group that expands.
    package var members: TaskExpansion?

    /// Finds out what becomes of a task or group: evaluates its condition, finds its items, then the values that its attempts
    /// need.
    ///
    /// - Parameters:
    ///   - decided: What an earlier run decided, if that still holds.
    ///   - lookup: Returns what is known of variables.
    package static func find(
        _ node: Int,
        decided: Preparation? = nil,
        _ roster: TaskRoster,
        _ preparer: TaskPreparer,
        _ start: RunStart,
        _ lookup: (ExpressionReference) -> ExpressionLookup
    ) -> NodePreparation {
        if let decided { return NodePreparation(preparation: decided) }
        let (definition, role) = (roster.definition(of: node), roster.role(of: node))
        var record = PreparationRecord()
        let decision = preparer.decide(definition, as: role, &record, lookup)
        guard decision.decision == .run else { return NodePreparation(preparation: decision) }
        guard role == .list else {
            return NodePreparation(preparation: preparer.bind(definition, as: role, &record, lookup))
        }
        guard !roster.isUnfolded(node), let forEach = roster.task(node).forEach else {
            return NodePreparation(preparation: decision)
        }
        switch roster.findItems(of: node, lookup) {
        case .success(let found):
            let members = start.resume(roster.expansion(of: node, items: found.items), of: node, roster)
            GroupRecord.add(found.value, of: forEach, to: &record)
            return NodePreparation(
                preparation: Preparation(.expand(members.plan), record: record.json),
                members: members
            )
        case .failure(let failure):
            return NodePreparation(preparation: Preparation(.fail, because: failure.reason, record: record.json))
        }
    }
}
