/// The tasks of a job as numbers, with the edges between them; immutable.
package struct TaskGraph: Sendable, Hashable {
    /// The names in the order of the job; a task's number is its position here.
    package let names: [String]
    /// For each task the tasks that it waits for.
    package let dependencies: [[Int]]
    /// For each task the tasks that wait for it.
    package let dependents: [[Int]]
    /// The tasks that have other dependencies than those that their definitions name: by patterns, or by the outputs that they
    /// use.
    let patterned: Set<Int>

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
        implied: [Int: [Int]] = [:],
        number: (_ name: String) -> Int?
    ) {
        var dependencies: [[Int]] = []
        var dependents = [[Int]](repeating: [], count: names.count)
        dependencies.reserveCapacity(names.count)
        var extended: Set<Int> = []
        for (task, names) in edges.enumerated() {
            var own: [Int] = []
            own.reserveCapacity(names.count)
            for name in names {
                if let dependency = number(name), dependents[dependency].last != task {
                    own.append(dependency)
                    dependents[dependency].append(task)
                }
            }
            if !implied.isEmpty {
                for dependency in implied[task] ?? [] where dependents[dependency].last != task {
                    own.append(dependency)
                    dependents[dependency].append(task)
                    extended.insert(task)
                }
            }
            dependencies.append(own)
        }
        self.init(names: names, dependencies: dependencies, dependents: dependents, patterned: extended)
    }

    init(names: [String], dependencies: [[Int]], dependents: [[Int]], patterned: Set<Int> = []) {
        self.names = names
        self.dependencies = dependencies
        self.dependents = dependents
        self.patterned = patterned
    }

    /// The graph without the edges from tasks to themselves.
    package var withoutLoops: TaskGraph {
        guard dependencies.indices.contains(where: { dependencies[$0].contains($0) }) else { return self }
        func strip(_ edges: [[Int]]) -> [[Int]] {
            edges.enumerated().map { task, others in others.filter { $0 != task } }
        }
        return TaskGraph(
            names: names,
            dependencies: strip(dependencies),
            dependents: strip(dependents),
            patterned: patterned
        )
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
    /// Creates the graph of a job. A task depends on what its definition names, and on the tasks whose outputs it uses. A
    /// dependency that no task is named is a pattern for names, or passed over.
    package init(_ job: JobDefinition) {
        let tasks = job.tasks
        var hasPatterns = false
        var implied: [Int: [Int]] = [:]
        for number in tasks.values.indices where tasks.values[number].hasVariables {
            let sources = job.sources(of: tasks.values[number])
            if !sources.isEmpty { implied[number] = sources }
        }
        let graph = TaskGraph(
            names: Array(tasks.keys),
            dependencies: tasks.values.lazy.map(\.dependencies),
            implied: implied
        ) { name in
            let number = tasks.index(forKey: name)
            if number == nil, NamePattern.isPattern(name) { hasPatterns = true }
            return number
        }
        self = hasPatterns ? PatternResolution(job, graph).graph : graph
    }

    /// The names of a task's dependencies, which are those of its definition unless there are patterns among these, or it uses
    /// outputs of others.
    package func dependencyNames(of task: Int, _ definition: TaskDefinition) -> [String] {
        patterned.contains(task) ? dependencies[task].map { names[$0] } : definition.dependencies
    }
}
