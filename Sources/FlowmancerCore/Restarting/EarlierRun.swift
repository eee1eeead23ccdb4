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
