/// The tasks of a job as numbers, with the edges between them; immutable.
package struct TaskGraph: Sendable {
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
        names = edges.map(\.name)
        var numbers: [String: Int] = [:]
        numbers.reserveCapacity(edges.count)
        for (number, edge) in edges.enumerated() { numbers[edge.name] = number }

        var dependencies: [[Int]] = []
        var dependents = [[Int]](repeating: [], count: edges.count)
        dependencies.reserveCapacity(edges.count)
        for (number, edge) in edges.enumerated() {
            var own: [Int] = []
            own.reserveCapacity(edge.dependencies.count)
            for name in edge.dependencies {
                if let dependency = numbers[name], dependents[dependency].last != number {
                    own.append(dependency)
                    dependents[dependency].append(number)
                }
            }
            dependencies.append(own)
        }
        self.dependencies = dependencies
        self.dependents = dependents
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
        self.init(job.tasks.map { ($0.key, $0.value.dependencies) })
    }
}
