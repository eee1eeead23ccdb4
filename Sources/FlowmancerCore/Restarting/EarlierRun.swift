/// An item of a group that an earlier run had, and this one has not.
package struct GoneItem: Sendable, Hashable {
    package let name: String
    /// How far it had come; `nil` if it had not begun.
    package let state: ExecutionState?

    /// How far a job had come, by the states of its tasks.
    fileprivate static func state(of tasks: [ExecutionState]) -> ExecutionState? {
        if let worst = [.failed, .running, .aborted, .defaulted].first(where: tasks.contains) { return worst }
        let ended = tasks.filter { $0 == .completed || $0 == .skipped }
        return tasks.isEmpty || ended.count < tasks.count ? nil : ended.contains(.completed) ? .completed : .skipped
    }
}

/// What an earlier run left of the tasks of a job.
struct EarlierRun: Sendable {
    /// The job without its secrets.
    let job: JobDefinition
    /// `nil` if the run begins from the beginning.
    let checkpoint: CheckpointContents?
    /// Whether a completed task runs again if its definition changed.
    let rerunsChanged: Bool
    /// The digests of the tasks' definitions, by their numbers in the job.
    let fingerprints: [String]
    /// The items of groups by name, as far as they were recorded.
    let groups: [String: GroupRecord]

    init(_ job: JobDefinition, _ checkpoint: CheckpointContents?, rerunsChanged: Bool, hasGroups: Bool) {
        self.job = job
        self.checkpoint = checkpoint
        self.rerunsChanged = rerunsChanged
        fingerprints = job.tasks.values.map(\.fingerprint)
        groups = hasGroups ? checkpoint?.decisions.compactMapValues(GroupRecord.init) ?? [:] : [:]
    }

    /// What is done with a task, unless it is left out.
    ///
    /// - Parameters:
    ///   - definition: The number of the task in the job.
    ///   - item: The item that the task runs for.
    func decision(_ name: String, _ definition: Int, _ item: TaskItem?) -> ResumePlan.Decision {
        guard let checkpoint else { return .run(.new) }
        let task = job.tasks.values[definition]
        let isChanged: () -> Bool = { self.isChanged(name, definition, item, checkpoint) }
        switch checkpoint.states[name] {
        case .completed:
            return isChanged() ? (rerunsChanged ? .run(.changed) : .keepChanged) : .keep
        case .failed where task.allowsFailure && !(rerunsChanged && isChanged()):
            return .keepFailure
        case .failed:
            let failure = checkpoint.decisions[name].flatMap(PreparationRecord.init)?.failure
            if failure == .condition, task.when != nil { return .run(.undecided) }
            return .run(failure == .values ? .unresolved : .was(.failed))
        case .running: return .run(.interrupted)
        case .skipped where task.when != nil: return .run(.undecided)
        case _ where task.runIf.waitsForFailures: return .run(.ruleDecides)
        case nil: return .run(.new)
        case let state?: return .run(.was(state))
        }
    }

    /// The items that a group had, and has no more.
    ///
    /// - Parameter group: The name of the group.
    func itemsGone(from group: String, now list: ItemList) -> [GoneItem] {
        guard let states = checkpoint?.states, let record = groups[group] else { return [] }
        return record.keys(missingIn: list).map { key in
            let name = ItemName.name(group, key: key)
            // An item that is a job has no state of its own.
            let inner = states[name].map { [$0] } ?? states.filter { $0.key.hasPrefix("\(name)/") }.map(\.value)
            return GoneItem(name: name, state: GoneItem.state(of: inner))
        }
    }

    private func isChanged(
        _ name: String,
        _ definition: Int,
        _ item: TaskItem?,
        _ checkpoint: CheckpointContents
    ) -> Bool {
        let earlier = checkpoint.fingerprints[name] ?? checkpoint.fingerprints[job.tasks.keys[definition]]
        if let earlier, earlier != fingerprints[definition] { return true }
        guard let item, let before = groups[item.group]?[item.key] else { return false }
        return before != item.value
    }
}
