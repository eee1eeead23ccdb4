/// How the tasks of a job are nested: which of them belong to which job within the job.
///
/// Tasks go by their numbers in the job.
struct JobStructure: Sendable {
    /// For each task the one around it; -1 for a task of the job itself.
    let parents: [Int]
    /// For each task those directly within it.
    let children: [[Int]]
    /// The tasks of the job itself.
    let roots: [Int]
    /// The place of each task among its siblings.
    let positions: [Int]
    /// The names of the tasks within their own job.
    let localNames: [String]

    /// What names mean in them.
    let scopes: JobScopes

    init(_ job: JobDefinition) {
        let scopes = JobScopes(job)
        self.scopes = scopes
        parents = job.tasks.keys.indices.map { scopes.containers[$0] ?? -1 }
        children = job.tasks.keys.indices.map { scopes.tasks(of: $0) }
        roots = job.tasks.keys.indices.filter { scopes.containers[$0] == nil }
        var positions = [Int](repeating: 0, count: job.tasks.count)
        for siblings in children + [roots] {
            for (position, task) in siblings.enumerated() { positions[task] = position }
        }
        self.positions = positions
        localNames = job.tasks.keys.indices.map(scopes.ownName)
    }

    /// A task and those around it, the outermost one first.
    func chain(to task: Int) -> [Int] {
        var chain = [task]
        while let outer = chain.last.map({ parents[$0] }), outer >= 0 { chain.append(outer) }
        return chain.reversed()
    }
}
