import FlowmancerCore
import FlowmancerRandom

@testable import FlowmancerEngine

/// Machines, attempts and connections to which anything may happen, and what a naive observer finds wrong about it.
struct RandomCluster {
    /// A pilot as the executor and its machine have it.
    private struct Pilot {
        let id: String
        var incarnation: UInt64
        var capacity: NodeCapacity
        var node: Int?
        var isConnected = false
        /// The attempts that it has been given, and those that it has begun.
        var attempts: [UInt64: (Assignment, NodeDemand, hasBegun: Bool)] = [:]
        var isGone = false
    }

    private enum Fate: Equatable { case waiting, given, over }

    var random: SeededGenerator
    var problems: [String] = []
    var history: [String] = []
    private var state: ClusterState
    private var now = ContinuousClock.now
    private var pilots: [Pilot] = []
    private var requested: [Int] = []
    private var fates: [Int: Fate] = [:]
    private var lastID: UInt64 = 0
    private let scale: PilotScale
    private let tells: Bool

    /// - Parameter tells: Whether the history is kept, which takes long.
    init(seed: UInt64, tells: Bool = false) {
        self.tells = tells
        random = SeededGenerator(seed: seed)
        scale = PilotScale(
            minimum: Int.random(in: 0...1, using: &random),
            maximum: Int.random(in: 1...4, using: &random),
            idle: .seconds(20),
            lease: .seconds(10)
        )
        state = ClusterState(ClusterSettings(scale: scale, capacity: nil, program: "p"))
        var actions: [ClusterAction] = []
        state.handle(.opened, at: now, &actions)
    }

    mutating func play() {
        for _ in 0..<300 where problems.isEmpty && !hasFailed { step() }
        guard problems.isEmpty else { return }
        settle()
    }

    // MARK: What happens

    private mutating func step() {
        now += .milliseconds(Int.random(in: 0...900, using: &random))
        switch Int.random(in: 0..<100, using: &random) {
        case ..<30: submit()
        case ..<40: grant()
        case ..<50: join()
        case ..<70: work()
        case ..<73: cancel()
        case ..<78: disconnect()
        case ..<84: reconnect()
        case ..<86: die()
        case ..<88: leave()
        default: elapse()
        }
        endTurn()
    }

    private mutating func submit() {
        lastID += 1
        let task = Int(lastID)
        let assignment = Assignment(
            id: lastID,
            task: task,
            attempt: 1,
            counted: 1,
            runtime: .swift,
            isolation: .pool,
            isRestart: false
        )
        fates[task] = .waiting
        let processors = random.chance(70) ? 1 : Int.random(in: 1...4, using: &random)
        handle(.submitted(assignment, .now, NodeDemand(processors: processors)))
    }

    private mutating func grant() {
        guard !requested.isEmpty else { return }
        let count = requested.removeFirst()
        let first = pilots.count
        for number in first..<first + count {
            pilots.append(Pilot(id: "p\(number)", incarnation: UInt64(number), capacity: NodeCapacity(processors: 4)))
        }
        if !isSettling, random.chance(10) {
            for number in first..<first + count { pilots[number].isGone = true }
            return handle(.notRequested(reason: "no", isFinal: false))
        }
        handle(.requested(pilots[first...].map(\.id)))
    }

    private func pick(_ isMeant: (Pilot) -> Bool, _ random: inout SeededGenerator) -> Int? {
        pilots.indices.filter { isMeant(pilots[$0]) }.randomElement(using: &random)
    }

    private mutating func join() {
        guard let pilot = pick({ !$0.isGone && $0.node == nil }, &random) else { return }
        greet(pilot)
    }

    private mutating func reconnect() {
        guard let pilot = pick({ !$0.isGone && $0.node != nil && !$0.isConnected }, &random) else { return }
        greet(pilot)
    }

    private mutating func greet(_ pilot: Int) {
        let known = pilots[pilot]
        greeting = pilot
        handle(
            .greeted(
                PilotGreeting(
                    pilot: known.id,
                    incarnation: known.incarnation,
                    node: "n\(pilot)",
                    capacity: known.capacity,
                    program: "p"
                )
            )
        )
    }
    private var greeting = 0
    /// Whether the executor was given up.
    private var hasFailed = false
    private var isSettling = false

    private mutating func work() {
        guard let pilot = pick({ $0.isConnected && !$0.attempts.isEmpty }, &random), let node = pilots[pilot].node,
            let id = pilots[pilot].attempts.keys.sorted().randomElement(using: &random),
            let (assignment, demand, hasBegun) = pilots[pilot].attempts[id]
        else { return }
        handle(.heard(node: node))
        if !hasBegun {
            pilots[pilot].attempts[id] = (assignment, demand, true)
            handle(.started(node: node, attempt: id))
        } else {
            pilots[pilot].attempts[id] = nil
            fates[assignment.task] = .over
            handle(.ended(node: node, attempt: id))
        }
    }

    private mutating func cancel() {
        guard let task = fates.filter({ $0.value != .over }).keys.sorted().randomElement(using: &random) else { return }
        if fates[task] == .waiting {
            fates[task] = .over
            handle(.withdrawn(task: task))
        } else {
            handle(.cancelled(task: task, patience: .seconds(1)))
        }
    }

    private mutating func disconnect() {
        guard let pilot = pick({ $0.isConnected }, &random), let node = pilots[pilot].node else { return }
        pilots[pilot].isConnected = false
        handle(.disconnected(node: node))
    }

    private mutating func die() {
        guard let pilot = pick({ !$0.isGone }, &random) else { return }
        bury(pilot)
        if pilots[pilot].isConnected, let node = pilots[pilot].node {
            pilots[pilot].isConnected = false
            handle(.disconnected(node: node))
        }
        if random.chance(50) { handle(.states([pilots[pilot].id: .over(reason: "it was killed")])) }
    }

    private mutating func leave() {
        guard let pilot = pick({ $0.isConnected }, &random), let node = pilots[pilot].node else { return }
        bury(pilot)
        handle(.leaving(node: node, reason: "it was told to"))
    }

    private mutating func bury(_ pilot: Int) {
        pilots[pilot].isGone = true
    }

    private mutating func elapse() {
        for pilot in pilots where pilot.isConnected && !pilot.isGone {
            if let node = pilot.node { handle(.heard(node: node)) }
        }
        // A pilot ends when it was not heard for the lease.
        handle(.elapsed)
    }

    private mutating func endTurn() {
        var actions: [ClusterAction] = []
        state.endTurn(at: now, &actions)
        perform(actions)
        check()
    }

    // MARK: What follows

    private mutating func handle(_ event: ClusterEvent) {
        if tells { history.append("\(event)") }
        var actions: [ClusterAction] = []
        state.handle(event, at: now, &actions)
        perform(actions)
    }

    private mutating func perform(_ actions: [ClusterAction]) {
        for action in actions {
            if tells { history.append("    → \(action)") }
            switch action {
            case .welcome(_, let node):
                pilots[greeting].node = node
                pilots[greeting].isConnected = true
            case .refuse:
                bury(greeting)
                pilots[greeting].attempts = [:]
            case .give(let node, let assignment, let demand):
                guard let pilot = pilots.firstIndex(where: { $0.node == node }) else {
                    problems.append("\(assignment.task) was given to a node that nobody knows")
                    continue
                }
                if fates[assignment.task] != .waiting {
                    problems.append("\(assignment.task) was given twice")
                }
                fates[assignment.task] = .given
                pilots[pilot].attempts[assignment.id] = (assignment, demand, false)
            case .cancel(let node, let attempt, _):
                guard let pilot = pilots.firstIndex(where: { $0.node == node && $0.isConnected }),
                    let (assignment, _, hasBegun) = pilots[pilot].attempts[attempt]
                else { continue }
                guard !hasBegun else { continue }
                pilots[pilot].attempts[attempt] = nil
                fates[assignment.task] = .over
                handle(.returned(node: node, attempt: attempt))
            case .lost(let assignment, _, _):
                if fates[assignment.task] != .given { problems.append("\(assignment.task) was lost and not given") }
                fates[assignment.task] = .over
                for pilot in pilots.indices { pilots[pilot].attempts[assignment.id] = nil }
            case .impossible(let assignment, _): fates[assignment.task] = .over
            case .dismiss(let node):
                if let pilot = pilots.firstIndex(where: { $0.node == node }) {
                    if !pilots[pilot].attempts.isEmpty { problems.append("a node with attempts was dismissed") }
                    bury(pilot)
                    pilots[pilot].isConnected = false
                }
            case .release(let ids):
                for id in ids {
                    guard let pilot = pilots.firstIndex(where: { $0.id == id }) else { continue }
                    if !pilots[pilot].attempts.isEmpty { problems.append("a pilot with attempts was released") }
                    bury(pilot)
                }
            case .request(let count): requested.append(count)
            case .fail: hasFailed = true
            case .note, .kill, .disconnect, .returned: break
            }
        }
    }

    private mutating func check() {
        let live = pilots.count { !$0.isGone } + requested.reduce(0, +)
        if live > scale.maximum { problems.append("\(live) pilots instead of \(scale.maximum)") }
        for node in state.nodes where node.phase == .connected {
            let used = node.attempts.values.reduce(0) { $0 + ($1.isAhead ? 0 : $1.demand.processors) }
            if used > node.capacity.processors { problems.append("\(node.name) has \(used) processors taken") }
            if node.aheadCount != node.attempts.values.count(where: \.isAhead) {
                problems.append("\(node.name) counts \(node.aheadCount) ahead")
            }
        }
    }

    /// From now on everything works: everything ends.
    private mutating func settle() {
        isSettling = true
        for _ in 0..<1_000 where problems.isEmpty && !hasFailed && fates.values.contains(where: { $0 != .over }) {
            now += .milliseconds(200)
            // The executor says what has become of them.
            for pilot in pilots where pilot.isGone { handle(.states([pilot.id: .over(reason: "it ended")])) }
            grant()
            join()
            reconnect()
            for _ in 0..<8 { work() }
            elapse()
            endTurn()
        }
        let open = fates.filter { $0.value != .over }
        if problems.isEmpty, !hasFailed, !open.isEmpty {
            problems.append("never ended: \(open.sorted { $0.key < $1.key })")
        }
    }
}
