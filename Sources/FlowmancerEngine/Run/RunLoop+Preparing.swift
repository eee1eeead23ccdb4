import FlowmancerCore

/// How it is found out what becomes of tasks and groups whose rule is met.
extension RunLoop {
    func prepare(_ node: Int) {
        let moment = RunValues.Moment(
            state: { [unowned self] in scheduler.state(of: $0) },
            outputs: { [unowned self] in outputs(of: $0) },
            shared: { [unowned self] in shared.value(of: $0) }
        )
        let lookup = { [unowned self] reference in values.lookup(reference, of: node, in: roster, at: moment) }
        let decided = decided.removeValue(forKey: node)
        let found = NodePreparation.find(node, decided: decided, roster, preparer, start, lookup)
        expansions[node] = found.members
        if lookUp(node, after: found.preparation, lookup) { return }
        post(.event(.prepared(node, found.preparation)))
    }

    /// Hands on what the attempts of a task need to know of the run.
    func takeOver(_ preparation: Preparation, of task: Int) {
        attempts.take(preparation, of: task)
    }
}
