extension TaskGraph {
    /// Finds a cycle in every group of tasks that all depend on each other, directly or not.
    ///
    /// - Returns: The tasks of each cycle in order, the first repeated at the end. No shorter cycle goes through its first
    ///   task, which is the group's first in the job. In a cycle, a sub-job and its tasks wait for each other: they begin
    ///   after it, and it ends after them.
    package func findCycles() -> [[Int]] {
        guard !containers.isEmpty else { return findPlainCycles() }
        let phases = JobPhases(self)
        return phases.graph.findPlainCycles().map { cycle in
            var tasks: [Int] = []
            for node in cycle where tasks.last != phases.task(of: node) { tasks.append(phases.task(of: node)) }
            return tasks
        }
    }

    private func findPlainCycles() -> [[Int]] {
        // In most jobs, tasks stand behind those that they depend on.
        let isOrdered = dependencies.indices.allSatisfy { task in dependencies[task].allSatisfy { $0 < task } }
        if isOrdered { return [] }
        var groups = [Int](repeating: -1, count: count)
        var starts: [Int] = []
        for (group, tasks) in stronglyConnectedComponents().enumerated() {
            for task in tasks { groups[task] = group }
            let first = tasks.min()!
            if tasks.count > 1 || dependencies[first].contains(first) { starts.append(first) }
        }
        return starts.sorted().map { shortestCycle(through: $0, groups) }
    }

    /// Walks in all directions within the group until it is back.
    private func shortestCycle(through start: Int, _ groups: [Int]) -> [Int] {
        var origins: [Int: Int] = [:]
        var open = [start]
        var next = 0
        while origins[start] == nil {
            let task = open[next]
            next += 1
            for dependency in dependencies[task] where groups[dependency] == groups[start] {
                guard origins[dependency] == nil else { continue }
                origins[dependency] = task
                open.append(dependency)
            }
        }
        var cycle = [start]
        repeat { cycle.append(origins[cycle[cycle.count - 1]]!) } while cycle[cycle.count - 1] != start
        return cycle.reversed()
    }

    /// Tarjan's algorithm, with a stack of its own: chains of tasks may be longer than the thread's stack.
    private func stronglyConnectedComponents() -> [[Int]] {
        var components: [[Int]] = []
        var numbers = [Int](repeating: -1, count: count)
        var lowest = [Int](repeating: 0, count: count)
        var isOpen = [Bool](repeating: false, count: count)
        var open: [Int] = []
        var visits: [(task: Int, next: Int)] = []
        var lastNumber = 0

        func enter(_ task: Int) {
            numbers[task] = lastNumber
            lowest[task] = lastNumber
            lastNumber += 1
            open.append(task)
            isOpen[task] = true
            visits.append((task, 0))
        }

        for root in 0..<count where numbers[root] < 0 {
            enter(root)
            while let (task, next) = visits.last {
                if next < dependencies[task].count {
                    visits[visits.count - 1].next += 1
                    let dependency = dependencies[task][next]
                    if numbers[dependency] < 0 {
                        enter(dependency)
                    } else if isOpen[dependency] {
                        lowest[task] = min(lowest[task], numbers[dependency])
                    }
                    continue
                }
                visits.removeLast()
                if let parent = visits.last?.task { lowest[parent] = min(lowest[parent], lowest[task]) }
                guard lowest[task] == numbers[task] else { continue }
                let first = open.lastIndex(of: task)!
                for member in open[first...] { isOpen[member] = false }
                components.append(Array(open[first...]))
                open.removeSubrange(first...)
            }
        }
        return components
    }
}
