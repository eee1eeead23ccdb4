extension RunDigest {
    /// The chain of tasks, each of which waited for the one before, that took longest: what has to become faster for the run
    /// to become faster, however many tasks may run at once. Tasks that have not ended are not in it.
    package var criticalPath: [Int] {
        let dependencies = nodes.dependencies()
        // Of each task and group the longest chain that ends in it.
        var chains = [Chain](repeating: Chain(), count: nodes.count)
        var predecessors: [Int: Int] = [:]
        // A task ends after everything that it waited for, so its chain is final when it ends.
        for node in finished where isTold(node) {
            var chain = Chain()
            for place in around(node) {
                // What the groups around it waited for, it waited for, too.
                for dependency in dependencies[place] where chains[dependency].length >= chain.length {
                    chain = chains[dependency]
                }
            }
            if let duration = tasks[node].duration {
                predecessors[node] = chain.last
                chain = Chain(length: chain.length + duration, last: node)
            }
            for place in around(node) where chain.length >= chains[place].length { chains[place] = chain }
        }
        guard var last = chains.max(by: { $0.length < $1.length })?.last else { return [] }
        var path = [last]
        while let predecessor = predecessors[last] {
            path.append(predecessor)
            last = predecessor
        }
        return path.reversed()
    }

    /// A chain of tasks that waited for each other.
    private struct Chain {
        var length = Duration.zero
        var last: Int?
    }

    /// A node and the groups around it.
    private func around(_ node: Int) -> some Sequence<Int> {
        sequence(first: node) { nodes[$0].group }
    }
}
