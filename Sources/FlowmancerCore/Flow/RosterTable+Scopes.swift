extension RosterTable {
    /// The nodes that a node waits for, as far as they are here.
    func dependencies(of node: Int, _ graph: TaskGraph, _ structure: JobStructure) -> [Int] {
        graph.dependencies[definition(of: node)].compactMap { self.node(of: $0, seenFrom: node, structure) }
    }

    /// The node that a task of the job is, as another node sees it: of several that run for items, the one of the same item.
    ///
    /// - Returns: `nil` if it is not here, or if none of several is meant.
    func node(of definition: Int, seenFrom node: Int, _ structure: JobStructure) -> Int? {
        let own = self.definition(of: node)
        if structure.parents[definition] == structure.parents[own], !role(of: node).isItem {
            return node - structure.positions[own] + structure.positions[definition]
        }
        let chain = structure.chain(to: definition)
        var scope = group(of: node)
        while let outer = scope {
            if role(of: outer) != .list, let step = chain.firstIndex(of: self.definition(of: outer)),
                step + 1 < chain.count
            {
                return descend(from: outer, along: chain[(step + 1)...], structure)
            }
            scope = group(of: outer)
        }
        // Members of a group do not see what is around it.
        guard outer == nil else { return nil }
        return descend(from: structure.positions[chain[0]], along: chain.dropFirst(), structure)
    }

    /// Goes down from a node to one within it. A group of items has several of them, so none is meant.
    private func descend(from node: Int, along chain: ArraySlice<Int>, _ structure: JobStructure) -> Int? {
        var node = node
        for definition in chain {
            guard role(of: node) != .list, isUnfolded(node) else { return nil }
            node = Int(nodes[node].first) + structure.positions[definition]
        }
        return node
    }
}

extension TaskRoster {
    /// The nodes that a node waits for. An item waits for what its group waits for.
    package func dependencies(of node: Int) -> [Int] {
        guard let structure else { return graph.dependencies[node] }
        if role(of: node).isItem, let group = group(of: node) { return dependencies(of: group) }
        return table.dependencies(of: node, graph, structure)
    }

    /// The names of the nodes that a node waits for.
    package func dependencyNames(of node: Int) -> [String] {
        guard !isPlain else { return graph.dependencyNames(of: node, job.tasks.values[node]) }
        return dependencies(of: node).map { names[$0] }
    }

    /// The node that a task of the job is, as another node sees it.
    package func node(of definition: Int, seenFrom node: Int) -> Int? {
        guard let structure else { return definition }
        return table.node(of: definition, seenFrom: node, structure)
    }
}
