import FlowmancerCore

/// What becomes of machines and pilots.
extension ClusterState {
    // MARK: Nodes

    mutating func welcome(_ greeting: PilotGreeting) {
        if greeting.program != settings.program {
            return refuse(
                greeting,
                "the program on '\(greeting.node)' is another build than the one that runs the job; use the same file on all "
                    + "machines"
            )
        }
        if let node = nodeNumbers[greeting.pilot] {
            guard nodes[node].phase != .gone, nodes[node].incarnation == greeting.incarnation else {
                return refuse(greeting, "the engine has given this pilot up")
            }
            nodes[node].phase = .connected
            nodes[node].heard = now
            actions.append(.welcome(greeting, node: node))
            return consider(node)
        }
        guard fleet.join(greeting.pilot) else { return refuse(greeting, "the engine does not want this pilot") }
        let node = PilotNode(
            pilot: greeting.pilot,
            incarnation: greeting.incarnation,
            name: greeting.node,
            capacity: greeting.capacity,
            at: now
        )
        nodes.append(node)
        isCandidate.append(false)
        nodeNumbers[greeting.pilot] = nodes.count - 1
        actions.append(.welcome(greeting, node: nodes.count - 1))
        actions.append(.note(.joined(node: greeting.node, capacity: greeting.capacity)))
        consider(nodes.count - 1)
    }

    private mutating func refuse(_ greeting: PilotGreeting, _ reason: String) {
        actions.append(.refuse(greeting, reason: reason))
    }

    mutating func noteSilence(of node: Int) {
        guard nodes[node].phase == .connected else { return }
        nodes[node].phase = .silent
        // Nothing of it is left that could come back.
        if let reason = fleet.end(of: nodes[node].pilot) { lose(node, reason) }
    }

    mutating func setCongested(_ node: Int, _ isCongested: Bool) {
        nodes[node].isCongested = isCongested
        if !isCongested { consider(node) }
    }

    /// Gives a node up, with all that it has.
    mutating func lose(_ node: Int, _ reason: String) {
        guard nodes[node].phase != .gone else { return }
        nodes[node].phase = .gone
        let lost = nodes[node].removeAll()
        actions.append(.note(.lost(node: nodes[node].name, reason: reason, attempts: lost.count)))
        for given in lost {
            places[given.assignment.task] = nil
            let text = "the machine '\(nodes[node].name)' was lost: \(reason)"
            actions.append(.lost(given.assignment, hasBegun: given.began != nil, reason: text))
        }
        forget(node)
    }

    mutating func forget(_ node: Int) {
        actions.append(.dismiss(node: node))
        if fleet.release(nodes[node].pilot) { actions.append(.release([nodes[node].pilot])) }
    }

    // MARK: Pilots

    mutating func noteRefusal(_ reason: String, _ isFinal: Bool) {
        fleet.noteRefusal(at: now)
        actions.append(isFinal ? .fail(reason) : .note(.notRequested(reason: reason)))
    }

    mutating func note(_ states: [String: PilotState]) {
        for (pilot, state) in states.sorted(by: { $0.key < $1.key }) {
            guard let reason = fleet.note(state, of: pilot) else { continue }
            if let node = nodeNumbers[pilot] {
                if nodes[node].phase == .silent { lose(node, reason) }
            } else {
                actions.append(.note(.stillborn(pilot: pilot, reason: reason)))
            }
        }
        if let reason = fleet.hopelessness { actions.append(.fail(reason)) }
        if waiting.count > 0, let note = fleet.waitingNote(at: now) { actions.append(.note(note)) }
    }

    var processorsPerNode: Int { nodes.last?.capacity.processors ?? settings.capacity?.processors ?? 1 }
}
