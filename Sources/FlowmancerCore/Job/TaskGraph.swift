/// The tasks of a job as numbers, with the edges between them; immutable.
package struct TaskGraph: Sendable, Hashable {
    /// The names in the order of the job; a task's number is its position here.
    package let names: [String]
    /// For each task the tasks that it waits for.
    package let dependencies: [[Int]]
    /// For each task the tasks that wait for it.
    package let dependents: [[Int]]
    /// The sub-job that each task belongs to directly, if it belongs to one.
    package let containers: [Int: Int]
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
        self.init(names: edges.map(\.name), dependencies: edges.lazy.map(\.dependencies)) { name, _ in numbers[name] }
    }

    /// - Parameter number: Returns the number of the task that a name stands for in a task.
    private init(
        names: [String],
        containers: [Int: Int] = [:],
        dependencies edges: some Collection<[String]>,
        implied: [Int: [Int]] = [:],
        number: (_ name: String, _ task: Int) -> Int?
    ) {
        var dependencies: [[Int]] = []
        var dependents = [[Int]](repeating: [], count: names.count)
        dependencies.reserveCapacity(names.count)
        var extended: Set<Int> = []
        for (task, names) in edges.enumerated() {
            var own: [Int] = []
            own.reserveCapacity(names.count)
            for name in names {
                if let dependency = number(name, task), dependents[dependency].last != task {
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
        self.init(
            names: names,
            dependencies: dependencies,
            dependents: dependents,
            containers: containers,
            patterned: extended
        )
    }

    init(
        names: [String],
        dependencies: [[Int]],
        dependents: [[Int]],
        containers: [Int: Int] = [:],
        patterned: Set<Int> = []
    ) {
        self.names = names
        self.dependencies = dependencies
        self.dependents = dependents
        self.containers = containers
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
            containers: containers,
            patterned: patterned
        )
    }

    /// Returns a task and everything that it needs, directly or not; of a sub-job, also all of its tasks. The sub-jobs that
    /// the task belongs to are needed, but not their other tasks.
    package func ancestors(of task: Int) -> Set<Int> {
        guard !containers.isEmpty else { return reachable(from: task, along: dependencies) }
        let phases = JobPhases(self)
        return Set(phases.graph.reachable(from: task, along: phases.graph.dependencies).map(phases.task))
    }

    /// Returns a task and everything that needs it, directly or not; of a sub-job, also all of its tasks.
    package func descendants(of task: Int) -> Set<Int> {
        guard !containers.isEmpty else { return reachable(from: task, along: dependents) }
        let phases = JobPhases(self)
        let beginning = phases.beginning(of: task)
        return Set(phases.graph.reachable(from: beginning, along: phases.graph.dependents).map(phases.task))
    }

    /// Returns a task and, of a sub-job, all tasks within it.
    package func contents(of task: Int) -> Set<Int> {
        guard !containers.isEmpty else { return [task] }
        let scope = names.indices.filter { number in
            var next: Int? = number
            while let outer = next, outer != task { next = containers[outer] }
            return next == task
        }
        return Set(scope)
    }

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
        let scopes = JobScopes(job)
        var hasPatterns = false
        var implied: [Int: [Int]] = [:]
        var edges: [[String]] = []
        edges.reserveCapacity(tasks.count)
        tasks.values.withUnsafeBufferPointer { tasks in
            for number in tasks.indices {
                edges.append(tasks[number].dependencies)
                guard tasks[number].hasVariables else { continue }
                tasks[number].forEachReference { reference in
                    // A sub-job waits as a whole for what its tasks use of others.
                    guard reference.kind == .output, let (source, reader) = scopes.source(of: reference, from: number)
                    else { return }
                    implied[reader, default: []].append(source)
                }
            }
        }
        let graph = TaskGraph(
            names: Array(tasks.keys),
            containers: scopes.containers,
            dependencies: edges,
            implied: implied
        ) { name, task in
            let number = scopes.definition(named: name, from: task)
            if number == nil, NamePattern.isPattern(name) { hasPatterns = true }
            return number
        }
        self = hasPatterns ? PatternResolution(job, graph, scopes).graph : graph
    }

    /// The full names of a task's dependencies, which are those of its definition unless there are patterns among these, it
    /// uses outputs of others, or it belongs to a sub-job.
    package func dependencyNames(of task: Int, _ definition: TaskDefinition) -> [String] {
        patterned.contains(task) || containers[task] != nil
            ? dependencies[task].map { names[$0] } : definition.dependencies
    }
}
