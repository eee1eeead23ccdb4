import FlowmancerCore

/// How it is found out what becomes of tasks and groups whose rule is met.
extension RunLoop {
    func prepare(_ node: Int) {
        let sources = PreparationSources(
            state: { self.scheduler.state(of: $0) },
            outputs: { self.outputs(of: $0) },
            shared: { self.shared.value(of: $0) }
        )
        let found = NodePreparation.find(node, roster, preparer, start, sources)
        expansions[node] = found.members
        post(.event(.prepared(node, found.preparation)))
    }
}
