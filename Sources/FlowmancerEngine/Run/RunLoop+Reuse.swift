import FlowmancerCore
import OrderedCollections

/// How tasks are looked up that may be up to date, and recorded when they have completed.
extension RunLoop {
    /// What is asked about a task; `nil` if it always runs.
    func reuseRequest(of task: Int) -> ReuseRequest? {
        guard let reuse, let rule = roster.task(task).reuse else { return nil }
        return ReuseRequest(
            task: task,
            name: roster.names[task],
            type: attempts.qualifiedType(of: task),
            parameters: attempts.parameters(of: task),
            reuse: rule,
            isForced: reuse.forced.contains(roster.definition(of: task))
        )
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
        guard let reuse, transition.to == .completed else { return }
        if transition.from == .running {
            reuse.noteCompletion(of: transition.task, outputs: outputs(of: transition.task))
        } else if transition.reason == .prepared(Reuse.upToDate) {
            reuse.noteUpToDate(transition.task)
        }
    }
}
