import FlowmancerCore

/// Decides which machine of an executor executes which attempt, how many pilots there are to be, and what becomes of both.
///
/// A pure value: events go in, actions come out; it does no I/O and knows no clock.
struct ClusterState {
    /// Where the attempt of a task is.
    enum Place {
        /// It was submitted before its time.
        case parked(Assignment, NodeDemand)
        case waiting(NodeDemand)
        /// The node has it, and may have begun it.
        case given(node: Int, attempt: UInt64)
    }

    let settings: ClusterSettings
    /// By their numbers; those that are gone stay, without attempts.
    var nodes: [PilotNode] = []
    var nodeNumbers: [String: Int] = [:]
    /// By the numbers of tasks. Those that are not here have no attempt.
    var places: [Int: Place] = [:]
    var waiting = WaitingLines()
    /// The nodes that may have room, in no order, and where the search for one goes on.
    private var candidates: [Int] = []
    var isCandidate: [Bool] = []
    private var cursor = 0
    /// The node that is kept for an attempt that needs much.
    private var keptNode: Int?
    var fleet: PilotFleet
    var now = ContinuousClock.now
    var actions: [ClusterAction] = []

    init(_ settings: ClusterSettings) {
        self.settings = settings
        fleet = PilotFleet(settings.scale)
    }

    /// Takes in an event and appends what to do about it, in this order.
    mutating func handle(_ event: ClusterEvent, at time: ContinuousClock.Instant, _ actions: inout [ClusterAction]) {
        now = time
        swap(&self.actions, &actions)
        defer { swap(&self.actions, &actions) }
        switch event {
        case .submitted(let assignment, let admission, let demand): submit(assignment, admission, demand)
        case .admitted(let task): admit(task)
        case .withdrawn(let task): withdraw(task)
        case .cancelled(let task, let patience): cancel(task, patience)
        case .killed(let task, let remark): kill(task, remark)
        case .opened: fleet.isOpen = true
        case .requested(let pilots): fleet.add(pilots)
        case .notRequested(let reason, let isFinal): noteRefusal(reason, isFinal)
        case .states(let states): note(states)
        case .greeted(let greeting): welcome(greeting)
        case .heard(let node): nodes[node].heard = now
        case .disconnected(let node): noteSilence(of: node)
        case .congested(let node, let isCongested): setCongested(node, isCongested)
        case .leaving(let node, let reason): lose(node, reason)
        case .started(let node, let attempt): nodes[node].begin(attempt, at: now)
        case .returned(let node, let attempt): noteReturn(node, attempt)
        case .ended(let node, let attempt): noteEnd(node, attempt)
        case .elapsed: elapse()
        }
    }

    /// Gives what waits to nodes that have room, and asks for pilots. Call it when all that happened was handed in.
    mutating func endTurn(at time: ContinuousClock.Instant, _ actions: inout [ClusterAction]) {
        now = time
        swap(&self.actions, &actions)
        defer { swap(&self.actions, &actions) }
        assignWaiting()
        if let count = fleet.demand(waiting: waiting.processors, perNode: processorsPerNode, at: now) {
            self.actions.append(.request(count))
        }
    }

    // MARK: Questions

    /// The name of the machine that has the attempt of a task.
    func machine(of task: Int) -> String? {
        guard case .given(let node, _) = places[task] else { return nil }
        return nodes[node].name
    }

    /// The attempt of a task that a node has.
    func given(_ task: Int) -> PilotNode.Given? {
        guard case .given(let node, let attempt) = places[task] else { return nil }
        return nodes[node].attempts[attempt]
    }

    /// The pilots whose state is to be asked for.
    var uncertainPilots: [String] { fleet.uncertain }

    // MARK: The run

    private mutating func submit(_ assignment: Assignment, _ admission: Admission, _ demand: NodeDemand) {
        switch admission {
        case .behindAnother: places[assignment.task] = .parked(assignment, demand)
        case .now: wait(assignment, demand)
        }
    }

    private mutating func wait(_ assignment: Assignment, _ demand: NodeDemand) {
        waiting.append(assignment, demand)
        places[assignment.task] = .waiting(demand)
    }

    private mutating func admit(_ task: Int) {
        if case .parked(let assignment, let demand) = places[task] { wait(assignment, demand) }
    }

    private mutating func withdraw(_ task: Int) {
        switch places[task] {
        case .waiting(let demand): waiting.remove(task: task, demand)
        case .parked: break
        case .given, nil: return
        }
        places[task] = nil
    }

    private mutating func cancel(_ task: Int, _ patience: Duration) {
        guard case .given(let node, let attempt) = places[task] else { return }
        actions.append(.cancel(node: node, attempt: attempt, patience: patience))
    }

    private mutating func kill(_ task: Int, _ remark: String) {
        guard case .given(let node, let attempt) = places[task] else { return }
        actions.append(.kill(node: node, attempt: attempt, remark: remark))
    }

    // MARK: Attempts

    private mutating func noteEnd(_ node: Int, _ attempt: UInt64) {
        guard let given = nodes[node].remove(attempt, at: now) else { return }
        places[given.assignment.task] = nil
        consider(node)
    }

    private mutating func noteReturn(_ node: Int, _ attempt: UInt64) {
        guard let given = nodes[node].remove(attempt, at: now) else { return }
        places[given.assignment.task] = nil
        actions.append(.returned(given.assignment))
        consider(node)
    }

    private mutating func give(_ assignment: Assignment, _ demand: NodeDemand, to node: Int, ahead: Bool) {
        nodes[node].give(assignment, demand, ahead: ahead)
        places[assignment.task] = .given(node: node, attempt: assignment.id)
        actions.append(.give(node: node, assignment, demand))
    }

    private mutating func assignWaiting() {
        guard waiting.count > 0 else { return }
        releaseKeptNode()
        var lines = WaitingLines()
        swap(&lines, &waiting)
        defer { swap(&lines, &waiting) }
        let blocked = lines.take { assignment, demand in
            guard let node = findRoom(for: demand) else {
                guard demand == NodeDemand(), let node = findRoomAhead() else { return false }
                give(assignment, demand, to: node, ahead: true)
                return true
            }
            give(assignment, demand, to: node, ahead: false)
            return true
        }
        if let blocked { keepNode(for: blocked) }
    }

    /// Finds a node with room, beginning behind the one that was found last, so that all get their share.
    private mutating func findRoom(for demand: NodeDemand) -> Int? {
        var tries = candidates.count
        while tries > 0, !candidates.isEmpty {
            tries -= 1
            if cursor >= candidates.count { cursor = 0 }
            let node = candidates[cursor]
            if nodes[node].fits(demand) {
                cursor += 1
                return node
            }
            if nodes[node].fits(NodeDemand()) || nodes[node].fitsAhead(NodeDemand()) {
                cursor += 1
            } else {
                candidates.swapAt(cursor, candidates.count - 1)
                candidates.removeLast()
                isCandidate[node] = false
            }
        }
        return nil
    }

    private mutating func findRoomAhead() -> Int? {
        for _ in candidates.indices {
            if cursor >= candidates.count { cursor = 0 }
            let node = candidates[cursor]
            cursor += 1
            if nodes[node].fitsAhead(NodeDemand()) { return node }
        }
        return nil
    }

    /// Takes note that a node may have room.
    mutating func consider(_ node: Int) {
        guard !isCandidate[node], nodes[node].phase == .connected else { return }
        isCandidate[node] = true
        candidates.append(node)
    }

    /// The first attempt that waits needs much. Others would take what gets free again and again, so a node is kept for it.
    private mutating func keepNode(for demand: NodeDemand) {
        guard demand != NodeDemand() else { return }
        let able = nodes.indices.filter { nodes[$0].phase == .connected && nodes[$0].couldFit(demand) }
        guard let node = able.max(by: { nodes[$0].room.processors < nodes[$1].room.processors }) else { return }
        keptNode = node
        nodes[node].isKept = true
    }

    private mutating func releaseKeptNode() {
        guard let node = keptNode.take() else { return }
        nodes[node].isKept = false
        consider(node)
    }

    // MARK: The clock

    private mutating func elapse() {
        for node in nodes.indices where nodes[node].phase != .gone {
            let silence = now - nodes[node].heard
            if silence >= settings.scale.lease {
                lose(node, "nothing was heard of it for \(settings.scale.lease.text)")
            } else if silence >= settings.scale.lease / 2, nodes[node].phase == .connected {
                nodes[node].phase = .silent
                actions.append(.disconnect(node: node))
            } else if waiting.count == 0, nodes[node].phase == .connected, let since = nodes[node].idleSince,
                now - since >= settings.scale.idle, fleet.mayShrink
            {
                nodes[node].phase = .gone
                forget(node)
            }
        }
        if waiting.count == 0 {
            let spare = fleet.releaseSpare(at: now)
            if !spare.isEmpty { actions.append(.release(spare)) }
        }
        refuseImpossible()
    }

    /// An attempt for which each node is too small would wait for ever.
    private mutating func refuseImpossible() {
        guard waiting.count > 0, let capacity = settings.capacity ?? nodes.last?.capacity else { return }
        var lines = WaitingLines()
        swap(&lines, &waiting)
        defer { swap(&lines, &waiting) }
        let room = NodeRoom(capacity)
        lines.take { assignment, demand in
            guard !room.fits(demand), !nodes.contains(where: { $0.phase != .gone && $0.couldFit(demand) }) else {
                return false
            }
            places[assignment.task] = nil
            actions.append(.impossible(assignment, reason: "no machine has as much as it asks for"))
            return true
        }
    }
}
