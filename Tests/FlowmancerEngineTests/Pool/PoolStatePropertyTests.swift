import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import FlowmancerEngine

/// What holds whatever happens to workers and attempts, in whatever order.
@Suite struct PoolStatePropertyTests {
    @Test(arguments: [0..<250, 250..<500, 500..<750] as [Range<UInt64>])
    func noAttemptIsLostOrDoubled(seeds: Range<UInt64>) {
        for seed in seeds {
            var world = RandomPool(seed: seed)
            world.play()
            guard let problem = world.problems.first else { continue }
            let history = world.history.suffix(30).joined(separator: "\n")
            Issue.record("seed \(seed): \(problem)\nafter:\n\(history)")
            return
        }
    }
}

/// Workers, and a run that uses them, which do what they please. It watches over what the pool decides.
private struct RandomPool {
    private(set) var problems: [String] = []
    private(set) var history: [String] = []

    private var random: SeededGenerator
    private var state: PoolState
    private var now = SuspendingClock.now
    private var actions: [PoolAction] = []
    private var isPerforming = false
    private var isOver = false
    private var isWatching = false
    private var isQuiet = false

    /// The attempts of the run that are not over.
    private var attempts: [Int: Attempt] = [:]
    private var workers: [Int: Worker] = [:]
    private var lastTask = 0
    /// Attempts that turned out to be too large when a worker was to hold them.
    private var tooLarge: Set<Int> = []

    private struct Attempt {
        enum Stage: Equatable { case waiting, held, executed }

        let assignment: Assignment
        var isAdmitted: Bool
        var stage = Stage.waiting
        var isCancelled = false
    }

    private struct Worker {
        let isHolder: Bool
        var isStarted = false
        var isReady = false
        var isUsed = false
        var isSpent = false
        var isKilled = false
        var isLimited = false
        var isRecalled = false
        /// Whether what it was given was too large, so that it is idle in truth.
        var isRefused = false
        var executes: Int?
        var holds: Int?
        /// Whether the attempt that it executes has reported its end.
        var hasReported = false
        var isBusy: Bool { executes != nil && !hasReported }
    }

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        let offer = WorkerOffer(runtime: .swift, canHold: seed % 5 != 0, startLimit: .seconds(20))
        state = PoolState(cores: Int.random(in: 1...3, using: &random), offers: [offer])
    }

    mutating func play() {
        for _ in 0..<Int.random(in: 20...300, using: &random) where !isOver && problems.isEmpty { step() }
        isQuiet = true
        var steps = 0
        while !attempts.isEmpty, !isOver, problems.isEmpty {
            steps += 1
            guard steps < 3_000 else { return problems.append("these are never over: \(attempts.values)") }
            for (task, attempt) in attempts where attempt.stage == .waiting && !attempt.isAdmitted { admit(task) }
            now = now + .milliseconds(3)
            if isWatching { elapse() }
            for worker in workers.keys.sorted() { proceed(worker) }
        }
        guard !isOver, problems.isEmpty else { return }
        for worker in workers.keys.sorted() where workers[worker]?.isReady == false { proceed(worker) }
        check(state.holders == 0 && state.lanes[0].waiting.count == 0, "something is left")
    }

    // MARK: What happens

    private mutating func step() {
        now = now + .microseconds(Int.random(in: 0...4_000, using: &random))
        switch Int.random(in: 0..<100, using: &random) {
        case ..<30: submit()
        case ..<38: if let task = pick(.waiting) { admit(task) }
        case ..<41: if let task = pick(.held) { admit(task) }
        case ..<43: if let task = pick(.waiting) { withdraw(task) }
        case ..<46: if let task = pick(.executed) ?? pick(.held) { cancel(task) }
        case ..<47: if let task = pick(.held) { cancel(task) }
        case ..<48: if let task = pick(.executed) { handle(.killed(task: task, remark: "killed")) }
        case ..<54: if isWatching { elapse() }
        case ..<55: if random.chance(10) { lose() }
        case ..<56: if let worker = pickWorker() { handle(.haunted(worker)) }
        case ..<57: if let worker = pickWorker() { handle(.worker(worker, .misbehaved("it lies"))) }
        case ..<58: if let worker = pickWorker() { handle(.worker(worker, .returned(attempt: 1))) }
        case ..<60: if let worker = pickWorker(), workers[worker]?.isLimited == true { overdue(worker) }
        case ..<62: if let worker = pickWorker(), workers[worker]?.isReady == true || random.chance(30) { end(worker) }
        default: if let worker = pickWorker() { proceed(worker) }
        }
    }

    /// Lets a worker do what it would do next.
    private mutating func proceed(_ number: Int) {
        guard let worker = workers[number] else { return }
        if worker.isKilled || worker.isSpent {
            end(number)
        } else if !worker.isStarted {
            if !isQuiet, random.chance(20) {
                workers[number]?.isKilled = true
                handle(.worker(number, .refused(SystemError("fork", .resourceTemporarilyUnavailable))))
            } else {
                workers[number]?.isStarted = true
                if random.chance(90) { handle(.worker(number, .started)) }
            }
        } else if !worker.isReady {
            workers[number]?.isReady = true
            handle(.worker(number, .ready))
        } else if worker.isRecalled, worker.holds != nil, random.chance(60) {
            let held = worker.holds.flatMap { attempts[$0] }?.assignment.id ?? 0
            handle(.worker(number, .returned(attempt: held)))
        } else if worker.isBusy {
            report(number)
        }
    }

    private mutating func submit() {
        lastTask += 1
        let assignment = Assignment(
            id: UInt64(1_000 + lastTask),
            task: lastTask,
            attempt: 1,
            runtime: .swift,
            isolation: random.chance(20) ? .process : .pool,
            isRestart: random.chance(10)
        )
        let isAdmitted = random.chance(60)
        attempts[lastTask] = Attempt(assignment: assignment, isAdmitted: isAdmitted)
        handle(.submitted(assignment, isAdmitted ? .now : .behindAnother))
    }

    private mutating func admit(_ task: Int) {
        attempts[task]?.isAdmitted = true
        handle(.admitted(task: task))
    }

    private mutating func withdraw(_ task: Int) {
        attempts[task] = nil
        handle(.withdrawn(task: task))
    }

    private mutating func cancel(_ task: Int) {
        attempts[task]?.isCancelled = true
        handle(.cancelled(task: task, patience: .seconds(1)))
    }

    private mutating func elapse() {
        isWatching = false
        handle(.elapsed(load: Double.random(in: 0...3, using: &random)))
    }

    private mutating func lose() {
        for worker in workers.keys { workers[worker]?.isKilled = true }
        let lost = workers.keys.sorted()
        handle(.lost(.killed(signal: SIGKILL)))
        for worker in lost where !isOver { end(worker) }
    }

    private mutating func overdue(_ worker: Int) {
        workers[worker]?.isLimited = false
        handle(.overdue(worker))
    }

    private mutating func report(_ number: Int) {
        guard let task = workers[number]?.executes, let attempt = attempts[task] else { return }
        var end = AttemptEnd(
            attempt: attempt.assignment.id,
            outcome: [.succeeded, .failed, .aborted].randomElement(using: &random)!
        )
        end.hasLeftovers = random.chance(5)
        end.hasLeftThreads = random.chance(5)
        end.isFollowed = random.chance(5)
        workers[number]?.hasReported = true
        if attempt.assignment.isolation == .process { workers[number]?.isSpent = true }
        handle(.worker(number, .ended(end)))
    }

    private mutating func end(_ worker: Int) {
        guard workers[worker] != nil else { return }
        workers[worker]?.isKilled = true
        handle(.worker(worker, .gone(WorkerEnd(process: .exited(code: 1)))))
    }

    private mutating func pick(_ stage: Attempt.Stage) -> Int? {
        attempts.filter { $0.value.stage == stage }.keys.sorted().randomElement(using: &random)
    }

    private mutating func pickWorker() -> Int? { workers.keys.sorted().randomElement(using: &random) }

    // MARK: What the pool does about it

    private mutating func handle(_ event: PoolEvent) {
        guard !isOver else { return }
        history.append("\(event)")
        state.handle(event, at: now, &actions)
        guard !isPerforming else { return }
        isPerforming = true
        var next = 0
        while next < actions.count, !isOver {
            history.append("  \(actions[next])")
            perform(actions[next])
            next += 1
        }
        actions = []
        isPerforming = false
        if !isOver { checkCounts() }
    }

    private mutating func perform(_ action: PoolAction) {
        switch action {
        case .start(let worker, _, let isHolder): start(worker, isHolder)
        case .give(let worker, let assignment): give(assignment, to: worker)
        case .hold(let worker, let assignment): hold(assignment, on: worker)
        case .beginHeld(let worker, let assignment): beginHeld(assignment, on: worker)
        case .recall(let worker, let assignment):
            check(workers[worker]?.holds == assignment.task, "what is not held is recalled")
            workers[worker]?.isRecalled = true
        case .cancel(let worker, let assignment, _):
            check(workers[worker]?.executes == assignment.task, "what does not run is cancelled")
        case .kill(let worker):
            check(workers[worker] != nil, "nobody is killed")
            workers[worker]?.isKilled = true
        case .forget(let worker):
            check(workers[worker]?.isLimited != true, "a limit outlives its worker")
            check(workers[worker]?.isKilled != false, "a living worker is forgotten")
            workers[worker] = nil
        case .limit(let worker, _):
            check(workers[worker]?.isLimited == false, "two limits of one phase")
            workers[worker]?.isLimited = true
        case .endLimit(let worker):
            check(workers[worker]?.isLimited == true, "the end of no limit")
            workers[worker]?.isLimited = false
        case .returned(let assignment): giveBack(assignment)
        case .ended(let assignment, _): conclude(assignment)
        case .fail: isOver = true
        case .reachedLimit, .lostWorkers: break
        case .watch:
            check(!isWatching, "the clock is set twice")
            isWatching = true
        }
    }

    private mutating func start(_ worker: Int, _ isHolder: Bool) {
        guard state.isPlanned(worker) else { return }
        check(workers[worker] == nil, "a number is used twice")
        if !isQuiet, random.chance(10) {
            handle(.worker(worker, .refused(SystemError("pipe", .tooManyOpenFiles))))
        } else {
            workers[worker] = Worker(isHolder: isHolder)
            handle(.requested(worker))
        }
    }

    private mutating func give(_ assignment: Assignment, to number: Int) {
        guard let worker = workers[number], let attempt = attempts[assignment.task] else {
            return problems.append("what nobody wants is given, or to nobody")
        }
        check(worker.isReady && !worker.isKilled && worker.executes == nil, "it is given to one that is not idle")
        check(attempt.stage == .waiting && attempt.assignment == assignment, "it is given though it does not wait")
        check(attempt.isAdmitted, "it begins before it is admitted")
        check(!worker.isUsed || assignment.isolation == .pool, "it is not alone in its process")
        take(assignment, number)
        if random.chance(3) {
            workers[number]?.hasReported = true
            workers[number]?.isRefused = true
            handle(.tooLarge(assignment, number, "large"))
        }
    }

    private mutating func hold(_ assignment: Assignment, on number: Int) {
        guard let worker = workers[number], let attempt = attempts[assignment.task] else {
            return problems.append("what nobody wants is held, or by nobody")
        }
        check(
            worker.isHolder && (worker.isBusy || worker.isRefused) && !worker.isKilled,
            "it is held by one that cannot hold"
        )
        check(worker.holds == nil, "a worker holds two")
        check(attempt.stage == .waiting && attempt.assignment == assignment, "it is held though it does not wait")
        check(assignment.isolation == .pool && !assignment.isRestart, "it is held though it may not be")
        guard !random.chance(5) else {
            tooLarge.insert(assignment.task)
            return handle(.tooLarge(assignment, number, "large"))
        }
        tooLarge.remove(assignment.task)
        attempts[assignment.task]?.stage = .held
        workers[number]?.holds = assignment.task
        workers[number]?.isRecalled = false
    }

    private mutating func beginHeld(_ assignment: Assignment, on number: Int) {
        let isTooLarge = tooLarge.remove(assignment.task) != nil
        check(workers[number]?.holds == assignment.task || isTooLarge, "one begins that is not held")
        check(workers[number]?.executes == nil, "two are executed at once")
        attempts[assignment.task]?.isAdmitted = true
        workers[number]?.holds = nil
        take(assignment, number)
        if isTooLarge { workers[number]?.hasReported = true }
    }

    private mutating func take(_ assignment: Assignment, _ worker: Int) {
        attempts[assignment.task]?.stage = .executed
        workers[worker]?.executes = assignment.task
        workers[worker]?.hasReported = false
        workers[worker]?.isRefused = false
        workers[worker]?.isUsed = true
    }

    private mutating func giveBack(_ assignment: Assignment) {
        guard let attempt = attempts[assignment.task] else { return problems.append("what is over comes back") }
        check(attempt.stage == .held, "what is not held comes back")
        for worker in workers.keys where workers[worker]?.holds == assignment.task { workers[worker]?.holds = nil }
        if attempt.isCancelled { attempts[assignment.task] = nil } else { attempts[assignment.task]?.stage = .waiting }
    }

    private mutating func conclude(_ assignment: Assignment) {
        check(attempts[assignment.task]?.stage == .executed, "the end of what does not run")
        attempts[assignment.task] = nil
        for worker in workers.keys where workers[worker]?.executes == assignment.task {
            check(workers[worker]?.hasReported == true, "the end was not reported")
            workers[worker]?.executes = nil
        }
    }

    // MARK: Rules

    private mutating func check(_ condition: Bool, _ problem: String) {
        if !condition { problems.append(problem) }
    }

    /// Counts anew what the pool counts.
    private mutating func checkCounts() {
        check(state.total == workers.count, "\(state.total) workers are counted, \(workers.count) are there")
        let starting = state.workers.count(where: \.phase.isStarting)
        check(
            state.lanes[0].starting == starting,
            "\(state.lanes[0].starting) are counted on their way, not \(starting)"
        )
        check(state.holders == state.workers.count { $0.held != nil }, "the holders are miscounted")
        let waiting = attempts.values.filter { $0.stage == .waiting }
        check(state.lanes[0].waiting.count == waiting.count, "those that wait are miscounted")
        check(state.lanes[0].waiting.admittedCount == waiting.count(where: \.isAdmitted), "the admitted are miscounted")
        check(state.holders == attempts.values.count { $0.stage == .held }, "what is held is not where it was given")
        let isIdle = state.lanes[0].idle.allSatisfy { if case .idle = state.workers[$0].phase { true } else { false } }
        check(isIdle && Set(state.lanes[0].idle).count == state.lanes[0].idle.count, "the idle ones are not idle")
        check(isWatching || waiting.isEmpty, "nobody looks at those that wait")
        if waiting.contains(where: { $0.isAdmitted && $0.assignment.isolation == .pool }) {
            check(state.lanes[0].idle.isEmpty, "one is idle, and one waits for it")
        }
    }
}
