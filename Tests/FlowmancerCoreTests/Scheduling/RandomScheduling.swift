import FlowmancerCore
import TestSupport

/// A run of random nodes, whose world reports what the scheduler asked for, in random order. ``SchedulerModel`` judges it.
struct RandomScheduling {
    enum Kind {
        case tasks, growing, disturbed
    }

    let kind: Kind
    var model: SchedulerModel
    /// What went wrong: a reference, so that a rule may be checked in the middle of a change.
    let log = Problems()
    var problems: [String] { log.texts }

    let plan: NodePlan
    let maker: RandomPlan
    let luck: Int
    let mayAbort: Bool
    let mayLose: Bool
    var random: SeededGenerator
    var scheduler: Scheduler
    /// All that happened, to let it happen once more.
    var history: [(events: [SchedulerEvent], actions: [SchedulerAction])] = []

    var turn = 0
    /// What was the first to wait for resources when attempts were started in this turn.
    var firstBlocked: SchedulerModel.Kind?
    /// What the world is about to report.
    var coming: [SchedulerEvent] = []
    var timers: Set<SchedulerTimer> = []
    /// The tasks that a worker holds.
    var held: Set<Int> = []
    /// The attempts that exceeded their time limit.
    var overruns: Set<[Int]> = []
    var killed: Set<[Int]> = []
    /// The attempts that were lost with their machine.
    var lost: Set<[Int]> = []
    var aborts = 0
    var isAborted = false
    var finishes = 0

    var isNoisy: Bool { kind == .disturbed }

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
            maxFailures: random.chance(20) ? Int.random(in: 1...4, using: &random) : nil,
            timeout: random.chance(20) ? .seconds(60) : nil,
            grace: random.chance(80) ? .seconds(60) : nil
        )
        luck = Int.random(in: 30...100, using: &random)
        mayAbort = random.chance(40)
        mayLose = random.chance(40)
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
    mutating func nextTurn() -> [SchedulerEvent] {
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

    mutating func deliver(_ events: [SchedulerEvent]) {
        turn += 1
        let wasFinished = finishes > 0
        var actions: [SchedulerAction] = []
        for event in events {
            note(event)
            let first = actions.count
            scheduler.handle(event, &actions)
            model.heldBack = scheduler.heldBack
            // An abort may be asked for while nothing can be recorded; then its turn comes later.
            if event.isUrgent { expect(actions[first...].allSatisfy(Self.needsNoRecord), "\(event): \(actions)") }
            for action in actions[first...] { watch(action) }
        }
        let first = actions.count
        scheduler.endTurn(&actions)
        model.heldBack = scheduler.heldBack
        isAborted = aborts > 0
        if let last = firstBlocked.take() { model.favoured = last }
        for action in actions[first...] { watch(action) }
        history.append((events, actions))
        expect(!wasFinished || actions.isEmpty, "\(events) had an effect after the end: \(actions)")
        if !isNoisy { review() }
    }

    mutating func note(_ event: SchedulerEvent) {
        switch event {
        case .lost(let task, _) where !isNoisy, .ended(let task, _) where !isNoisy:
            if case .lost = event { lost.insert([task, model.nodes[task].attempts]) }
            // Nothing comes after the end.
            held.remove(task)
            coming.removeAll { [.held(task), .returned(task), .started(task)].contains($0) }
        case .held(let task) where model.nodes[task].work != .running && model.nodes[task].work != .none:
            held.insert(task)
            // A worker does not hold it for ever.
            if model.nodes[task].work == .handedOut(isAdmitted: false) { coming.append(.returned(task)) }
        case .returned(let task): held.remove(task)
        case .elapsed(let timer):
            timers.remove(timer)
            if timer == .runLimit, finishes == 0, aborts == 0 { aborts += 1 }
            if case .backoff(let task) = timer, model.nodes[task].work == .pausing { model.nodes[task].work = .none }
        case .abort where finishes == 0: aborts += 1
        default: break
        }
    }

    mutating func abort() {
        guard finishes == 0 else { return }
        // Sometimes other things are decided on before the abort is carried out.
        deliver([.abort] + (random.chance(30) && !coming.isEmpty ? nextTurn() : []))
    }

    /// Reports something that is not so, or no longer.
    mutating func disturb() {
        guard !model.nodes.isEmpty else { return }
        let task = Int.random(in: model.nodes.indices, using: &random)
        let preparation = Preparation(.run, record: JSONText(rawValue: "noise"))
        let noise: [SchedulerEvent] = [
            .started(task), .ended(task, .succeeded), .ended(task, .failed(.error)), .elapsed(.backoff(task)),
            .held(task), .lost(task, reason: "noise"),
            .elapsed(.limit(task, attempt: Int.random(in: 0...4, using: &random))), .returned(task),
            .elapsed(.limitGrace(task, attempt: Int.random(in: 0...4, using: &random))), .prepared(task, preparation),
        ]
        // What is coming is repeated, too: it arrives early then, and once more later.
        let known =
            random.chance(50)
            ? history.randomElement(using: &random)?.events.first : coming.randomElement(using: &random)
        let event = random.chance(60) ? known ?? noise[0] : noise.randomElement(using: &random)!
        if event != .abort { deliver([event]) }
    }

    static func needsNoRecord(_ action: SchedulerAction) -> Bool {
        switch action {
        case .kill, .announce, .forget: true
        default: false
        }
    }

    func expect(_ condition: Bool, _ problem: @autoclosure () -> String) {
        if !condition { log.texts.append("turn \(turn): \(problem())") }
    }

    mutating func checkRepetition() {
        var again = Scheduler(plan, settings: model.settings)
        for (events, expected) in history {
            var actions: [SchedulerAction] = []
            for event in events { again.handle(event, &actions) }
            again.endTurn(&actions)
            expect(actions == expected, "\(events) had other effects the second time")
        }
    }
}

final class Problems {
    var texts: [String] = []
}
