/// `max_failures`: after too many failures, only those start that react to failures.
extension Scheduler {
    /// Takes note of a failed task.
    mutating func countFailure(of task: Int, _ actions: inout [SchedulerAction]) {
        guard !allowsFailure(of: task) else { return }
        failures += 1
        var number = Int(nodes[task].group)
        while number >= 0 {
            groups[number].failures += 1
            if groups[number].failures == groups[number].traits.maxFailures {
                _ = exhaust(number, allMembers(of: number), &actions)
            }
            number = Int(nodes[groups[number].node].group)
        }
        guard failures == settings.maxFailures else { return }
        unstarted = exhaust(-1, nodes.indices, &actions)
        mustWithdraw = true
    }

    /// The members of a group and their members.
    private func allMembers(of number: Int) -> [Int] {
        var all = groups[number].members
        var next = 0
        while next < all.count {
            if let inner = groupNumbers[all[next]] { all += groups[inner].members }
            next += 1
        }
        return all.sorted()
    }

    /// Gives up the nodes within a group, or the run, that have not begun and do not react to failures.
    ///
    /// - Returns: How many were given up. What was handed out is looked at when the turn ends.
    private mutating func exhaust(
        _ scope: Int,
        _ tasks: some Sequence<Int>,
        _ actions: inout [SchedulerAction]
    ) -> Int {
        exhausted.append(scope)
        var count = 0
        for task in tasks where !reacts(task, within: scope) {
            switch nodes[task].phase {
            case .waiting, .preparing:
                settle(task, as: .defaulted, because: .tooManyFailures, &actions)
            case .ready(attempt: 1):
                admission.withdraw(task)
                settle(task, as: .defaulted, because: .tooManyFailures, &actions)
            case .handedOut:
                // Whether a worker has taken it up is only known at the end of the turn.
                mustWithdraw = true
                continue
            default:
                continue
            }
            count += 1
        }
        return count
    }

    /// Takes back what was handed out, has not begun, and is not to begin any more.
    mutating func withdrawGivenUp(_ actions: inout [SchedulerAction]) {
        guard mustWithdraw else { return }
        mustWithdraw = false
        for scope in exhausted {
            for task in scope < 0 ? Array(nodes.indices) : allMembers(of: scope) {
                guard case .handedOut(attempt: 1, let kind) = nodes[task].phase, !reacts(task, within: scope) else {
                    continue
                }
                release(task, attempt: 1, kind)
                actions.append(.withdraw(task))
                settle(task, as: .defaulted, because: .tooManyFailures, &actions)
                unstarted? += 1
            }
        }
        if let count = unstarted.take(), count > 0, let limit = settings.maxFailures {
            actions.append(.announceFailures(limit: limit, notStarted: count))
        }
        spreadNews(&actions)
    }

    /// Whether the rule of a node, or of a group around it, reacts to failures.
    private func reacts(_ task: Int, within scope: Int) -> Bool {
        if traits[task].rule.isReacting { return true }
        let group = Int(nodes[task].group)
        return group != scope && group >= 0 && reacts(groups[group].node, within: scope)
    }
}
