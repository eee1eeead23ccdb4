import FlowmancerCore

/// How it is found out what becomes of tasks and groups whose rule is met.
extension RunLoop {
    func prepare(_ node: Int) {
        let sources = PreparationSources(
            state: { self.scheduler.state(of: $0) },
            outputs: { self.outputs(of: $0) },
            shared: { self.shared.value(of: $0) }
        )
        let decided = decided.removeValue(forKey: node)
        let found = NodePreparation.find(node, decided: decided, roster, preparer, start, sources)
        expansions[node] = found.members
        if found.preparation.decision == .run, let reuse, let request = reuseRequest(of: node) {
            reuse.lookUp(request) { [unowned self] in follow($0, of: node, after: found.preparation) }
        } else {
            post(.event(.prepared(node, found.preparation)))
        }
    }
}
