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
    /// For each task the dependencies of which it waits for single items only, with the places of these.
    package let items: [Int: [Int: [TaskPlace]]]

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

    /// - Parameters:
    ///   - implied: What tasks wait for beyond what their definitions name.
    ///   - number: Returns the number of the task that a name stands for in a task.
    init(
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
        patterned: Set<Int> = [],
        items: [Int: [Int: [TaskPlace]]] = [:]
    ) {
        self.names = names
        self.dependencies = dependencies
        self.dependents = dependents
        self.containers = containers
        self.patterned = patterned
        self.items = items
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
            patterned: patterned,
            items: items
        )
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

    /// Returns tasks and everything that edges lead to from them.
    package func reachable(from tasks: some Collection<Int>, along edges: [[Int]]) -> Set<Int> {
        var found = Set(tasks)
        var open = Array(tasks)
        while let next = open.popLast() {
            for neighbour in edges[next] where found.insert(neighbour).inserted { open.append(neighbour) }
        }
        return found
    }
}

extension TaskGraph {
    /// The names of what a task waits for, with the keys of single items.
    package func dependencyNames(of task: Int, _ scopes: JobScopes) -> [String] {
        dependencies[task].flatMap { dependency in
            items[task]?[dependency]?.map { scopes.name(of: $0) } ?? [names[dependency]]
        }
    }

    /// The full names of a task's dependencies, which are those of its definition unless there are patterns among these, it
    /// uses outputs of others, or it belongs to a sub-job.
    package func dependencyNames(of task: Int, _ definition: TaskDefinition) -> [String] {
        patterned.contains(task) || containers[task] != nil
            ? dependencies[task].map { names[$0] } : definition.dependencies
    }
}
