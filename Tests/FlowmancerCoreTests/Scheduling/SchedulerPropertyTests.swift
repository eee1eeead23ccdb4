import FlowmancerCore
import TestSupport
import Testing

/// What holds for every graph, whatever happens to its tasks in whatever order.
@Suite struct SchedulerPropertyTests {
    @Test func everyRunKeepsTheRules() {
        for seed in UInt64(0)..<900 {
            var run = RandomRun(seed: seed)
            run.play()
            guard run.problems.isEmpty else {
                let text = run.problems.prefix(5).joined(separator: "\n")
                Issue.record("seed \(seed), \(run.graph.count) tasks, limit \(run.limit):\n\(text)")
                return
            }
        }
    }
}

/// A run of random tasks that watches over what the scheduler does.
private struct RandomRun {
    let graph: TaskGraph
    let limit: Int
    private let lookahead: Int
    /// What went wrong: a reference, so that a rule may be checked in the midst of a change.
    private let log = Problems()
    var problems: [String] { log.texts }

    private let policies: [RetryPolicy]
    private let origins: [TaskOrigin]
    /// For each task how its attempts end.
    private let outcomes: [[AttemptOutcome]]
    /// Whether events are repeated and come out of turn.
    private let isNoisy: Bool
    private let mayAbort: Bool
    private var random: SeededGenerator
    private var scheduler: Scheduler

    // What happened so far, told from the actions alone.
    private var events: [SchedulerEvent] = []
    private var actions: [[SchedulerAction]] = []
    private var states: [ExecutionState]
    private var attempts: [Int]
    private var occupied: Set<Int> = []
    /// Tasks that a worker has, but has not begun.
    private var held: Set<Int> = []
    private var pausing: Set<Int> = []
    /// For each task the attempts that were cancelled at their limit.
    private var overruns: [Set<Int>]
    private var finishes = 0
    private var isAborting = false
    /// What the world is about to report.
    private var coming: [SchedulerEvent] = []

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = random.chance(10) ? Int.random(in: 0...2, using: &random) : Int.random(in: 0...60, using: &random)
        let density = Int.random(in: 0...12, using: &random)
        let order = Array(0..<count).shuffled(using: &random)
        let edges = (0..<count).map { task in
            let earlier = (0..<count).filter { order[$0] < order[task] && random.chance(density) }
            return (name: "t\(task)", dependencies: earlier.map { "t\($0)" })
        }
        graph = TaskGraph(edges)
        policies = (0..<count).map { _ in
            RetryPolicy(
                maxAttempts: Int.random(in: 1...4, using: &random),
                backoff: random.chance(40) ? .milliseconds(Int.random(in: 1...9, using: &random)) : .zero,
                timeout: random.chance(40) ? .limited(to: .seconds(Int.random(in: 1...9, using: &random))) : .unlimited
            )
        }
        let done = Int.random(in: 0...30, using: &random)
        origins = (0..<count).map { _ in
            random.chance(done) ? (random.chance(50) ? .completed : .skipped) : .fresh
        }
        let luck = Int.random(in: 30...100, using: &random)
        outcomes = policies.map { policy in
            (0..<policy.maxAttempts).map { _ in
                random.chance(luck) ? .succeeded : random.chance(90) ? .failed : .aborted
            }
        }
        limit = random.chance(30) ? Int.random(in: -1...0, using: &random) : Int.random(in: 1...8, using: &random)
        lookahead = random.chance(50) ? 0 : Int.random(in: 1...4, using: &random)
        isNoisy = random.chance(50)
        mayAbort = random.chance(40)
        states = Array(repeating: .initial, count: count)
        attempts = Array(repeating: 0, count: count)
        overruns = Array(repeating: [], count: count)
        scheduler = Scheduler(
            graph: graph,
            policies: policies,
            origins: origins,
            limit: limit,
            lookahead: lookahead
        )
        self.random = random
    }

    /// How many tasks may be handed out.
    private var capacity: Int { limit <= 0 ? .max : limit + lookahead }

    mutating func play() {
        if isNoisy { disturb() }
        deliver(.begin)
        var steps = 0
        while !coming.isEmpty {
            steps += 1
            guard steps < 10_000 else { return log.texts.append("the run does not end") }
            if isNoisy, random.chance(20) { disturb() }
            if mayAbort, random.chance(3) { deliver(.abort) }
            deliver(coming.remove(at: Int.random(in: coming.indices, using: &random)))
        }
        expect(finishes == 1, "finished \(finishes) times")
        for task in states.indices {
            expect(states[task].isFinal, "task \(task) ended as \(states[task])")
            if attempts[task] == 0 {
                expect(states[task] != .failed, "task \(task) failed without an attempt")
            }
        }
        if !isNoisy, !isAborting { expect(states == expectedStates(), "\(states) instead of \(expectedStates())") }
        for _ in 0..<20 where isNoisy { disturb() }
        expect(finishes == 1, "finished \(finishes) times after late events")
        checkRepetition()
    }

    // MARK: Events

    private mutating func deliver(_ event: SchedulerEvent) {
        if event == .abort, !events.isEmpty { isAborting = true }
        switch event {
        case .held(let task) where occupied.contains(task) && states[task] == .pending: held.insert(task)
        case .returned(let task): held.remove(task)
        default: break
        }
        events.append(event)
        let wasFinished = finishes > 0
        let new = scheduler.handle(event)
        actions.append(new)
        expect(!wasFinished || new.isEmpty, "\(event) had an effect after the end: \(new)")
        for action in new { watch(action) }
        if events.contains(.begin) { checkNothingIdles() }
        for task in states.indices where scheduler.state(of: task) != states[task] {
            log.texts.append("task \(task) is said to be \(scheduler.state(of: task)), but was \(states[task])")
        }
    }

    /// Reports something that is not so, or no longer.
    private mutating func disturb() {
        guard graph.count > 0 else { return }
        let task = Int.random(in: 0..<graph.count, using: &random)
        let noise: [SchedulerEvent] = [
            .started(task), .ended(task, .succeeded), .ended(task, .failed), .backoffElapsed(task),
            .overran(task, attempt: Int.random(in: 0...4, using: &random)), .held(task), .returned(task),
        ]
        let known = events.randomElement(using: &random)
        // What is coming is repeated, too: it arrives early then, and once more later.
        let event =
            random.chance(40) ? known ?? noise[0] : random.chance(50) ? coming.randomElement(using: &random) : nil
        deliver(event ?? noise.randomElement(using: &random)!)
    }

    // MARK: Rules

    private mutating func watch(_ action: SchedulerAction) {
        switch action {
        case .transition(let task, let from, let to, let attempt):
            expect(from == states[task], "task \(task) left \(from), but was \(states[task])")
            expect(Self.isLegal(from, to), "task \(task) went from \(from) to \(to)")
            states[task] = to
            held.remove(task)
            if to == .running {
                expect(occupied.contains(task), "task \(task) runs, but was not started")
                expect(attempt == attempts[task], "attempt \(attempt) of task \(task) runs, not \(attempts[task])")
            }
            if from == .running { occupied.remove(task) }
            if to.isFinal { pausing.remove(task) }
            expect(
                attempt == attempts[task] || to == .aborted && attempt == attempts[task] - 1,
                "odd attempt: \(action)"
            )
        case .start(let task, let attempt):
            expect(!isAborting, "task \(task) was started after the abort")
            expect(states[task] == .pending, "task \(task) was started as \(states[task])")
            expect(attempt == attempts[task] + 1, "attempt \(attempt) of task \(task) after \(attempts[task])")
            expect(attempt <= policies[task].maxAttempts, "attempt \(attempt) of task \(task) is one too many")
            for dependency in graph.dependencies[task] {
                let state = states[dependency]
                expect(state == .completed || state == .skipped, "task \(task) was started before \(dependency)")
            }
            attempts[task] = attempt
            pausing.remove(task)
            expect(occupied.insert(task).inserted, "task \(task) was started twice")
            expect(occupied.count <= capacity, "\(occupied.count) tasks are handed out, where \(capacity) may be")
            if random.chance(30) { coming.append(.held(task)) }
            if random.chance(10) { coming.append(.returned(task)) }
            coming.append(.started(task))
            coming.append(.ended(task, outcomes[task][min(attempt, outcomes[task].count) - 1]))
        case .withdraw(let task):
            expect(isAborting, "task \(task) was withdrawn without an abort")
            expect(states[task] == .pending, "task \(task) was withdrawn as \(states[task])")
            expect(occupied.remove(task) != nil, "task \(task) was withdrawn, but not started")
        case .limit(let task, let attempt, let limit):
            expect(states[task] == .running, "task \(task) was limited as \(states[task])")
            expect(attempt == attempts[task], "attempt \(attempt) of task \(task) was limited")
            expect(.limited(to: limit) == policies[task].timeout, "task \(task) was limited to \(limit)")
            if random.chance(50) { coming.append(.overran(task, attempt: attempt)) }
        case .cancel(let task, .overrun(let limit)):
            expect(!isAborting, "task \(task) was cancelled at its limit after the abort")
            expect(states[task] == .running, "task \(task) was cancelled at its limit as \(states[task])")
            expect(.limited(to: limit) == policies[task].timeout, "task \(task) was cancelled at \(limit)")
            expect(overruns[task].insert(attempts[task]).inserted, "task \(task) was cancelled twice at its limit")
        case .cancel(let task, .abort):
            expect(isAborting, "task \(task) was cancelled without an abort")
            let isHeld = states[task] == .pending && held.contains(task)
            // A worker may have taken it up before it heard that it was withdrawn.
            if states[task] == .aborted { break }
            expect(states[task] == .running || isHeld, "task \(task) was cancelled as \(states[task])")
            expect(!overruns[task].contains(attempts[task]), "task \(task) was cancelled once more")
            if isHeld { coming.append(.returned(task)) }
            if random.chance(70) { coming.append(.ended(task, .aborted)) }
        case .backOff(let task, let pause):
            expect(states[task] == .pending, "task \(task) backs off as \(states[task])")
            expect(pause == policies[task].backoff, "task \(task) backs off for \(pause)")
            pausing.insert(task)
            coming.append(.backoffElapsed(task))
        case .finish:
            finishes += 1
            expect(states.allSatisfy(\.isFinal), "finished before every task was")
        }
    }

    /// A place stays empty only if no task could take it.
    private func checkNothingIdles() {
        guard !isAborting, occupied.count < capacity else { return }
        for task in states.indices where states[task] == .pending && !occupied.contains(task) && !pausing.contains(task)
        {
            let waits = graph.dependencies[task].contains { states[$0] != .completed && states[$0] != .skipped }
            expect(waits, "task \(task) could run, but does not")
        }
    }

    private func checkRepetition() {
        var again = Scheduler(
            graph: graph,
            policies: policies,
            origins: origins,
            limit: limit,
            lookahead: lookahead
        )
        for (event, expected) in zip(events, actions) {
            expect(again.handle(event) == expected, "\(event) had other effects the second time")
        }
    }

    private func expect(_ condition: Bool, _ problem: @autoclosure () -> String) {
        if !condition { log.texts.append(problem()) }
    }

    private static func isLegal(_ from: ExecutionState, _ to: ExecutionState) -> Bool {
        switch (from, to) {
        case (.initial, .pending), (.initial, .completed): true
        case (.pending, .running), (.pending, .defaulted), (.pending, .skipped), (.pending, .aborted): true
        case (.running, .completed), (.running, .failed), (.running, .aborted), (.running, .pending): true
        default: false
        }
    }

    /// The states in which an undisturbed run must end: they do not depend on the order of events.
    private func expectedStates() -> [ExecutionState] {
        var known: [ExecutionState?] = origins.map { origin in
            switch origin {
            case .fresh: nil
            case .completed: .completed
            case .skipped: .skipped
            }
        }
        func settle(_ task: Int) -> ExecutionState {
            if let state = known[task] { return state }
            let isSatisfied = graph.dependencies[task].map(settle).allSatisfy { $0 == .completed || $0 == .skipped }
            let state: ExecutionState
            if isSatisfied {
                let ends = outcomes[task].enumerated().map { overruns[task].contains($0 + 1) ? .failed : $1 }
                switch ends.first(where: { $0 != .failed }) {
                case .succeeded?: state = .completed
                case .aborted?: state = .aborted
                default: state = .failed
                }
            } else {
                state = .defaulted
            }
            known[task] = state
            return state
        }
        return states.indices.map(settle)
    }
}

private final class Problems {
    var texts: [String] = []
}
