/// The tasks of a job as numbers, with the edges between them; immutable.
package struct TaskGraph: Sendable, Hashable {
    /// The names in the order of the job; a task's number is its position here.
    package let names: [String]
    /// For each task the tasks that it waits for.
    package let dependencies: [[Int]]
    /// For each task the tasks that wait for it.
    package let dependents: [[Int]]

    package var count: Int { names.count }

    /// Creates a graph.
    ///
    /// - Parameter edges: For each task the names of its dependencies; unknown and repeated ones are passed over.
    package init(_ edges: [(name: String, dependencies: [String])]) {
        var numbers: [String: Int] = [:]
        numbers.reserveCapacity(edges.count)
        for (number, edge) in edges.enumerated() { numbers[edge.name] = number }
        self.init(names: edges.map(\.name), dependencies: edges.lazy.map(\.dependencies)) { numbers[$0] }
    }

    private init(
        names: [String],
        dependencies edges: some Collection<[String]>,
        number: (_ name: String) -> Int?
    ) {
        var dependencies: [[Int]] = []
        var dependents = [[Int]](repeating: [], count: names.count)
        dependencies.reserveCapacity(names.count)
        for (task, names) in edges.enumerated() {
            var own: [Int] = []
            own.reserveCapacity(names.count)
            for name in names {
                if let dependency = number(name), dependents[dependency].last != task {
                    own.append(dependency)
                    dependents[dependency].append(task)
                }
            }
            dependencies.append(own)
        }
        self.names = names
        self.dependencies = dependencies
        self.dependents = dependents
    }

    private init(names: [String], dependencies: [[Int]], dependents: [[Int]]) {
        self.names = names
        self.dependencies = dependencies
        self.dependents = dependents
    }

    /// The graph without the edges from tasks to themselves.
    package var withoutLoops: TaskGraph {
        guard dependencies.indices.contains(where: { dependencies[$0].contains($0) }) else { return self }
        func strip(_ edges: [[Int]]) -> [[Int]] {
            edges.enumerated().map { task, others in others.filter { $0 != task } }
        }
        return TaskGraph(names: names, dependencies: strip(dependencies), dependents: strip(dependents))
    }

    /// Returns a task and everything that it needs, directly or not.
    package func ancestors(of task: Int) -> Set<Int> { reachable(from: task, along: dependencies) }

    /// Returns a task and everything that needs it, directly or not.
    package func descendants(of task: Int) -> Set<Int> { reachable(from: task, along: dependents) }

    private func reachable(from task: Int, along edges: [[Int]]) -> Set<Int> {
        var found: Set = [task]
        var open = [task]
        while let next = open.popLast() {
            for neighbour in edges[next] where found.insert(neighbour).inserted { open.append(neighbour) }
        }
        return found
    }
}

extension TaskGraph {
    /// Creates the graph of a job.
    package init(_ job: JobDefinition) {
        let tasks = job.tasks
        self.init(names: Array(tasks.keys), dependencies: tasks.values.lazy.map(\.dependencies)) {
            tasks.index(forKey: $0)
        }
    }
}
