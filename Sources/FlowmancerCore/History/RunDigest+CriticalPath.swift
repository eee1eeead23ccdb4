extension RunDigest {
    /// The chain of tasks, each of which waited for the one before, that took longest. Tasks that have not ended are not in it.
    package var criticalPath: [Int] {
        let dependencies = nodes.dependencies()
        var chain = LongestChain(count: nodes.count, dependencies: { dependencies[$0] }, group: { nodes[$0].group })
        for node in finished where isTold(node) { chain.add(node, tasks[node].duration) }
        return chain.tasks
    }
}
