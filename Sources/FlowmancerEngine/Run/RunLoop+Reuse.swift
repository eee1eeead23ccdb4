import FlowmancerCore

/// How tasks are looked up that may be up to date, and recorded when they have completed.
extension RunLoop {
    /// Looks a task up that may be up to date, and goes on with it.
    ///
    /// - Returns: Whether it may be; all others run.
    func lookUp(
        _ task: Int,
        after preparation: Preparation,
        _ lookup: @escaping (ExpressionReference) -> ExpressionLookup
    )
        -> Bool
    {
        guard preparation.decision == .run, let reuse, !roster.role(of: task).isGroup,
            let rule = roster.task(task).reuse
        else { return false }
        var resolver = ValueResolver(at: ParameterPath("reuse"), lookup)
        do throws(ValueError) {
            let request = ReuseRequest(
                task: task,
                name: roster.names[task],
                type: attempts.qualifiedType(of: task),
                parameters: attempts.parameters(of: task, bindings: preparation.bindings),
                reuse: try rule.resolved(&resolver),
                isForced: roster.isIn(reuse.forced, task)
            )
            reuse.lookUp(request) { [unowned self] in follow($0, of: task, after: preparation) }
        } catch {
            let reason = "\(error.path): \(error.problem.wording)"
            post(.event(.prepared(task, Preparation(.fail, because: reason, record: preparation.record))))
        }
        return true
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
