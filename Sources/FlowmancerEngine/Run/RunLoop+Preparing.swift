import FlowmancerCore

/// How it is found out what is to be done with a task.
extension RunLoop {
    func prepare(_ task: Int) {
        let moment = RunValues.Moment(
            state: { [unowned self] in scheduler.state(of: $0) },
            outputs: { [unowned self] in outputs(of: $0) },
            shared: { [unowned self] in shared.value(of: $0) }
        )
        let preparation = preparer.prepare(task) { values.lookup($0, of: task, at: moment) }
        post(.event(.prepared(task, preparation)))
    }

    /// Hands on what the attempts of a task need to know of the run.
    func takeOver(_ preparation: Preparation, of task: Int) {
        guard let bindings = preparation.bindings else { return }
        attempts.bind(bindings, of: task)
        masker?.add(attempts.secrets(of: task))
    }
}
