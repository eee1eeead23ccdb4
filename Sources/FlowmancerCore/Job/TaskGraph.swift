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
    /// Creates the graph of a job. A task depends on what its definition names, and on the tasks whose outputs it uses. A
    /// dependency that no task is named is a pattern for names, or passed over.
    package init(_ job: JobDefinition) {
        let tasks = job.tasks
        let scopes = JobScopes(job)
        var hasPatterns = false
        var implied: [Int: [Int]] = [:]
        var items: [Int: [Int: [TaskPlace]]] = [:]
        func note(_ place: TaskPlace, of task: Int) {
            if items[task]?[place.task]?.contains(place) == true { return }
            items[task, default: [:]][place.task, default: []].append(place)
        }
        for number in tasks.values.indices where tasks.values[number].hasVariables {
            tasks.values[number].forEachReference { reference in
                // A sub-job waits as a whole for what its tasks use of others.
                guard reference.kind == .output, let (place, reader) = scopes.source(of: reference, from: number)
                else { return }
                let source = scopes.awaited(place, from: reader)
                if source.isOfItem {
                    note(source, of: reader)
                } else {
                    implied[reader, default: []].append(source.task)
                }
            }
        }
        let whole = implied
        for (task, groups) in items { implied[task, default: []] += groups.keys.sorted() }
        let graph = TaskGraph(
            names: Array(tasks.keys),
            containers: scopes.containers,
            dependencies: tasks.values.lazy.map(\.dependencies),
            implied: implied
        ) { name, task in
            if let number = scopes.definition(named: name, from: task) {
                return scopes.containers.isEmpty ? number : scopes.awaited(TaskPlace(number), from: task).task
            }
            guard let place = scopes.place(named: name, from: task) else {
                if NamePattern.isPattern(name) { hasPatterns = true }
                return nil
            }
            let awaited = scopes.awaited(place, from: task)
            if awaited.isOfItem { note(awaited, of: task) }
            return awaited.task
        }
        // Who waits for a group as a whole waits for its items.
        for task in items.keys {
            let named = tasks.values[task].dependencies.compactMap { scopes.place(named: $0, from: task) }
            let awaited = named.map { scopes.awaited($0, from: task) }.filter { !$0.isOfItem }.map(\.task)
            for group in awaited + (whole[task] ?? []) { items[task]?[group] = nil }
        }
        let exact = items.isEmpty ? graph : graph.waiting(for: items)
        self = hasPatterns ? PatternResolution(job, exact, scopes).graph : exact
    }

    /// The same graph, in which tasks wait for single items.
    private func waiting(for items: [Int: [Int: [TaskPlace]]]) -> TaskGraph {
        TaskGraph(
            names: names,
            dependencies: dependencies,
            dependents: dependents,
            containers: containers,
            patterned: patterned,
            items: items
        )
    }

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
