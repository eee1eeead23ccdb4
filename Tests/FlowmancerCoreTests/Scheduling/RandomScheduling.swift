import FlowmancerCore
import TestSupport

/// A run of random nodes, whose world reports what the scheduler asked for, in random order. ``SchedulerModel`` judges it.
struct RandomScheduling {
    enum Kind {
        case tasks, growing, disturbed
    }

    let kind: Kind
    private(set) var model: SchedulerModel
    /// What went wrong: a reference, so that a rule may be checked in the middle of a change.
    private let log = Problems()
    var problems: [String] { log.texts }

    private let plan: NodePlan
    private let maker: RandomPlan
    private let luck: Int
    private let mayAbort: Bool
    private var random: SeededGenerator
    private var scheduler: Scheduler
    /// All that happened, to let it happen once more.
    private var history: [(events: [SchedulerEvent], actions: [SchedulerAction])] = []

    private var turn = 0
    /// What the world is about to report.
    private var coming: [SchedulerEvent] = []
    private var timers: Set<SchedulerTimer> = []
    /// The tasks that a worker holds.
    private var held: Set<Int> = []
    /// The attempts that exceeded their time limit.
    private var overruns: Set<[Int]> = []
    private var killed: Set<[Int]> = []
    private var aborts = 0
    private var isAborted = false
    private var finishes = 0

    private var isNoisy: Bool { kind == .disturbed }

    init(_ kind: Kind, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        self.kind = kind
        let isPlain = kind == .tasks || kind == .disturbed && random.chance(30)
        let resources = (0..<(isPlain ? 0 : Int.random(in: 0...3, using: &random))).map { number in
            let amount = Int.random(in: 1...5, using: &random)
            return number == 0
                ? Resource("r0", units: (0..<amount).map { "u\($0)" }) : Resource("r\(number)", amount: amount)
        }
        maker = RandomPlan(isPlain: isPlain, resources: resources, &random)
        plan = maker.nodes(
            random.chance(10) ? Int.random(in: 0...2, using: &random) : Int.random(in: 0...40, using: &random),
            completed: Int.random(in: 0...30, using: &random),
            &random
        )
        let settings = SchedulerSettings(
            concurrency: random.chance(30) ? 0 : Int.random(in: 1...8, using: &random),
            lookahead: random.chance(50) ? 0 : Int.random(in: 1...4, using: &random),
            resources: resources,
            maxFailures: !isPlain && random.chance(20) ? Int.random(in: 1...4, using: &random) : nil,
            grace: random.chance(80) ? .seconds(60) : nil
        )
        luck = Int.random(in: 30...100, using: &random)
        mayAbort = random.chance(40)
        model = SchedulerModel(settings: settings)
        model.add(plan, to: nil)
        scheduler = Scheduler(plan, settings: settings)
        self.random = random
    }

    mutating func play() {
        if isNoisy { disturb() }
        deliver([.begin])
        var steps = 0
        while !coming.isEmpty, problems.isEmpty {
            steps += 1
            guard steps < 20_000 else { return log.texts.append("the run does not end") }
            if isNoisy, random.chance(20) { disturb() }
            if mayAbort, random.chance(4) { abort() }
            deliver(nextTurn())
        }
        guard problems.isEmpty else { return }
        expect(finishes == 1, "finished \(finishes) times")
        for node in model.nodes.indices {
            expect(scheduler.state(of: node).isFinal, "node \(node) ended as \(scheduler.state(of: node))")
        }
        if !isNoisy { expect(timers.isEmpty, "timers were left: \(timers)") }
        for _ in 0..<20 where isNoisy { disturb() }
        expect(finishes == 1, "finished \(finishes) times after late events")
        checkRepetition()
    }

    // MARK: Events

    /// What happened since the last turn.
    private mutating func nextTurn() -> [SchedulerEvent] {
        let count = random.chance(30) ? Int.random(in: 1...4, using: &random) : 1
        var events: [SchedulerEvent] = []
        for _ in 0..<count where !coming.isEmpty {
            let event = coming.remove(at: Int.random(in: coming.indices, using: &random))
            events.append(event)
            // The worker begins at once what it holds.
            guard case .ended(let ended, _) = event, model.nodes[ended].work == .running, random.chance(50),
                let next = held.filter({ model.nodes[$0].work == .handedOut(isAdmitted: false) }).min(),
                !events.contains(.started(next))
            else { continue }
            events.append(.started(next))
            coming.append(.ended(next, outcome()))
        }
        return events
    }

    private mutating func deliver(_ events: [SchedulerEvent]) {
        turn += 1
        let wasFinished = finishes > 0
        var actions: [SchedulerAction] = []
        for event in events {
            note(event)
            let first = actions.count
            scheduler.handle(event, &actions)
            // An abort may be asked for while nothing can be recorded; then its turn comes later.
            if event.isUrgent { expect(actions[first...].allSatisfy(Self.needsNoRecord), "\(event): \(actions)") }
            for action in actions[first...] { watch(action) }
        }
        let first = actions.count
        scheduler.endTurn(&actions)
        isAborted = aborts > 0
        for action in actions[first...] { watch(action) }
        history.append((events, actions))
        expect(!wasFinished || actions.isEmpty, "\(events) had an effect after the end: \(actions)")
        if !isNoisy { review() }
    }

    private mutating func note(_ event: SchedulerEvent) {
        switch event {
        case .ended(let task, _) where !isNoisy:
            // Nothing comes after the end.
            held.remove(task)
            coming.removeAll { [.held(task), .returned(task), .started(task)].contains($0) }
        case .held(let task) where model.nodes[task].work != .running && model.nodes[task].work != .none:
            held.insert(task)
        case .returned(let task): held.remove(task)
        case .elapsed(let timer):
            timers.remove(timer)
            if case .backoff(let task) = timer, model.nodes[task].work == .pausing { model.nodes[task].work = .none }
        case .abort where finishes == 0: aborts += 1
        default: break
        }
    }

    private mutating func abort() {
        guard finishes == 0 else { return }
        // Sometimes other things are decided on before the abort is carried out.
        deliver([.abort] + (random.chance(30) && !coming.isEmpty ? nextTurn() : []))
    }

    /// Reports something that is not so, or no longer.
    private mutating func disturb() {
        guard !model.nodes.isEmpty else { return }
        let task = Int.random(in: model.nodes.indices, using: &random)
        let preparation = Preparation(.run, record: JSONText(rawValue: "noise"))
        let noise: [SchedulerEvent] = [
            .started(task), .ended(task, .succeeded), .ended(task, .failed), .elapsed(.backoff(task)), .held(task),
            .elapsed(.limit(task, attempt: Int.random(in: 0...4, using: &random))), .returned(task),
            .elapsed(.limitGrace(task, attempt: Int.random(in: 0...4, using: &random))), .prepared(task, preparation),
        ]
        // What is coming is repeated, too: it arrives early then, and once more later.
        let known = random.chance(50) ? history.randomElement(using: &random)?.events.first : coming.randomElement(using: &random)
        let event = random.chance(60) ? known ?? noise[0] : noise.randomElement(using: &random)!
        if event != .abort { deliver([event]) }
    }

    private static func needsNoRecord(_ action: SchedulerAction) -> Bool {
        switch action {
        case .kill, .announce, .forget: true
        default: false
        }
    }

    // MARK: Actions

    private mutating func watch(_ action: SchedulerAction) {
        switch action {
        case .transition(let step): watch(step)
        case .prepare(let node): prepare(node)
        case .record(let node, let preparation): model.nodes[node].decision = preparation.decision
        case .expanded(let node, let members):
            guard case .expand(let plan)? = model.nodes[node].decision else {
                return log.texts.append("node \(node) grew without being asked")
            }
            expect(members == model.nodes.count..<model.nodes.count + plan.graph.count, "members \(members)")
            model.add(plan, to: node)
        case .start(let task, let attempt, let admission): watchStart(task, attempt, admission)
        case .admit(let task):
            expect(model.nodes[task].work == .handedOut(isAdmitted: false), "task \(task) was admitted for nothing")
            model.nodes[task].work = .handedOut(isAdmitted: true)
            if !isNoisy { comesUp(task) }
            expect(isNoisy || model.taken <= model.capacity, "\(model.taken) have a place after \(task) got one")
        case .withdraw(let task):
            expect(isAborted, "task \(task) was withdrawn without an abort")
            held.remove(task)
        case .cancel(let task, let reason): watchCancel(task, reason)
        case .kill(let task, let reason):
            expect(model.nodes[task].state == .running, "task \(task) was killed as \(model.nodes[task].state)")
            expect(killed.insert([task, model.nodes[task].attempts]).inserted, "task \(task) was killed twice")
            switch reason {
            case .overrun: expect(overruns.contains([task, model.nodes[task].attempts]), "\(task) did not overrun")
            case .request, .lateStart, .abortGrace: expect(aborts > 0, "task \(task) was killed without an abort")
            }
        case .wake(let timer, _):
            expect(timers.insert(timer).inserted, "\(timer) was set twice")
            if case .limit = timer, random.chance(50) { break }
            if timer == .abortGrace, random.chance(50) { break }
            coming.append(.elapsed(timer))
        case .forget(let timer):
            timers.remove(timer)
            coming.removeAll { $0 == .elapsed(timer) }
        case .announce(_, let running):
            let states = model.nodes.indices.filter { model.nodes[$0].state == .running }
            expect(running == states, "\(running) are said to run, not \(states)")
        case .finish:
            finishes += 1
            let open = model.nodes.indices.filter { !scheduler.state(of: $0).isFinal }
            expect(open.isEmpty, "finished before \(open) were")
        }
    }

    private mutating func watch(_ step: Transition) {
        let (task, from, to) = (step.task, step.from, step.to)
        let node = model.nodes[task]
        expect(from == node.state, "node \(task) left \(from), but was \(node.state)")
        expect(Self.isLegal(from, to), "node \(task) went from \(from) to \(to)")
        let isOdd = step.attempt != node.attempts && !(to == .aborted && step.attempt == node.attempts - 1)
        expect(!isOdd, "odd attempt: \(step)")
        model.nodes[task].state = to
        if to == .running {
            if case .handedOut = node.work {} else { log.texts.append("task \(task) runs, but was not started") }
            model.nodes[task].work = .running
            held.remove(task)
        } else {
            model.nodes[task].work = from == .running && to == .pending && timersOf(task) ? .pausing : .none
        }
        if !isNoisy { expect(model.taken <= model.capacity, "\(model.taken) have a place after \(step)") }
        if to == .failed, from == .running {
            expect(node.attempts == node.traits.policy.maxAttempts || isAborted, "task \(task) failed too early")
        }
        if overruns.contains([task, node.attempts]), from == .running {
            expect(to != .completed, "task \(task) completed after its time")
        }
    }

    private func timersOf(_ task: Int) -> Bool { model.nodes[task].traits.policy.backoff > .zero }

    private mutating func prepare(_ node: Int) {
        expect(!isAborted, "node \(node) is prepared after the abort")
        expect(!model.nodes[node].isAsked, "node \(node) is prepared twice")
        expect(model.nodes[node].traits.isPrepared, "node \(node) is prepared for nothing")
        model.nodes[node].isAsked = true
        let preparation = maker.preparation(of: model.nodes[node].traits, depth: model.depths[node], &random)
        coming.append(.prepared(node, preparation))
    }

    private mutating func watchStart(_ task: Int, _ attempt: Int, _ admission: Admission) {
        let node = model.nodes[task]
        expect(!isAborted, "task \(task) was started after the abort")
        expect(node.state == .pending, "task \(task) was started as \(node.state)")
        expect(attempt == node.attempts + 1, "attempt \(attempt) of task \(task) after \(node.attempts)")
        expect(attempt <= node.traits.policy.maxAttempts, "attempt \(attempt) of task \(task) is one too many")
        expect(node.work == .none || node.work == .pausing, "task \(task) was started twice")
        if !isNoisy { judgeStart(task, admission) }
        model.nodes[task].attempts = attempt
        model.nodes[task].work = .handedOut(isAdmitted: admission == .now)
        model.nodes[task].readySince = nil
        if !isNoisy { judgeUnits() }
        if random.chance(admission == .now ? 30 : 70) { coming.append(.held(task)) }
        if random.chance(10) { coming.append(.returned(task)) }
        if admission == .now || isNoisy { comesUp(task) }
    }

    private mutating func comesUp(_ task: Int) {
        coming.append(.started(task))
        coming.append(.ended(task, outcome()))
    }

    private mutating func outcome() -> AttemptOutcome {
        random.chance(luck) ? .succeeded : random.chance(90) ? .failed : .aborted
    }

    private mutating func watchCancel(_ task: Int, _ reason: Cancellation) {
        let node = model.nodes[task]
        switch reason {
        case .overrun(let limit):
            expect(aborts == 0, "task \(task) was cancelled at its limit after the abort")
            expect(node.state == .running, "task \(task) was cancelled at its limit as \(node.state)")
            expect(.limited(to: limit) == node.traits.policy.timeout, "task \(task) was cancelled at \(limit)")
            expect(overruns.insert([task, node.attempts]).inserted, "task \(task) was cancelled twice at its limit")
        case .abort:
            expect(isAborted, "task \(task) was cancelled without an abort")
            // A worker may have taken it up before it heard that it was withdrawn.
            if node.state == .aborted { return }
            expect(!overruns.contains([task, node.attempts]), "task \(task) was cancelled once more")
            if held.contains(task), node.state == .pending { coming.append(.returned(task)) }
            if random.chance(70) || node.state == .pending { coming.append(.ended(task, .aborted)) }
        }
    }

    private static func isLegal(_ from: ExecutionState, _ to: ExecutionState) -> Bool {
        switch (from, to) {
        case (.initial, .pending), (.initial, .completed): true
        case (.pending, .running), (.running, .pending): true
        case (.pending, .completed), (.pending, .failed): true
        case (.pending, .defaulted), (.pending, .skipped), (.pending, .aborted): true
        case (.running, .completed), (.running, .failed), (.running, .aborted): true
        default: false
        }
    }

    private func expect(_ condition: Bool, _ problem: @autoclosure () -> String) {
        if !condition { log.texts.append("turn \(turn): \(problem())") }
    }

    private mutating func checkRepetition() {
        var again = Scheduler(plan, settings: model.settings)
        for (events, expected) in history {
            var actions: [SchedulerAction] = []
            for event in events { again.handle(event, &actions) }
            again.endTurn(&actions)
            expect(actions == expected, "\(events) had other effects the second time")
        }
    }
}

private final class Problems {
    var texts: [String] = []
}

// MARK: Judgement

extension RandomScheduling {
    /// Judges a start by what the model says of all that is ready.
    private func judgeStart(_ task: Int, _ admission: Admission) {
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
    private func comesBefore(_ one: Int, _ other: Int) -> Bool {
        let (one, other) = (model.nodes[one], model.nodes[other])
        guard one.traits.priority == other.traits.priority else { return one.traits.priority > other.traits.priority }
        return one.readySince ?? turn < other.readySince ?? turn
    }

    /// Whether a task could start right now, whichever other one waits for resources.
    private func couldStart(_ task: Int) -> Bool {
        guard !model.hasFullGroup(task) else { return false }
        let (demand, free) = (model.demand(task), model.free)
        let others = model.ready.filter { $0 != task && !comesBefore(task, $0) && !model.hasFullGroup($0) }
        return model.fits(demand, in: free)
            && others.allSatisfy { model.fits(demand, in: free, beside: model.demand($0)) }
    }

    private func judgeUnits() {
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
    private mutating func review() {
        for node in model.nodes.indices {
            let own = model.nodes[node]
            let state = scheduler.state(of: node)
            expect(state == model.state(node), "node \(node) is \(state), not \(model.state(node)): \(model.account(of: node))")
            guard aborts == 0, own.origin == .fresh else { continue }
            if own.attempts == 0, own.state.isFinal {
                expect(isExplained(node), "node \(node) ended for no reason: \(model.account(of: node))")
            } else if own.state == .pending, own.attempts == 0 {
                expect(!mustEnd(node), "node \(node) waits for ever: \(model.account(of: node))")
                let mustAsk = own.traits.isPrepared && model.isGoing(node)
                expect(own.isAsked == mustAsk, "node \(node) was \(own.isAsked ? "" : "not ")prepared")
            }
        }
        guard aborts == 0, finishes == 0 else { return }
        let ready = model.ready
        for task in ready where model.nodes[task].readySince == nil { model.nodes[task].readySince = turn }
        guard model.taken < model.capacity else { return }
        for task in ready { expect(!couldStart(task), "task \(task) could start, but does not") }
        // What was handed out behind another has a place now, if there was one.
        expect(
            !model.nodes.contains { $0.work == .handedOut(isAdmitted: false) },
            "a place is empty that belongs to what was handed out ahead"
        )
    }

    /// Whether the rules explain that a node ended without an attempt.
    private func isExplained(_ node: Int) -> Bool {
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
    private func mustEnd(_ node: Int) -> Bool {
        let own = model.nodes[node]
        guard own.work == .none, !model.isEntered(node) else { return false }
        if model.isGivenUp(node) { return true }
        // Only the first failure is not waited for until the group is entered.
        if model.verdict(node) == .unmet, own.traits.rule == .allCompleted || model.isInside(node) { return true }
        return own.group.map { model.state($0).isFinal && !model.isEntered($0) } ?? false
    }
}
