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
    /// - Parameter satisfied: The tasks that do not run, and that no other waits for.
    package init(_ graph: TaskGraph, satisfied: Set<Int>) {
        var level = [Int?](repeating: nil, count: graph.count)
        var levels: [[Int]] = []
        var waitsFor = graph.dependencies.map { $0.count }
        // Of the dependencies, the one that is ready last.
        var previous = [Int?](repeating: nil, count: graph.count)
        var ready = waitsFor.indices.filter { waitsFor[$0] == 0 }
        var next = 0
        while next < ready.count {
            let task = ready[next]
            next += 1
            if !satisfied.contains(task) {
                var own = 0
                for dependency in graph.dependencies[task] {
                    guard let other = level[dependency], other + 1 > own else { continue }
                    own = other + 1
                    previous[task] = dependency
                }
                level[task] = own
                if own == levels.count { levels.append([]) }
                levels[own].append(task)
            }
            for dependent in graph.dependents[task] {
                waitsFor[dependent] -= 1
                if waitsFor[dependent] == 0 { ready.append(dependent) }
            }
        }
        self.level = level
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
