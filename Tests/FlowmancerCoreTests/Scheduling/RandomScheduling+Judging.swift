import FlowmancerCore

/// What ``SchedulerModel`` says of the decisions.
extension RandomScheduling {
    /// Judges a start by what the model says of all that is ready.
    mutating func judgeStart(_ task: Int, _ admission: Admission) {
        expect(model.ready.contains(task), "task \(task) was started, but is not ready: \(model.account(of: task))")
        expect(!model.isGivenUp(task) || model.nodes[task].attempts > 0, "task \(task) starts after too many failures")
        expect(!model.hasFullGroup(task), "task \(task) is one too many of its group")
        let (demand, free) = (model.demand(task), model.free)
        expect(model.fits(demand, in: free), "task \(task) asks for more than there is: \(demand) of \(free)")
        switch admission {
        case .now:
            expect(model.taken < model.capacity, "task \(task) was started without a place")
            let (expected, blocked) = model.next(after: firstBlocked)
            expect(task == expected, "task \(task) was started, not \(expected ?? -1); \(model.accountOfOrder)")
            firstBlocked = blocked
        case .behindAnother:
            judgeAhead(task)
        }
        if model.kind(task) == model.favoured { model.favoured = nil }
    }

    private func judgeAhead(_ task: Int) {
        expect(model.limitedGroup(task) == nil, "task \(task) of a limited group was handed out ahead")
        expect(model.settings.maxFailures == nil, "task \(task) was handed out ahead, so it cannot be given up")
        let ahead = model.nodes.count { $0.work == .handedOut(isAdmitted: false) }
        expect(ahead < model.settings.lookahead, "task \(task) was handed out too far ahead")
        let (free, kept) = (model.free, firstBlocked?.demand ?? [])
        for other in model.ready where other == task || model.comesBefore(other, task) {
            let couldGo = !model.hasFullGroup(other) && model.fits(model.demand(other), in: free, beside: kept)
            expect(couldGo == (other == task), "task \(task) was handed out ahead, and \(other) waits")
        }
        for other in model.nodes.indices where model.isImminent(other) {
            let isUsual = model.kind(task) != model.favoured && model.kind(other) != model.favoured
            let overtakes = isUsual && model.comesBefore(other, task)
            expect(!overtakes, "task \(task) was handed out ahead, and would overtake \(other)")
        }
    }

    mutating func judgeUnits() {
        var owners: [String: Int] = [:]
        for node in model.nodes.indices {
            for (name, units) in scheduler.units(of: node) {
                // What starts later in the same turn has its units already.
                if model.nodes[node].work != .none {
                    let wanted = model.nodes[node].traits.demand.amounts(of: model.nodes[node].counted)
                    let amount = wanted.first { model.settings.resources[$0.resource].name == name }?.amount
                    expect(units.count == amount, "task \(node) has \(units) of \(name)")
                }
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
        for group in model.nodes.indices {
            if let problem = model.problemOfHeldBack(in: group) {
                log.texts.append("turn \(turn): in \(group), \(problem)")
            }
        }
        guard model.taken < model.capacity else { return }
        let (next, blocked) = model.next(after: firstBlocked)
        expect(next == nil, "task \(next ?? -1) could start, but does not")
        firstBlocked = blocked
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
