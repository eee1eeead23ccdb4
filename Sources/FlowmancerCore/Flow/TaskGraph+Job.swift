extension TaskGraph {
    /// Creates the graph of a job. A task depends on what its definition names, and on the tasks whose outputs it uses. A
    /// dependency that no task is named is a pattern for names, or passed over.
    package init(_ job: JobDefinition) {
        var collection = DependencyCollection(job)
        self = collection.graph()
    }
}

/// What the tasks of a job wait for, on the way to their graph.
private struct DependencyCollection {
    private let job: JobDefinition
    private let scopes: JobScopes
    /// For each task the names of its dependencies.
    private var names: [[String]] = []
    /// The tasks whose outputs a task uses, without those of which it waits for single items.
    private var sources: [Int: [Int]] = [:]
    /// The single items that tasks wait for, by their groups.
    private var items: [Int: [Int: [TaskPlace]]] = [:]
    private var hasPatterns = false

    init(_ job: JobDefinition) {
        self.job = job
        scopes = JobScopes(job)
        names.reserveCapacity(job.tasks.count)
        // Looked at where they are: there may be a million.
        job.tasks.values.withUnsafeBufferPointer { tasks in
            for number in tasks.indices {
                names.append(tasks[number].dependencies)
                if tasks[number].hasVariables { noteSources(of: tasks[number], number) }
            }
        }
    }

    private mutating func noteSources(of definition: TaskDefinition, _ task: Int) {
        definition.forEachReference { reference in
            // A sub-job waits as a whole for what its tasks use of others.
            guard reference.kind == .output, let (place, reader) = scopes.source(of: reference, from: task) else {
                return
            }
            let source = scopes.awaited(place, from: reader)
            if source.isOfItem { note(source, of: reader) } else { sources[reader, default: []].append(source.task) }
        }
    }

    private mutating func note(_ item: TaskPlace, of task: Int) {
        if items[task]?[item.task]?.contains(item) == true { return }
        items[task, default: [:]][item.task, default: []].append(item)
    }

    mutating func graph() -> TaskGraph {
        var implied = sources
        for (task, groups) in items { implied[task, default: []] += groups.keys.sorted() }
        let graph = TaskGraph(
            names: Array(job.tasks.keys),
            containers: scopes.containers,
            dependencies: names,
            implied: implied
        ) { name, task in number(of: name, from: task) }
        dropItemsOfWholeGroups()
        let exact = items.isEmpty ? graph : graph.waiting(for: items)
        return hasPatterns ? PatternResolution(job, exact, scopes).graph : exact
    }

    private mutating func number(of name: String, from task: Int) -> Int? {
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

    /// Who waits for a group as a whole waits for its items.
    private mutating func dropItemsOfWholeGroups() {
        for task in items.keys {
            let named = names[task].compactMap { scopes.place(named: $0, from: task) }
            let awaited = named.map { scopes.awaited($0, from: task) }.filter { !$0.isOfItem }.map(\.task)
            for group in awaited + (sources[task] ?? []) { items[task]?[group] = nil }
        }
    }
}

extension TaskGraph {
    /// The same graph, in which tasks wait for single items.
    fileprivate func waiting(for items: [Int: [Int: [TaskPlace]]]) -> TaskGraph {
        TaskGraph(
            names: names,
            dependencies: dependencies,
            dependents: dependents,
            containers: containers,
            patterned: patterned,
            items: items
        )
    }
}
