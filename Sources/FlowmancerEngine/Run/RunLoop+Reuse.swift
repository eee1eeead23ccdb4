import FlowmancerCore
import OrderedCollections

/// How tasks are looked up that may be up to date, and recorded when they have completed.
extension RunLoop {
    /// What is asked about a task; `nil` if it always runs.
    func reuseRequest(of task: Int) -> ReuseRequest? {
        guard let reuse, let rule = rule(of: task), !rule.isOpen else { return nil }
        let parameters = parameters(of: task)
        // What is not known cannot be compared.
        guard !parameters.values.contains(where: Reuse.isOpen) else { return nil }
        return ReuseRequest(
            task: task,
            name: graph.names[task],
            type: attempts.qualifiedType(of: task),
            parameters: parameters,
            reuse: rule,
            isForced: reuse.forced.contains(task)
        )
    }

    /// What the job says about the reuse of a task, with the values of this run.
    private func rule(of task: Int) -> Reuse? { job.tasks.values[task].reuse }

    /// The parameters of a task as its attempts get them.
    private func parameters(of task: Int) -> OrderedDictionary<String, ParameterValue> {
        job.tasks.values[task].parameters
    }

    /// Goes on with a task that was looked up.
    func follow(_ answer: ReuseAnswer, of task: Int, after preparation: Preparation) {
        let decision: Preparation
        switch answer {
        case .upToDate(let outputs):
            if let outputs { takeEarlier(outputs, of: task) }
            decision = preparation.reused
        case .run:
            decision = preparation.notReused
        }
        post(.event(.prepared(task, decision)))
    }

    /// Takes note of the end of a task, once it is recorded.
    func noteForReuse(_ transition: Transition) {
        guard let reuse, transition.to.isFinal else { return }
        if transition.to != .completed {
            reuse.forget(transition.task)
        } else if transition.from == .running {
            reuse.noteCompletion(of: transition.task, outputs: outputs(of: transition.task))
        } else if transition.reason == .prepared(Reuse.upToDate) {
            reuse.noteUpToDate(transition.task)
        }
    }
}
