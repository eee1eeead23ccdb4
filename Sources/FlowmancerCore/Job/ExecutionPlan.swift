/// In which order the tasks of a job become ready, as far as that follows from the job alone.
package struct ExecutionPlan: Sendable {
    /// The tasks that run, by number, in groups: each waits for at least one of the group before.
    package let levels: [[Int]]
    /// A longest chain of tasks that have to run one after the other.
    package let criticalPath: [Int]
    /// The number of each task's level, from 0; `nil` for one that does not run.
    package let level: [Int?]

    /// Plans the tasks of a graph without cycles.
    ///
    /// - Parameters:
    ///   - satisfied: The tasks that do not run, and that no other waits for.
    ///   - undone: The tasks that are not run, but not before those that they wait for have ended. Others wait for that.
    package init(_ tasks: TaskGraph, satisfied: Set<Int>, undone: Set<Int> = []) {
        let phases = JobPhases(tasks)
        let graph = phases.graph
        var level = [Int?](repeating: nil, count: graph.count)
        var levels: [[Int]] = []
        // The level on which a task could be that waits for this one only.
        var next = [Int](repeating: 0, count: graph.count)
        // Of all that comes before, the task that runs last.
        var previous = [Int?](repeating: nil, count: graph.count)
        // Nothing of a sub-job runs but its tasks.
        func isUndone(_ node: Int) -> Bool { undone.contains(node) || phases.isSubJob(node) }
        for task in graph.order where !satisfied.contains(phases.task(of: task)) {
            var own = 0
            for dependency in graph.dependencies[task] where next[dependency] > own {
                own = next[dependency]
                previous[task] = isUndone(dependency) ? previous[dependency] : dependency
            }
            next[task] = own
            guard !isUndone(task) else { continue }
            next[task] = own + 1
            level[task] = own
            if own == levels.count { levels.append([]) }
            levels[own].append(task)
        }
        self.level = Array(level.prefix(tasks.count))
        self.levels = levels.map { $0.sorted() }
        var path: [Int] = []
        var step = self.levels.last?.first
        while let task = step {
            path.append(task)
            step = previous[task]
        }
        criticalPath = path.reversed()
    }

    /// How many tasks the largest level has.
    package var width: Int { levels.map(\.count).max() ?? 0 }
}
