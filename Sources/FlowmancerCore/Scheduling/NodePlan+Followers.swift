extension NodePlan {
    /// For each node how many others follow it on the longest chain that begins with it; empty if nothing follows any.
    ///
    /// A chain leads through the members of a group that are known, and then to what waits for the group.
    ///
    /// - Parameter last: How many follow all of them: those that wait for the group that the plan belongs to.
    func followers(before last: UInt32) -> [UInt32] {
        if last == 0, containers.isEmpty, graph.dependencies.allSatisfy({ $0.isEmpty }) { return [] }
        var followers = [UInt32](repeating: last, count: graph.count)
        // How long the longest chain within a group is, with what follows it.
        var inner: [Int: UInt32] = [:]
        for node in (containers.isEmpty ? graph.order : orderWithGroups).reversed() {
            var length = followers[node] + 1
            if !containers.isEmpty {
                // What waits for a group waits for its members, and theirs.
                var around = container(of: node)
                while let group = around {
                    followers[node] = max(followers[node], followers[group])
                    around = container(of: group)
                }
                length = max(followers[node] + 1, inner[node] ?? 0)
                if let group = container(of: node) { inner[group] = max(inner[group] ?? 0, length) }
            }
            for dependency in graph.dependencies[node] where followers[dependency] < length {
                followers[dependency] = length
            }
        }
        return followers
    }

    /// The nodes, each behind those that it depends on and their members, and members behind their group.
    private var orderWithGroups: [Int] {
        var waitsFor = graph.dependencies.map(\.count)
        var members: [Int: [Int]] = [:]
        for member in graph.names.indices {
            guard let group = container(of: member) else { continue }
            waitsFor[member] += 1
            members[group, default: []].append(member)
        }
        var openMembers = members.mapValues(\.count)
        var order = waitsFor.indices.filter { waitsFor[$0] == 0 }
        func release(_ nodes: [Int]) {
            for node in nodes {
                waitsFor[node] -= 1
                if waitsFor[node] == 0 { order.append(node) }
            }
        }
        var next = 0
        while next < order.count {
            var done: Int? = members[order[next]] == nil ? order[next] : nil
            release(members[order[next]] ?? [])
            // The last member of a group ends the group, too.
            while let node = done {
                release(graph.dependents[node])
                done = nil
                guard let group = container(of: node), let open = openMembers[group] else { continue }
                openMembers[group] = open - 1
                if open == 1 { done = group }
            }
            next += 1
        }
        return order
    }
}
