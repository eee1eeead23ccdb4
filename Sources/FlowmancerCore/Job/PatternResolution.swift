/// Finds out which tasks the patterns in `dependencies` stand for.
///
/// Dependencies that are names count first, then patterns in the order of the job, and ``NamePattern/all`` last. Each
/// pattern stands for the tasks that match it and do not, by then, depend on the task that has it. So patterns make no
/// cycles. Tasks that depend on all others do not wait for each other.
struct PatternResolution {
    private let names: [String]
    private var dependencies: [[Int]]
    private var dependents: [[Int]]
    private var patterned: Set<Int>
    /// The tasks that match a pattern: many tasks may have the same one.
    private var matches: [String: [Int]] = [:]
    private var catchAlls: Set<Int> = []

    /// - Parameter graph: The graph of the job, without what patterns stand for.
    init(_ job: JobDefinition, _ graph: TaskGraph) {
        names = graph.names
        dependencies = graph.dependencies
        dependents = graph.dependents
        patterned = graph.patterned
        for (task, definition) in job.tasks.values.enumerated() {
            for name in definition.dependencies where NamePattern.isPattern(name) && job.tasks[name] == nil {
                patterned.insert(task)
                if name == NamePattern.all { catchAlls.insert(task) } else { resolve(name, of: task) }
            }
        }
        for task in catchAlls.sorted() { resolve(NamePattern.all, of: task) }
    }

    var graph: TaskGraph {
        TaskGraph(
            names: names,
            dependencies: dependencies,
            dependents: dependents.map { $0.sorted() },
            patterned: patterned
        )
    }

    private mutating func resolve(_ pattern: String, of task: Int) {
        var excluded = descendants(of: task)
        excluded.formUnion(dependencies[task])
        if pattern == NamePattern.all { excluded.formUnion(catchAlls) }
        for match in tasks(matching: pattern) where !excluded.contains(match) {
            dependencies[task].append(match)
            dependents[match].append(task)
        }
    }

    private mutating func tasks(matching pattern: String) -> [Int] {
        if let known = matches[pattern] { return known }
        let glob = GlobPattern.wildcards(pattern)
        let found = names.indices.filter { glob.matches(names[$0]) }
        matches[pattern] = found
        return found
    }

    /// A task and everything that needs it by now.
    private func descendants(of task: Int) -> Set<Int> {
        var found: Set = [task]
        var open = [task]
        while let next = open.popLast() {
            for dependent in dependents[next] where found.insert(dependent).inserted { open.append(dependent) }
        }
        return found
    }
}
