extension TaskGraph {
    /// The tasks, each behind those that it depends on; a sub-job is behind its tasks. Tasks on a cycle, and what depends on
    /// them, are missing.
    package var order: [Int] {
        guard containers.isEmpty else { return JobPhases(self).graph.order.filter { $0 < count } }
        var waitsFor = dependencies.map { $0.count }
        var order = waitsFor.indices.filter { waitsFor[$0] == 0 }
        var next = 0
        while next < order.count {
            for dependent in dependents[order[next]] {
                waitsFor[dependent] -= 1
                if waitsFor[dependent] == 0 { order.append(dependent) }
            }
            next += 1
        }
        return order
    }
}
