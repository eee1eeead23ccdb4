import FlowmancerCore

/// A run as a naive reader of the rules sees it: everything is computed anew from how nodes ended, whenever it is asked for.
struct SchedulerModel {
    struct Node {
        let traits: NodeTraits
        let dependencies: [Int]
        /// The group that it is a member of.
        let group: Int?
        let origin: TaskOrigin
        var members: [Int] = []
        /// What transitions told.
        var state = ExecutionState.initial
        /// What was found out about it.
        var decision: Preparation.Decision?
        var isAsked = false
        var attempts = 0
        /// How many of them were lost, which do not count.
        var losses = 0
        var counted: Int { attempts - losses }
        var work = Work.none
        /// How many others follow it on the longest chain.
        var following = 0
    }

    /// What the world has of a task.
    enum Work: Equatable {
        case none
        case handedOut(isAdmitted: Bool)
        case running
        case pausing
    }

    enum Vote { case completed, failed, tolerated }
    enum Verdict { case open, met, unmet }

    let settings: SchedulerSettings
    private(set) var depths: [Int] = []
    var nodes: [Node] = []
    /// The members of groups that wait, the scheduler says, only because enough others are under way.
    var heldBack: Set<Int> = []
    /// The kind that goes before others of its priority, since it was the last to be the first that waits for resources.
    var favoured: Kind?

    mutating func add(_ plan: NodePlan, to group: Int?) {
        let first = nodes.count
        for node in plan.graph.names.indices {
            let container = plan.container(of: node).map { first + $0 } ?? group
            nodes.append(
                Node(
                    traits: plan.traits[node],
                    dependencies: plan.graph.dependencies[node].map { first + $0 },
                    group: container,
                    origin: plan.origins.isEmpty ? .fresh : plan.origins[node]
                )
            )
            depths.append(0)
        }
        for node in first..<nodes.count {
            if let group = nodes[node].group { nodes[group].members.append(node) }
        }
        for node in first..<nodes.count { depths[node] = nodes[node].group.map { depths[$0] + 1 } ?? 0 }
        let last = group.map { nodes[$0].following } ?? 0
        for (node, following) in Self.following(in: plan, before: last).enumerated() {
            nodes[first + node].following = following
        }
    }

    /// Lengthens all chains until none becomes longer. Trying each chain takes too long where there are many.
    private static func following(in plan: NodePlan, before last: Int) -> [Int] {
        let nodes = plan.graph.names.indices
        let members = nodes.map { node in nodes.filter { plan.container(of: $0) == node } }
        var following = nodes.map { _ in last }
        func length(_ node: Int) -> Int { members[node].map(length).reduce(1 + following[node], max) }
        while true {
            let longer = nodes.map { node in
                let around = plan.container(of: node).map { following[$0] } ?? last
                return plan.graph.dependents[node].map(length).reduce(around, max)
            }
            if longer == following { return following }
            following = longer
        }
    }

    /// What is known of a node and of those that it depends on, for a message.
    func account(of node: Int) -> String {
        func text(_ node: Int) -> String {
            let own = nodes[node]
            return "\(node): \(own.origin) \(own.state) \(state(node)), \(own.traits.rule) \(verdict(node)), "
                + "prepared \(own.traits.isPrepared), \(own.traits.group.map { "\($0)" } ?? "task"), "
                + "members \(own.members), entered \(isEntered(node)), dependencies \(own.dependencies), "
                + "\(own.work), \(own.attempts) attempts"
        }
        var lines = [text(node)] + nodes[node].dependencies.map { "needs \(text($0))" }
        var next = nodes[node].group
        while let group = next {
            lines.append("in \(text(group))")
            next = nodes[group].group
        }
        return lines.joined(separator: "\n    ")
    }

    // MARK: Rules

    func isGroup(_ node: Int) -> Bool {
        if case .expand? = nodes[node].decision { return true }
        return nodes[node].traits.group != nil
    }

    /// Whether the members of a group may go on.
    func isEntered(_ group: Int) -> Bool {
        guard isGroup(group), nodes[group].origin == .fresh, !nodes[group].state.isFinal, isGoing(group) else {
            return false
        }
        guard nodes[group].traits.isPrepared else { return true }
        switch nodes[group].decision {
        case .run?, .expand?: return true
        case .skip?, .complete?, .fail?, nil: return false
        }
    }

    /// Whether nothing that comes before a node keeps it from going on.
    func isGoing(_ node: Int) -> Bool { mayGoOn(node) && !heldBack.contains(node) }

    /// The same, but for the members beside it.
    private func mayGoOn(_ node: Int) -> Bool { verdict(node) == .met && isInside(node) }

    /// What is wrong with who is held back in a group that limits its members; `nil` if nothing is.
    func problemOfHeldBack(in group: Int) -> String? {
        guard case .members(let most)? = nodes[group].traits.group?.concurrency else { return nil }
        let fresh = nodes[group].members.filter { nodes[$0].origin == .fresh }
        let underWay = fresh.filter { !state($0).isFinal && isGoing($0) }
        let waiting = fresh.filter(heldBack.contains)
        if underWay.count > most { return "\(underWay) are under way, not \(most)" }
        if let early = waiting.first(where: { !mayGoOn($0) || state($0).isFinal }) { return "\(early) could not begin" }
        return !waiting.isEmpty && underWay.count < most ? "\(waiting) could begin" : nil
    }

    /// Whether the group that a node is in was entered, if there is one.
    func isInside(_ node: Int) -> Bool { nodes[node].group.map { isEntered($0) } ?? true }

    /// The state of a node. Of a group, nothing is told once it was entered, unless it has no members.
    func state(_ node: Int) -> ExecutionState {
        let own = nodes[node].state
        guard !own.isFinal, isEntered(node), !nodes[node].members.isEmpty else { return own }
        let ends = nodes[node].members.map { (state($0), nodes[$0].traits.allowsFailure) }
        guard ends.allSatisfy(\.0.isFinal) else { return .pending }
        let states = ends.map(\.0)
        if nodes[node].traits.group?.kind == .job {
            if ends.contains(where: { $0.0 == .defaulted || $0.0 == .failed && !$0.1 }) { return .failed }
            if states.contains(.aborted) { return .aborted }
        } else {
            for state in [ExecutionState.failed, .aborted, .defaulted] where states.contains(state) { return state }
        }
        return states.allSatisfy { $0 == .skipped } ? .skipped : .completed
    }

    func votes(_ node: Int) -> [Vote] {
        let state = state(node)
        if isEntered(node), !nodes[node].members.isEmpty {
            let votes = nodes[node].members.filter { self.state($0).isFinal }.flatMap { self.votes($0) }
            guard nodes[node].traits.group?.kind == .job else { return votes }
            // A sub-job votes as a whole.
            guard state.isFinal else { return [] }
            return [votes.contains(.failed) ? .failed : state == .failed ? .tolerated : .completed]
        }
        guard state.isFinal else { return [] }
        if state == .completed || state == .skipped { return [.completed] }
        return [state == .failed && allowsFailure(node) ? .tolerated : .failed]
    }

    func allowsFailure(_ node: Int) -> Bool {
        nodes[node].traits.allowsFailure || nodes[node].group.map { allowsFailure($0) } ?? false
    }

    func verdict(_ node: Int) -> Verdict {
        let dependencies = nodes[node].dependencies
        let votes = dependencies.flatMap { self.votes($0) }
        let rule = nodes[node].traits.rule
        if rule == .allCompleted, votes.contains(.failed) { return .unmet }
        guard dependencies.allSatisfy({ state($0).isFinal }) else { return .open }
        let isMet =
            switch rule {
            case .allCompleted, .allFinished: true
            case .anyCompleted: votes.contains { $0 != .failed }
            case .allFailed: !votes.contains(.completed)
            case .anyFailed: votes.contains { $0 != .completed }
            }
        return isMet ? .met : .unmet
    }

    // MARK: max_failures

    /// Whether too many tasks failed around a node that does not react to that.
    func isGivenUp(_ node: Int) -> Bool {
        var (inner, isReacting) = (node, Self.reacts(nodes[node].traits.rule))
        while let group = nodes[inner].group {
            if !isReacting, let most = nodes[group].traits.group?.maxFailures,
                nodes.indices.count(where: { isWithin(group, $0) && countsAsFailure($0) }) >= most
            {
                return true
            }
            isReacting = isReacting || Self.reacts(nodes[group].traits.rule)
            inner = group
        }
        guard !isReacting, let most = settings.maxFailures else { return false }
        return nodes.indices.count(where: countsAsFailure) >= most
    }

    private static func reacts(_ rule: TriggerRule) -> Bool {
        rule == .allFailed || rule == .anyFailed || rule == .allFinished
    }

    private func countsAsFailure(_ node: Int) -> Bool {
        nodes[node].state == .failed && !allowsFailure(node)
    }

    func isWithin(_ group: Int, _ node: Int) -> Bool {
        nodes[node].group.map { $0 == group || isWithin(group, $0) } ?? false
    }

    // MARK: Limits

    /// The places that are taken.
    var taken: Int {
        nodes.count { $0.work == .running || $0.work == .handedOut(isAdmitted: true) }
    }

    var capacity: Int { settings.concurrency > 0 ? settings.concurrency : .max }

    /// What is free of every resource. What is handed out ahead has its part already.
    var free: [Int] {
        var free = settings.resources.map(\.amount)
        for node in nodes {
            switch node.work {
            case .none, .pausing: continue
            case .handedOut, .running:
                for amount in node.traits.demand.amounts(of: node.counted) { free[amount.resource] -= amount.amount }
            }
        }
        return free
    }

    /// Whether a group around a node has as many attempts as it may.
    func hasFullGroup(_ node: Int, beyond extra: Int = 0) -> Bool {
        var next = nodes[node].group
        while let group = next {
            if case .attempts(let most)? = nodes[group].traits.group?.concurrency {
                let running = nodes.indices.count {
                    let work = nodes[$0].work
                    return isWithin(group, $0) && (work == .running || work == .handedOut(isAdmitted: true))
                }
                if running >= most + extra { return true }
            }
            next = nodes[group].group
        }
        return false
    }

    /// The next group around a node that limits it.
    func limitedGroup(_ node: Int) -> Int? {
        var next = nodes[node].group
        while let group = next {
            let traits = nodes[group].traits.group
            if case .attempts? = traits?.concurrency { return group }
            if traits?.maxFailures != nil { return group }
            next = nodes[group].group
        }
        return nil
    }

    /// What the next attempt of a node asks for.
    func demand(_ node: Int) -> [ResourceAmount] {
        nodes[node].traits.demand.amounts(of: nodes[node].counted + 1)
    }

    func fits(_ demand: [ResourceAmount], in free: [Int], beside other: [ResourceAmount] = []) -> Bool {
        demand.allSatisfy { wanted in
            free[wanted.resource] - (other.first { $0.resource == wanted.resource }?.amount ?? 0) >= wanted.amount
        }
    }

    /// The tasks that want to start.
    var ready: [Int] {
        nodes.indices.filter { node in
            let own = nodes[node]
            guard own.state == .pending, own.work == .none, !isGroup(node), isGoing(node) else { return false }
            return !own.traits.isPrepared || own.decision == .run
        }
    }

    // MARK: Order

    /// What attempts have in common that wait for the same.
    struct Kind: Equatable {
        let demand: [ResourceAmount]
        let group: Int?
    }

    func kind(_ node: Int) -> Kind { Kind(demand: demand(node), group: limitedGroup(node)) }

    /// Whether a task is to start before another one, if both can.
    func comesBefore(_ one: Int, _ other: Int) -> Bool {
        let (first, second) = (nodes[one], nodes[other])
        if first.traits.priority != second.traits.priority { return first.traits.priority > second.traits.priority }
        let isFavoured = (kind(one) == favoured, kind(other) == favoured)
        if isFavoured.0 != isFavoured.1 { return isFavoured.0 }
        if first.following != second.following { return first.following > second.following }
        return first.attempts == second.attempts ? one < other : first.attempts < second.attempts
    }

    /// All that is ready, in its order, for a message.
    var accountOfOrder: String {
        let tasks = ready.sorted(by: comesBefore).map { task in
            let own = nodes[task]
            return "\(task): priority \(own.traits.priority), \(own.following) follow, after \(own.attempts) attempts, "
                + "\(kind(task))\(hasFullGroup(task) ? ", full" : "")"
        }
        return "free \(free), favoured \(favoured.map { "\($0)" } ?? "none"), ready:\n    "
            + tasks.joined(separator: "\n    ")
    }

    /// Whether a task will be ready as soon as one attempt ends that has a place.
    func isImminent(_ node: Int) -> Bool {
        let own = nodes[node]
        guard own.state == .pending, own.attempts == 0, own.group == nil, own.traits.group == nil else { return false }
        let open = own.dependencies.filter { !state($0).isFinal }
        guard open.count == 1, let last = open.first, nodes[last].group == nil else { return false }
        return nodes[last].work == .running || nodes[last].work == .handedOut(isAdmitted: true)
    }

    /// Goes through all that is ready, in order: the first one that can start, and what was the first before it that waits
    /// for resources.
    ///
    /// - Parameter first: What was the first to wait earlier in the turn. It keeps what it waits for, though its group may be
    ///   full by now.
    func next(after first: Kind?) -> (start: Int?, blocked: Kind?) {
        var blocked = first
        guard taken < capacity else { return (nil, first) }
        let free = free
        for task in ready.sorted(by: comesBefore) where !hasFullGroup(task) {
            if fits(demand(task), in: free, beside: blocked?.demand ?? []) { return (task, blocked) }
            if blocked == nil { blocked = kind(task) }
        }
        return (nil, blocked)
    }
}
