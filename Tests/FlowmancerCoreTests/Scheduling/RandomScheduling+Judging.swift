import FlowmancerCore

/// What ``SchedulerModel`` says of the decisions.
extension RandomScheduling {
    /// Judges a start by what the model says of all that is ready.
    func judgeStart(_ task: Int, _ admission: Admission) {
        expect(model.ready.contains(task), "task \(task) was started, but is not ready: \(model.account(of: task))")
        expect(!model.isGivenUp(task) || model.nodes[task].attempts > 0, "task \(task) starts after too many failures")
        expect(!model.hasFullGroup(task), "task \(task) is one too many of its group")
        let (demand, free) = (model.demand(task), model.free)
        expect(model.fits(demand, in: free), "task \(task) asks for more than there is: \(demand) of \(free)")
        if admission == .now {
            expect(model.taken < model.capacity, "task \(task) was started without a place")
        } else {
            expect(!model.isLimited(task), "task \(task) was handed out ahead, although it has other limits")
            let ahead = model.nodes.count { $0.work == .handedOut(isAdmitted: false) }
            expect(ahead < model.settings.lookahead, "task \(task) was handed out too far ahead")
        }
        let before = model.ready.filter { comesBefore($0, task) && !model.hasFullGroup($0) }
        for other in before {
            expect(!couldStart(other), "task \(task) was started before \(other)")
        }
        // The first that waits for resources is not delayed by those behind it.
        let first = before.filter { other in !before.contains { comesBefore($0, other) } }
        guard admission == .now, !first.isEmpty else { return }
        let isKept = first.contains { other in
            model.demand(other).allSatisfy { wanted in
                let taken = demand.first { $0.resource == wanted.resource }?.amount ?? 0
                return taken == 0 || free[wanted.resource] - taken >= wanted.amount
            }
        }
        expect(isKept, "task \(task) overtook \(first) and took what these wait for")
    }

    /// Whether a task is certain to be before another one; those that became ready in the same turn are not.
    func comesBefore(_ one: Int, _ other: Int) -> Bool {
        let (one, other) = (model.nodes[one], model.nodes[other])
        guard one.traits.priority == other.traits.priority else { return one.traits.priority > other.traits.priority }
        return one.readySince ?? turn < other.readySince ?? turn
    }

    /// Whether a task could start right now, whichever other one waits for resources.
    func couldStart(_ task: Int) -> Bool {
        guard !model.hasFullGroup(task) else { return false }
        let (demand, free) = (model.demand(task), model.free)
        let others = model.ready.filter { $0 != task && !comesBefore(task, $0) && !model.hasFullGroup($0) }
        return model.fits(demand, in: free)
            && others.allSatisfy { model.fits(demand, in: free, beside: model.demand($0)) }
    }

    func judgeUnits() {
        var owners: [String: Int] = [:]
        for node in model.nodes.indices {
            for (_, units) in scheduler.units(of: node) {
                for unit in units {
                    expect(owners.updateValue(node, forKey: unit) == nil, "\(unit) was given twice")
                }
            }
        }
    }

    /// Compares every node with what the rules say of it, and looks for places that stay empty.
    mutating func review() {
        for node in model.nodes.indices {
            let own = model.nodes[node]
            let state = scheduler.state(of: node)
            expect(
                state == model.state(node),
                "node \(node) is \(state), not \(model.state(node)): \(model.account(of: node))"
            )
            guard aborts == 0, own.origin == .fresh else { continue }
            if own.attempts == 0, own.state.isFinal {
                expect(isExplained(node), "node \(node) ended for no reason: \(model.account(of: node))")
            } else if own.state == .pending, own.attempts == 0 {
                expect(!mustEnd(node), "node \(node) waits for ever: \(model.account(of: node))")
                let mustAsk = own.traits.isPrepared && model.isGoing(node)
                expect(own.isAsked == mustAsk, "node \(node) was \(own.isAsked ? "" : "not ")prepared")
            } else if own.state == .pending, own.attempts == 1, own.work == .handedOut(isAdmitted: true) {
                expect(held.contains(node) || !model.isGivenUp(node), "task \(node) may begin after too many failures")
            }
        }
        guard aborts == 0, finishes == 0 else { return }
        let ready = model.ready
        for task in ready where model.nodes[task].readySince == nil { model.nodes[task].readySince = turn }
        guard model.taken < model.capacity else { return }
        for task in ready { expect(!couldStart(task), "task \(task) could start, but does not") }
        // What was handed out behind another, and no worker holds, has a place now, if there was one.
        expect(
            !model.nodes.indices.contains {
                model.nodes[$0].work == .handedOut(isAdmitted: false) && !held.contains($0)
            },
            "a place is empty that belongs to what was handed out ahead"
        )
    }

    /// Whether the rules explain that a node ended without an attempt.
    func isExplained(_ node: Int) -> Bool {
        let own = model.nodes[node]
        if model.isGivenUp(node), own.state == .defaulted { return true }
        if let group = own.group, model.state(group).isFinal, !model.isEntered(group) {
            let end = model.state(group)
            if own.state == (end == .completed ? .skipped : end == .failed ? .defaulted : end) { return true }
        }
        switch own.decision {
        case .skip?: return own.state == .skipped
        case .complete?: return own.state == .completed
        case .fail?: return own.state == .failed
        case .run?, .expand?, nil: break
        }
        if model.isGroup(node), model.nodes[node].members.isEmpty, own.state == .completed { return true }
        if own.state == .failed {
            return model.demand(node).contains { $0.amount > model.settings.resources[$0.resource].amount }
        }
        let end: ExecutionState =
            switch own.traits.rule {
            case .allFailed, .anyFailed: .skipped
            case .allCompleted, .anyCompleted, .allFinished: .defaulted
            }
        return model.verdict(node) == .unmet && own.state == end
    }

    /// Whether a node that waits should have ended.
    func mustEnd(_ node: Int) -> Bool {
        let own = model.nodes[node]
        guard own.work == .none, !model.isEntered(node) else { return false }
        if model.isGivenUp(node) { return true }
        // Only the first failure is not waited for until the group is entered.
        if model.verdict(node) == .unmet, own.traits.rule == .allCompleted || model.isInside(node) { return true }
        return own.group.map { model.state($0).isFinal && !model.isEntered($0) } ?? false
    }
}
