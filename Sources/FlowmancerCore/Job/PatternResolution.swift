/// Finds out which tasks the patterns in `dependencies` stand for.
///
/// Dependencies that are names count first, then patterns in the order of the job, and ``NamePattern/all`` last. Each
/// pattern stands for the tasks of the same job that match it and do not, by then, depend on the task that has it. So
/// patterns make no cycles. Tasks that depend on all others do not wait for each other.
struct PatternResolution {
    private let names: [String]
    private let scopes: JobScopes
    private let phases: JobPhases
    private var dependencies: [[Int]]
    /// The nodes of the phases that wait for each of them.
    private var dependents: [[Int]]
    private var patterned: Set<Int>
    /// The single items that tasks wait for.
    private var items: [Int: [Int: [TaskPlace]]]
    /// The tasks that match a pattern: many tasks may have the same one.
    private var matches: [Question: [Int]] = [:]
    private var catchAlls: Set<Int> = []

    /// A pattern in one of the jobs.
    private struct Question: Hashable {
        let pattern: String
        /// The sub-job; `nil` for the job itself.
        let container: Int?
    }

    /// - Parameter graph: The graph of the job, without what patterns stand for.
    init(_ job: JobDefinition, _ graph: TaskGraph, _ scopes: JobScopes) {
        names = graph.names
        self.scopes = scopes
        phases = JobPhases(graph)
        dependencies = graph.dependencies
        dependents = phases.graph.dependents
        patterned = graph.patterned
        items = graph.items
        for (task, definition) in job.tasks.values.enumerated() {
            for name in definition.dependencies
            where NamePattern.isPattern(name) && scopes.place(named: name, from: task) == nil {
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
            dependents: scopes.containers.isEmpty ? dependents.map { $0.sorted() } : dependentTasks,
            containers: scopes.containers,
            patterned: patterned,
            items: items
        )
    }

    private var dependentTasks: [[Int]] {
        var dependents = [[Int]](repeating: [], count: names.count)
        for (task, others) in dependencies.enumerated() {
            for other in others { dependents[other].append(task) }
        }
        return dependents
    }

    private mutating func resolve(_ pattern: String, of task: Int) {
        let beginning = phases.beginning(of: task)
        var excluded = descendants(of: beginning)
        excluded.formUnion(dependencies[task])
        if pattern == NamePattern.all { excluded.formUnion(catchAlls) }
        for match in tasks(matching: pattern, of: task) {
            // A pattern means a group as a whole.
            items[task]?[match] = nil
            guard !excluded.contains(match) else { continue }
            dependencies[task].append(match)
            dependents[match].append(beginning)
        }
    }

    private mutating func tasks(matching pattern: String, of task: Int) -> [Int] {
        let question = Question(pattern: pattern, container: scopes.containers[task])
        if let known = matches[question] { return known }
        let glob = GlobPattern.wildcards(pattern)
        let found = scopes.siblings(of: task).filter { glob.matches(scopes.ownName(of: $0)) }
        matches[question] = found
        return found
    }

    /// A node and everything that needs it by now.
    private func descendants(of node: Int) -> Set<Int> {
        var found: Set = [node]
        var open = [node]
        while let next = open.popLast() {
            for dependent in dependents[next] where found.insert(dependent).inserted { open.append(dependent) }
        }
        return found
    }
}
