extension TaskRoster {
    /// The graph in which a group comes behind its members, and its members behind what it waits for.
    var nestedGraph: TaskGraph {
        guard !isPlain else { return graph }
        var dependencies = (0..<count).map { role(of: $0).isItem ? [] : self.dependencies(of: $0) }
        let own = dependencies
        for node in 0..<count {
            var group = self.group(of: node)
            while let outer = group {
                dependencies[node] += own[outer]
                group = self.group(of: outer)
            }
        }
        for node in 0..<count where role(of: node).isGroup { dependencies[node] += members(of: node) }
        var dependents = [[Int]](repeating: [], count: count)
        for node in 0..<count { for dependency in dependencies[node] { dependents[dependency].append(node) } }
        return TaskGraph(names: names, dependencies: dependencies, dependents: dependents)
    }

    /// The beginnings of the names that members of groups may have which are not known.
    var openPrefixes: [String] {
        guard !isPlain else { return [] }
        return (0..<count).filter { !isUnfolded($0) && role(of: $0) == .list }.map { "\(names[$0])[" }
    }

    /// Tasks of the job, and those that belong to them.
    func withInner(_ definitions: Set<Int>) -> Set<Int> {
        guard let structure, !definitions.isEmpty else { return definitions }
        return Set(structure.parents.indices.filter { !definitions.isDisjoint(with: structure.chain(to: $0)) })
    }
}
