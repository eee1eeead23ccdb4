extension RosterTable {
    /// The nodes that a node waits for, as far as they are here.
    func dependencies(of node: Int, _ graph: TaskGraph, _ structure: JobStructure) -> [Int] {
        let own = definition(of: node)
        guard let items = graph.items[own] else {
            return graph.dependencies[own].compactMap { self.node(of: TaskPlace($0), seenFrom: node, structure) }
        }
        return graph.dependencies[own].flatMap { dependency in
            (items[dependency] ?? [TaskPlace(dependency)]).compactMap { self.node(of: $0, seenFrom: node, structure) }
        }
    }

    /// The node that a task of the job is, as another node sees it: of several that run for items, the one that is meant, or
    /// else the one of the same item.
    ///
    /// - Returns: `nil` if it is not here, or if none of several is meant.
    func node(of place: TaskPlace, seenFrom node: Int, _ structure: JobStructure) -> Int? {
        let own = self.definition(of: node)
        if structure.parents[place.task] == structure.parents[own], !role(of: node).isItem {
            return member(place.keys, of: node - structure.positions[own] + structure.positions[place.task])
        }
        let chain = structure.chain(to: place.task)
        var scope = group(of: node)
        while let outer = scope {
            if role(of: outer) != .list, let step = chain.firstIndex(of: self.definition(of: outer)),
                step + 1 < chain.count
            {
                return descend(from: outer, along: chain[(step + 1)...], place.keys, structure)
            }
            scope = group(of: outer)
        }
        // Members of a group do not see what is around it.
        guard outer == nil else { return nil }
        return member(place.keys, of: structure.positions[chain[0]]).flatMap {
            descend(from: $0, along: chain.dropFirst(), place.keys, structure)
        }
    }

    /// Goes down from a node to one within it. A group of items has several of them, of which one has to be meant.
    ///
    /// - Parameter keys: The keys of the items, by the groups that have them.
    func descend(
        from node: Int,
        along chain: ArraySlice<Int>,
        _ keys: [Int: String],
        _ structure: JobStructure
    ) -> Int? {
        var node = node
        for definition in chain {
            guard role(of: node) != .list, isUnfolded(node),
                let next = member(keys, of: Int(nodes[node].first) + structure.positions[definition])
            else { return nil }
            node = next
        }
        return node
    }

    /// Of a group of items, the member that is meant; any other node, and a group that is meant as a whole, as it is.
    private func member(_ keys: [Int: String], of node: Int) -> Int? {
        guard !keys.isEmpty, role(of: node) == .list, let key = keys[definition(of: node)] else { return node }
        guard isUnfolded(node), let position = lists[node]?.keys.firstIndex(of: key) else { return nil }
        return Int(nodes[node].first) + position
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
    func node(of place: TaskPlace, seenFrom node: Int) -> Int? {
        guard let structure else { return place.task }
        return table.node(of: place, seenFrom: node, structure)
    }
}
