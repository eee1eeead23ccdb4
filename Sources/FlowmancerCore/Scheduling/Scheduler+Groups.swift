/// How nodes come into the run, are prepared, and become groups.
extension Scheduler {
    /// Adds nodes, without beginning anything.
    ///
    /// - Parameter group: The number of the group that they are members of.
    mutating func add(_ plan: NodePlan, to group: Int? = nil) {
        let first = nodes.count
        if first == 0 { nodes.reserveCapacity(plan.graph.count) }
        traits.append(contentsOf: plan.traits)
        noteOrder(of: plan, in: group)
        for node in plan.graph.names.indices {
            let origin = plan.origins.isEmpty ? .fresh : plan.origins[node]
            nodes.append(
                SchedulerNode(
                    phase: origin.knownState.map(SchedulerNode.Phase.known) ?? .waiting,
                    tally: VoteTally(open: Int32(plan.graph.dependencies[node].count)),
                    group: -1
                )
            )
        }
        unfinished += plan.graph.count
        for (node, preparation) in plan.preparations { preparations[first + node] = preparation }
        if let group {
            for node in first..<nodes.count where plan.container(of: node - first) == nil { join(node, group) }
        }
        addGroups(of: plan, from: first)
    }

    /// Makes the groups of a plan, and has their members wait for them.
    private mutating func addGroups(of plan: NodePlan, from first: Int) {
        guard plan.traits.values.contains(where: { $0.group != nil }) else { return }
        var members: [Int: [Int]] = [:]
        var open: [Int] = []
        for node in plan.graph.names.indices {
            if let container = plan.container(of: node) {
                members[container, default: []].append(node)
            } else if plan.traits[node].group != nil {
                open.append(node)
            }
        }
        // A group knows the groups around it, so these come first.
        while let node = open.popLast() {
            let number = makeGroup(first + node)
            for member in members[node] ?? [] {
                join(first + member, number)
                if plan.traits[member].group != nil { open.append(member) }
            }
        }
    }

    /// Makes a node a member of a group, for which it waits, too.
    private mutating func join(_ node: Int, _ group: Int) {
        nodes[node].group = Int32(group)
        nodes[node].tally.open += 1
        groups[group].add(node)
    }

    private mutating func makeGroup(_ node: Int) -> Int {
        let own = traits[node].group ?? GroupTraits(.items)
        var limit = limit(of: node)
        var attempts: Int?
        switch own.concurrency {
        case .attempts(let most): attempts = most
        case .members(let most): admission.limitMembers(of: groups.count, to: most)
        case nil: break
        }
        if attempts != nil || own.maxFailures != nil {
            limit = admission.addGroup(limit: attempts ?? .max, within: limit)
        }
        groups.append(NodeGroup(node: node, traits: own, limit: limit))
        groupNumbers[node] = groups.count - 1
        return groups.count - 1
    }

    /// Tells of new nodes, and lets those go on that wait for nothing.
    mutating func introduce(_ new: Range<Int>, _ actions: inout [SchedulerAction]) {
        for node in new {
            let known = nodes[node].state
            let state: ExecutionState = known == .completed || known == .failed ? known : .pending
            let reason: StateReason? = state == .failed ? .failedBefore : nil
            actions.append(.transition(Transition(task: node, from: .initial, to: state, attempt: 0, reason: reason)))
        }
        for node in new {
            guard case .known(.skipped) = nodes[node].phase else { continue }
            let transition = Transition(task: node, from: .pending, to: .skipped, attempt: 0, reason: .leftOut)
            actions.append(.transition(transition))
        }
        for node in new {
            switch nodes[node].phase {
            case .known(let state):
                nodes[node].phase = .final(state)
                unfinished -= 1
                news.append(node)
                spreadNews(&actions)
            case .waiting where nodes[node].tally.open == 0:
                decide(node, &actions)
            default:
                break
            }
        }
    }

    /// The rule of a node is met.
    mutating func goOn(_ task: Int, _ actions: inout [SchedulerAction]) {
        if traits[task].isPrepared {
            guard let preparation = preparations.removeValue(forKey: task) else {
                nodes[task].phase = .preparing
                return actions.append(.prepare(task))
            }
            follow(preparation, of: task, &actions)
        } else {
            run(task, &actions)
        }
    }

    mutating func markPrepared(_ task: Int, _ preparation: Preparation, _ actions: inout [SchedulerAction]) {
        guard case .preparing = nodes[task].phase else { return }
        actions.append(.record(task, preparation))
        follow(preparation, of: task, &actions)
    }

    private mutating func follow(_ preparation: Preparation, of task: Int, _ actions: inout [SchedulerAction]) {
        let reason = preparation.reason.map(StateReason.prepared)
        if let limit = preparation.timeout { timeLimits[task] = limit }
        if let requests = preparation.resources {
            let runsElsewhere = traits[task].runsElsewhere
            demands[task] = ResourceDemand(requests) { name in
                settings.resources.firstIndex { $0.name == name && !($0.isOfMachine && runsElsewhere) }
            }
        }
        switch preparation.decision {
        case .run: run(task, &actions)
        case .skip: settle(task, as: .skipped, because: reason, &actions)
        case .complete: settle(task, as: .completed, because: reason, &actions)
        case .fail: settle(task, as: .failed, because: reason, &actions)
        case .expand(let plan): expand(task, into: plan, &actions)
        }
    }

    private mutating func run(_ task: Int, _ actions: inout [SchedulerAction]) {
        if !groupNumbers.isEmpty, let number = groupNumbers[task] {
            enter(number, &actions)
        } else {
            makeReady(task, attempt: 1, &actions)
        }
    }

    private mutating func expand(_ task: Int, into plan: NodePlan, _ actions: inout [SchedulerAction]) {
        let number = groupNumbers[task] ?? makeGroup(task)
        nodes[task].phase = .gathering
        let first = nodes.count
        dependents.append(contentsOf: plan.graph.dependents.lazy.map { $0.map { first + $0 } })
        add(plan, to: number)
        actions.append(.expanded(task, members: first..<nodes.count))
        introduce(first..<nodes.count, &actions)
        enter(number, &actions)
    }

    /// Lets the members of a group go on.
    private mutating func enter(_ number: Int, _ actions: inout [SchedulerAction]) {
        let node = groups[number].node
        nodes[node].phase = .gathering
        groups[number].enter()
        if groups[number].isOver { return endGroup(number, &actions) }
        // A member that waited for a failure may have ended before.
        if groups[number].memberVotes.contains(.failed) { tellFailure(in: number, &actions) }
        for member in orderOfBeginning(number) where nodes[member].isWaiting {
            nodes[member].tally.open -= 1
            decide(member, &actions)
        }
    }

    /// The members of a group in the order in which they go on: if it limits these, first those that began in an earlier run.
    private func orderOfBeginning(_ number: Int) -> [Int] {
        let members = groups[number].members
        guard admission.limitsMembers(of: number) else { return members }
        let begun = members.filter(hasBegunBefore)
        return begun.isEmpty ? members : begun + members.filter { !hasBegunBefore($0) }
    }

    /// Whether an earlier run ended something of a member.
    private func hasBegunBefore(_ member: Int) -> Bool {
        guard let number = groupNumbers[member] else { return nodes[member].state == .completed }
        return groups[number].members.contains(where: hasBegunBefore)
    }
}
