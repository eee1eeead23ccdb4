/// How nodes end, and what that means for others.
extension Scheduler {
    /// Puts a node into its final state. Others hear of it when the event was handled.
    mutating func settle(
        _ task: Int,
        as state: ExecutionState,
        attempt: Int = 0,
        because reason: StateReason? = nil,
        _ actions: inout [SchedulerAction]
    ) {
        let previous = nodes[task].state
        nodes[task].phase = .final(state)
        unfinished -= 1
        news.append(task)
        let transition = Transition(task: task, from: previous, to: state, attempt: attempt, reason: reason)
        actions.append(.transition(transition))
        if state == .failed { countFailure(of: task, &actions) }
    }

    /// Tells others of the nodes that ended, which may end more of them.
    mutating func spreadNews(_ actions: inout [SchedulerAction]) {
        while let task = news.popFirst() {
            guard case .final(let state) = nodes[task].phase else { continue }
            if nodes[task].group >= 0 { tellGroup(of: task, state, &actions) }
            if !groups.isEmpty { tellMembers(of: task, state, &actions) }
            // After an abort nothing goes on, and all that waits is aborted.
            guard !abortStage.isCarriedOut else { continue }
            let votes = votes(of: task, state)
            for dependent in dependents[task] {
                guard nodes[dependent].isWaiting else { continue }
                nodes[dependent].tally.open -= 1
                count(votes, of: task, for: dependent, &actions)
            }
        }
    }

    private func votes(of task: Int, _ state: ExecutionState) -> Votes {
        if !groups.isEmpty, let number = groupNumbers[task], groups[number].isEntered { return groups[number].votes }
        return Votes(state, isAllowed: allowsFailure(of: task))
    }

    /// Counts votes for a node that waits.
    private mutating func count(
        _ votes: Votes,
        of dependency: Int,
        for task: Int,
        _ actions: inout [SchedulerAction]
    ) {
        let rule = traits[task].rule
        nodes[task].tally.votes.formUnion(rule.reading(of: votes))
        decide(task, after: dependency, &actions)
    }

    /// Lets a node that waits go on or end, if its rule is decided.
    ///
    /// - Parameter dependency: The dependency that voted last.
    mutating func decide(_ task: Int, after dependency: Int? = nil, _ actions: inout [SchedulerAction]) {
        let rule = traits[task].rule
        switch rule.verdict(on: nodes[task].tally) {
        case .open:
            break
        case .met:
            let group = Int(nodes[task].group)
            if group < 0 || admission.beginMember(task, of: group) { goOn(task, &actions) }
        case .unmet:
            let reason =
                if rule == .allCompleted, let dependency {
                    StateReason(dependency, endedAs: nodes[dependency].state)
                } else {
                    StateReason.ruleUnmet(rule)
                }
            settle(task, as: rule.stateIfUnmet, because: reason, &actions)
        }
    }

    // MARK: Groups

    private mutating func tellGroup(of task: Int, _ state: ExecutionState, _ actions: inout [SchedulerAction]) {
        let number = Int(nodes[task].group)
        let new = groups[number].noteEnd(state, votes(of: task, state), isAllowed: traits[task].allowsFailure)
        let group = groups[number].node
        guard case .gathering = nodes[group].phase else { return }
        if groups[number].isOver { return endGroup(number, &actions) }
        if !abortStage.isCarriedOut, let next = admission.endMember(task, of: number, { nodes[$0].isWaiting }) {
            goOn(next, &actions)
        }
        if new.contains(.failed) { tellFailure(in: number, &actions) }
    }

    /// An item failed: who needs all items to complete need not wait for the others.
    mutating func tellFailure(in number: Int, _ actions: inout [SchedulerAction]) {
        guard groups[number].traits.kind == .items, !abortStage.isCarriedOut else { return }
        let group = groups[number].node
        for dependent in dependents[group] where nodes[dependent].isWaiting {
            count(.failed, of: group, for: dependent, &actions)
        }
    }

    /// The last member ended. No change of state is told of a group with members: these speak for it.
    mutating func endGroup(_ number: Int, _ actions: inout [SchedulerAction]) {
        let (node, state) = (groups[number].node, groups[number].state)
        if groups[number].members.isEmpty { return settle(node, as: state, because: .noMembers, &actions) }
        nodes[node].phase = .final(state)
        unfinished -= 1
        news.append(node)
        actions.append(.gathered(node, state))
    }

    /// The members of a group that was not entered never run.
    private mutating func tellMembers(of task: Int, _ state: ExecutionState, _ actions: inout [SchedulerAction]) {
        guard let number = groupNumbers[task], !groups[number].isEntered, !abortStage.isCarriedOut else { return }
        let end: ExecutionState = state == .failed ? .defaulted : state == .completed ? .skipped : state
        for member in groups[number].members where nodes[member].isWaiting {
            settle(member, as: end, because: .groupNotEntered(task), &actions)
        }
    }
}
