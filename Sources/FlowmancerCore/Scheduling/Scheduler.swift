/// Decides what a run does next.
///
/// A pure value: events go in, actions come out. It does no I/O, knows no clock and starts nothing, and the same events
/// give the same actions. Everything about order, retries, failures, limits, time limits and aborts is decided here.
///
/// **Nodes.** A node is a task or a group. Its ``NodeTraits`` are what a job says of it. It waits until its
/// ``TriggerRule`` is decided by the votes of its dependencies. If the rule is met, it is prepared, if it needs that: the
/// run finds out whether it runs, and what a group consists of, and records it before the scheduler acts on it. Then a task
/// wants to start, and a group is entered, which lets its members go on. Members may be there from the beginning, or be new
/// nodes (``Preparation/Decision/expand(_:)``). A group ends with the last of its members. Who depends on it waits for all.
///
/// **Turns.** Hand in all that happened with ``handle(_:_:)``, then call ``endTurn(_:)``: only there, attempts are started
/// and an abort is carried out, so that what happened at the same time is known before.
///
/// **Where to add what.** A rule: ``TriggerRule``. A state: `SchedulerNode.Phase`. A limit: `AdmissionControl`. Each step in
/// the life of a node is in one place: `Scheduler+Settling` (votes, ends), `+Groups` (preparation, members), `+Attempts`,
/// `+Aborting`.
package struct Scheduler: Sendable {
    var nodes: [SchedulerNode] = []
    var traits = TraitsTable()
    /// For each node those that wait for it.
    var dependents: [[Int]]
    /// For each node how many others follow it on the longest chain; those at the end may be missing, which nothing follows.
    private var followers: [UInt32] = []
    var groups: [NodeGroup] = []
    /// The groups by their nodes.
    var groupNumbers: [Int: Int] = [:]
    /// What was found out about nodes in an earlier run.
    var preparations: [Int: Preparation] = [:]
    /// The time limits that were found out when nodes were prepared.
    var timeLimits: [Int: TimeLimit] = [:]
    /// What attempts of nodes ask for that was found out in the run.
    var demands: [Int: ResourceDemand] = [:]
    /// How many attempts of tasks were lost. They count as attempts nowhere but in their numbers.
    var losses: [Int: Int] = [:]
    var admission: AdmissionControl
    /// Whether there are nodes of different priorities.
    private(set) var hasPriorities = false
    let settings: SchedulerSettings

    var stage = Stage.new
    var abortStage = AbortStage.none
    /// Whether the run reached its time limit, and was aborted because of that.
    var isOverdue = false
    /// The failed tasks, but for those whose failure is allowed.
    var failures = 0
    /// The groups that reached their `max_failures`, by their numbers; -1 stands for the run.
    var exhausted: [Int] = []
    /// Whether there may be attempts that were handed out and must not begin, since too many tasks failed.
    var mustWithdraw = false
    /// How many tasks do not start because of that; `nil` unless people are to be told at the end of the turn.
    var unstarted: Int?
    var unfinished = 0
    /// Whether events were taken in since the last turn ended.
    package private(set) var isTurnOpen = false
    /// Nodes that ended, and of which others have not heard yet.
    var news = Fifo<Int>()

    /// What a run is doing as a whole.
    enum Stage: Sendable {
        case new, running, finished
    }

    /// Creates a scheduler. The first event must be ``SchedulerEvent/begin``.
    ///
    /// - Parameter plan: The nodes that the run begins with.
    package init(_ plan: NodePlan, settings: SchedulerSettings = SchedulerSettings()) {
        self.settings = settings
        admission = AdmissionControl(settings)
        dependents = plan.graph.dependents
        add(plan)
    }

    // MARK: What others may ask

    /// How many nodes there are.
    package var count: Int { nodes.count }

    /// The state of a node.
    package func state(of task: Int) -> ExecutionState {
        if case .new = stage { .initial } else { nodes[task].state }
    }

    // Mutating, so that they are asked in place: a caller in another module would copy the whole scheduler otherwise.

    /// The attempt of a task that a worker holds.
    package mutating func heldAttempt(of task: Int) -> Int? {
        if case .held(let attempt, _) = nodes[task].phase { attempt } else { nil }
    }

    /// The time limit of a task whose attempt exceeded it and has time to end.
    package mutating func exceededLimit(of task: Int) -> Duration? {
        guard case .overrunning = nodes[task].phase, !abortStage.isKilling else { return nil }
        return timeLimit(of: task)
    }

    /// Why a task has no other attempt after one that ended in this way, though there are some left.
    package mutating func refusal(of task: Int, attempt: Int, after outcome: AttemptOutcome) -> RetryRefusal? {
        guard hasAttempts(task, after: attempt) else { return nil }
        switch (nodes[task].phase, outcome) {
        case (.overrunning, _), (.overdue, _): return traits[task].policy.refusal(after: .timeout)
        case (_, .failed(let failure)): return traits[task].policy.refusal(after: failure)
        case (_, .succeeded), (_, .aborted): return nil
        }
    }

    /// The time limit of the run, if that ended it.
    package var exceededRunLimit: Duration? { isOverdue ? settings.timeout : nil }

    /// The named units of resources that a task's attempt has, by the name of the resource.
    package mutating func units(of task: Int) -> [String: [String]] { admission.stock.units(of: task) }

    /// Whether a node is a group with members, which speak for it.
    package func isGroupWithMembers(_ node: Int) -> Bool {
        !groups.isEmpty && groupNumbers[node].map { !groups[$0].members.isEmpty } == true
    }

    /// The members of groups that wait only because enough others are under way.
    package var heldBack: Set<Int> { admission.heldBack.filter { nodes[$0].isWaiting } }

    /// Whether a failure of a node is none of the job: the node or a group around it allows it.
    package func allowsFailure(of task: Int) -> Bool {
        if traits[task].allowsFailure { return true }
        var group = Int(nodes[task].group)
        while group >= 0 {
            let node = groups[group].node
            if traits[node].allowsFailure { return true }
            group = Int(nodes[node].group)
        }
        return false
    }

    /// How many nodes follow a node on the longest chain that begins with it.
    func following(_ task: Int) -> UInt32 { task < followers.count ? followers[task] : 0 }

    /// Takes note of what decides about the order of the nodes that come into the run next. Their traits are known already.
    mutating func noteOrder(of plan: NodePlan, in group: Int?) {
        hasPriorities = traits.values.contains { $0.priority != traits.values[0].priority }
        let counts = plan.followers(before: group.map { following(groups[$0].node) } ?? 0)
        guard !counts.isEmpty else { return }
        followers += repeatElement(0, count: nodes.count - followers.count)
        followers += counts
    }

    func timeLimit(of task: Int) -> Duration? {
        if !timeLimits.isEmpty, let limit = timeLimits[task] { return limit.duration }
        return traits[task].policy.timeout.duration
    }

    // MARK: Turns

    /// Takes in an event that makes up a turn of its own.
    ///
    /// - Returns: What to do about it, in this order.
    package mutating func handle(_ event: SchedulerEvent) -> [SchedulerAction] {
        var actions: [SchedulerAction] = []
        handle(event, &actions)
        endTurn(&actions)
        return actions
    }

    /// Takes in an event of a turn and appends what to do about it.
    package mutating func handle(_ event: SchedulerEvent, _ actions: inout [SchedulerAction]) {
        isTurnOpen = true
        switch event {
        case .begin: begin(&actions)
        case .prepared(let task, let preparation): markPrepared(task, preparation, &actions)
        case .held(let task): markHeld(task, &actions)
        case .returned(let task): markReturned(task, &actions)
        case .started(let task): if !markStarted(task, &actions) { cancelIfWithdrawn(task, &actions) }
        case .ended(let task, let outcome): markEnded(task, outcome, &actions)
        case .lost(let task, let reason): markLost(task, reason, &actions)
        case .elapsed(.backoff(let task)): retry(task, &actions)
        case .elapsed(.limit(let task, let attempt)): markOverrun(task, attempt, &actions)
        case .elapsed(.limitGrace(let task, let attempt)): markOverdue(task, attempt, &actions)
        case .elapsed(.runLimit): endRunTime(&actions)
        case .elapsed(.abortGrace): endAbortGrace(&actions)
        case .abort: requestAbort(&actions)
        }
        spreadNews(&actions)
    }

    /// Ends a turn: appends what starts now, and says so when all is done.
    package mutating func endTurn(_ actions: inout [SchedulerAction]) {
        isTurnOpen = false
        guard stage == .running else { return }
        carryOutAbort(&actions)
        withdrawGivenUp(&actions)
        if abortStage == .none { startReady(&actions) }
        if unfinished == 0 {
            stage = .finished
            if abortStage == .cancelling(isGraceRunning: true) { actions.append(.forget(.abortGrace)) }
            if settings.timeout != nil, !isOverdue { actions.append(.forget(.runLimit)) }
            actions.append(.finish)
        }
    }

    private mutating func begin(_ actions: inout [SchedulerAction]) {
        guard stage == .new else { return }
        stage = .running
        if let limit = settings.timeout { actions.append(.wake(.runLimit, after: limit)) }
        introduce(nodes.indices, &actions)
    }

    private mutating func startReady(_ actions: inout [SchedulerAction]) {
        admission.beginRound()
        while let task = admission.admitAhead() {
            guard case .handedOut(let attempt, _) = nodes[task].phase else {
                preconditionFailure("only what no worker has is admitted")
            }
            nodes[task].phase = .handedOut(attempt: attempt, .now)
            actions.append(.admit(task))
        }
        while let task = admission.startNext() { handOut(task, .now, &actions) }
        while let next = admission.nextAhead, !mayBeOvertaken(next), let task = admission.startAhead() {
            handOut(task, .behindAnother, &actions)
        }
    }

    private mutating func handOut(_ task: Int, _ admission: Admission, _ actions: inout [SchedulerAction]) {
        guard case .ready(let attempt) = nodes[task].phase else { preconditionFailure("only what is ready starts") }
        nodes[task].phase = .handedOut(attempt: attempt, admission)
        actions.append(.start(task, attempt: attempt, admission))
    }
}
