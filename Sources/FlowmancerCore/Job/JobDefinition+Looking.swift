extension JobDefinition {
    /// Whether a task is as described. The tasks are looked at where they are: to copy them takes longer.
    package func hasTask(where isMeant: (TaskDefinition) -> Bool) -> Bool {
        tasks.values.withUnsafeBufferPointer { tasks in
            for number in tasks.indices where isMeant(tasks[number]) { return true }
            return false
        }
    }

    /// Whether there are tasks that stand for several: those with items, and jobs within the job.
    package var hasGroups: Bool { hasTask { $0.hasRareSettings && ($0.forEach != nil || $0.subJob != nil) } }

    /// Whether a task belongs to a sub-job.
    package var hasSubJobs: Bool { hasTask { $0.hasRareSettings && $0.parent != nil } }

    /// Whether a task can be up to date.
    package var hasReuse: Bool { hasTask { $0.hasRareSettings && $0.reuse != nil } }

    /// Whether a task has another rule than the usual one. If not, there is nothing to forecast.
    package var hasRules: Bool { hasTask { $0.runIf != .allCompleted } }
}
