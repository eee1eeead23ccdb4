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

    /// A node with what stands in it, as far as that is known.
    func contents(of node: Int) -> [Int] {
        var contents = [node]
        var next = 0
        while next < contents.count {
            contents += members(of: contents[next])
            next += 1
        }
        return contents
    }

    /// The groups around a node, from the inside.
    func groups(around node: Int) -> [Int] {
        var groups: [Int] = []
        while let group = group(of: groups.last ?? node) { groups.append(group) }
        return groups
    }

    /// Whether a node, or a group around it, is one of some others.
    package func isIn(_ others: Set<Int>, _ node: Int) -> Bool {
        !others.isEmpty && (others.contains(node) || groups(around: node).contains(where: others.contains))
    }
}
