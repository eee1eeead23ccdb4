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

    init(_ job: JobDefinition) {
        var parents: [Int] = []
        var children = [[Int]](repeating: [], count: job.tasks.count)
        var roots: [Int] = []
        var positions: [Int] = []
        var names: [String] = []
        for (number, (name, task)) in job.tasks.enumerated() {
            if let parent = task.parent, let outer = job.tasks.index(forKey: parent) {
                parents.append(outer)
                positions.append(children[outer].count)
                children[outer].append(number)
                names.append(String(name.dropFirst(parent.count + 1)))
            } else {
                parents.append(-1)
                positions.append(roots.count)
                roots.append(number)
                names.append(name)
            }
        }
        self.parents = parents
        self.children = children
        self.roots = roots
        self.positions = positions
        localNames = names
    }

    /// A task and those around it, the outermost one first.
    func chain(to task: Int) -> [Int] {
        var chain = [task]
        while let outer = chain.last.map({ parents[$0] }), outer >= 0 { chain.append(outer) }
        return chain.reversed()
    }
}

extension JobDefinition {
    /// Whether there are tasks that stand for several: those with items, and jobs within the job.
    package var hasGroups: Bool { tasks.values.contains { $0.forEach != nil || $0.subJob != nil } }
}
