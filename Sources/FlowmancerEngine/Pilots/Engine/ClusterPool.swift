import FlowmancerCore
import FlowmancerWire

/// Has attempts executed by the pilots of an executor, and says what becomes of them: performs what ``ClusterState`` decides.
///
/// Used on the event loop only.
final class ClusterPool: AttemptPool {
    let loop: EventLoop
    let thread: EventLoopThread
    unowned let delegate: any ClusterPoolDelegate
    let attempts: AttemptMessages
    let host: ExecutorHost
    private let welcome: WireWelcome
    private let demand: (Assignment) -> NodeDemand
    var state: ClusterState
    private let actions = ActionQueue<ClusterAction>()
    private var isShutDown = false
    private var isOpen = false
    private var isOutputPaused = false
    private var reception: PilotReception!
    /// The pilots that have just said who they are.
    private var guests: [PilotGreeting: PilotReception.Guest] = [:]
    /// By the numbers of nodes.
    var links: [Int: NodeLink] = [:]
    private var needsFlush: Set<Int> = []
    /// The instances of the commands that nodes have, by the ids of their attempts: they judge the ends.
    var commands: [UInt64: any CommandWork] = [:]
    private var isAsking = false
    private var nextQuestion = ContinuousClock.now

    /// What a pool needs to know of the run.
    struct Setup {
        let attempts: AttemptMessages
        let settings: ClusterSettings
        let welcome: WireWelcome
        /// What an attempt needs of its machine.
        let demand: (Assignment) -> NodeDemand
    }

    init(
        _ host: ExecutorHost,
        _ setup: Setup,
        on thread: EventLoopThread,
        loop: EventLoop,
        delegate: any ClusterPoolDelegate
    ) {
        self.host = host
        self.thread = thread
        self.loop = loop
        self.delegate = delegate
        attempts = setup.attempts
        welcome = setup.welcome
        demand = setup.demand
        state = ClusterState(setup.settings)
        reception = PilotReception(on: loop) { [unowned self] in receive($0) }
    }

    // MARK: The run

    func open() {
        guard !isOpen else { return }
        isOpen = true
        let pool = LoopBound(WeakReference(self), on: thread)
        host.open(
            say: { note in pool.perform { $0.object?.handle(note) } },
            accept: { connection in pool.perform { $0.object?.accept(connection) } },
            { result in pool.perform { $0.object?.noteOpening(result) } }
        )
        tick()
    }

    private func noteOpening(_ result: Result<Void, any Error>) {
        switch result {
        case .success: handle(.opened)
        case .failure(let error): fail(error.inWords)
        }
        if !isShutDown { delegate.poolHasUnsent() }
    }

    private func handle(_ note: ClusterNote) {
        if !isShutDown { delegate.pool(of: host.name, didNote: note) }
    }

    func shutDown() {
        isShutDown = true
        reception.close()
        for link in links.values { link.leave() }
        links = [:]
    }

    func submit(_ assignment: Assignment, _ admission: Admission) {
        open()
        handle(.submitted(assignment, admission, demand(assignment)))
    }

    func admit(task: Int) { handle(.admitted(task: task)) }

    func withdraw(task: Int) { handle(.withdrawn(task: task)) }

    func cancel(task: Int, endingAfter patience: Duration) { handle(.cancelled(task: task, patience: patience)) }

    func kill(task: Int, remark: String) { handle(.killed(task: task, remark: remark)) }

    func takeReports() {}

    func assignment(of task: Int) -> Assignment? {
        state.given(task).flatMap { $0.began == nil ? nil : $0.assignment }
    }

    func isUnderWay(task: Int) -> Bool { state.given(task).map { $0.began != nil } ?? false }

    func machine(of task: Int) -> String? { state.machine(of: task) }

    func pauseOutput(_ isPaused: Bool) {
        guard isPaused != isOutputPaused else { return }
        isOutputPaused = isPaused
        for (node, link) in links {
            link.send(.with { $0.pauseOutput = isPaused })
            needsFlush.insert(node)
        }
        delegate.poolHasUnsent()
    }

    func flush() {
        guard !isShutDown else { return }
        let nodes = needsFlush
        needsFlush = []
        for node in nodes {
            links[node]?.flush()
            noteBacklog(of: node)
        }
        // Attempts that are given now leave in the next turn, when it is recorded that they may begin at any time.
        state.endTurn(at: .now, &actions.pending)
        performActions()
        if !needsFlush.isEmpty { delegate.poolHasUnsent() }
    }

    // MARK: Performing

    /// Has an event decided on. What is told meanwhile is performed after what is to be performed now.
    func handle(_ event: ClusterEvent) {
        guard !isShutDown else { return }
        state.handle(event, at: .now, &actions.pending)
        performActions()
    }

    private func performActions() {
        actions.performAll(while: { !isShutDown }, perform)
    }

    private func perform(_ action: ClusterAction) {
        switch action {
        case .welcome(let greeting, let node): welcome(greeting, to: node)
        case .refuse(let greeting, let reason):
            if let guest = guests.removeValue(forKey: greeting) { reception.refuse(guest, reason) }
        case .give(let node, let assignment, let demand): give(assignment, demand, to: node)
        case .cancel(let node, let attempt, let patience):
            send(
                .with {
                    $0.cancel.id = attempt
                    $0.cancel.endingAfterMilliseconds = UInt64(max(0, patience / .milliseconds(1)))
                },
                to: node
            )
        case .kill(let node, let attempt, let remark):
            send(
                .with {
                    $0.kill.id = attempt
                    $0.kill.remark = remark
                },
                to: node
            )
        case .disconnect(let node): links[node]?.detach()
        case .dismiss(let node): links.removeValue(forKey: node)?.leave()
        case .request(let count): request(count)
        case .release(let pilots): host.release(pilots) { _ in }
        case .returned(let assignment):
            commands[assignment.id] = nil
            delegate.poolDidReturn(assignment)
        case .lost(let assignment, let hasBegun, let reason):
            commands[assignment.id] = nil
            // It may have begun: nobody can tell any more.
            if !hasBegun { delegate.poolDidStart(assignment) }
            delegate.pool(assignment, wasLost: reason)
        case .impossible(let assignment, let reason):
            delegate.poolDidStart(assignment)
            delegate.pool(assignment, didEndWith: AttemptReport(outcome: .failed(.error), remarks: [(.error, reason)]))
        case .note(let note): delegate.pool(of: host.name, didNote: note)
        case .fail(let reason): fail(reason)
        }
    }

    private func fail(_ reason: String) {
        delegate.poolDidFail("The executor '\(host.name)' has no machines: \(reason)")
    }

    // MARK: Nodes

    private func accept(_ connection: any PilotConnection) {
        guard !isShutDown else { return connection.close() }
        reception.accept(LoopConnection(connection, on: thread))
    }

    private func receive(_ guest: PilotReception.Guest) {
        guests[guest.greeting] = guest
        handle(.greeted(guest.greeting))
        delegate.poolHasUnsent()
    }

    private func welcome(_ greeting: PilotGreeting, to node: Int) {
        guard let guest = guests.removeValue(forKey: greeting) else { return }
        let known = links[node]
        let link = known ?? NodeLink(node, of: self)
        links[node] = link
        link.resume(guest, welcome)
        if known == nil, isOutputPaused { link.send(.with { $0.pauseOutput = true }) }
        needsFlush.insert(node)
    }

    func send(_ message: WireToPilot, to node: Int) {
        guard let link = links[node] else { return }
        link.send(message)
        needsFlush.insert(node)
    }

    func noteBacklog(of node: Int) {
        guard let link = links[node] else { return }
        link.measure()
        guard link.isCongested != state.nodes[node].isCongested else { return }
        handle(.congested(node: node, link.isCongested))
    }

    // MARK: Pilots

    private func request(_ count: Int) {
        let pool = LoopBound(WeakReference(self), on: thread)
        host.request(count) { result in
            pool.perform { pool in
                switch result {
                case .success(let pilots): pool.object?.handle(.requested(pilots))
                case .failure(let error):
                    let isFinal = error is PilotRefusal
                    pool.object?.handle(.notRequested(reason: error.inWords, isFinal: isFinal))
                }
            }
        }
    }

    /// How often silence is looked for, and a sign of life is given.
    private var interval: Duration { min(.seconds(2), state.settings.scale.lease / 8) }

    private func tick() {
        guard !isShutDown else { return }
        handle(.elapsed)
        for (node, link) in links {
            link.beat(every: interval)
            noteBacklog(of: node)
        }
        ask()
        delegate.poolHasUnsent()
        loop.schedule(after: interval) { [weak self] in self?.tick() }
    }

    /// Asks the executor what has become of pilots.
    private func ask() {
        let pilots = state.uncertainPilots
        guard !isAsking, !pilots.isEmpty, ContinuousClock.now >= nextQuestion else { return }
        isAsking = true
        let pool = LoopBound(WeakReference(self), on: thread)
        host.states(of: pilots) { result in
            pool.perform { $0.object?.take(result) }
        }
    }

    private func take(_ result: Result<[String: PilotState], any Error>) {
        isAsking = false
        nextQuestion = .now + .seconds(2)
        // Who cannot be asked now will be asked again.
        if case .success(let states) = result { handle(.states(states)) }
        delegate.poolHasUnsent()
    }
}
