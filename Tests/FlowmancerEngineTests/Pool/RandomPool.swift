import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage
import TestSupport

@testable import FlowmancerEngine

/// Workers, and a run that uses them, which do what they please. It watches over what the pool decides.
struct RandomPool {
    var problems: [String] = []
    var history: [String] = []

    var random: SeededGenerator
    let runtimes: [TaskRuntime]
    var state: PoolState
    var now = SuspendingClock.now
    var actions: [PoolAction] = []
    var isPerforming = false
    var isOver = false
    var isWatching = false
    var isQuiet = false

    /// The attempts of the run that are not over.
    var attempts: [Int: Attempt] = [:]
    var workers: [Int: Worker] = [:]
    var lastTask = 0
    /// Attempts that turned out to be too large when a worker was to hold them.
    var tooLarge: Set<Int> = []

    struct Attempt {
        enum Stage: Equatable { case waiting, held, executed }

        let assignment: Assignment
        var isAdmitted: Bool
        var stage = Stage.waiting
        var isCancelled = false
    }

    struct Worker {
        let runtime: TaskRuntime
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
        let offers = [
            WorkerOffer(runtime: .swift, canHold: seed % 5 != 0, startLimit: .seconds(20)),
            WorkerOffer(runtime: .command, canHold: seed % 3 != 0, startLimit: .seconds(20), isLight: true),
        ]
        runtimes = seed.isMultiple(of: 2) ? [.swift] : [.swift, .swift, .command]
        state = PoolState(cores: Int.random(in: 1...3, using: &random), offers: offers)
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
        check(state.holders == 0 && state.lanes.allSatisfy { $0.waiting.count == 0 }, "something is left")
    }

    // MARK: What happens

    mutating func step() {
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
    mutating func proceed(_ number: Int) {
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

    mutating func submit() {
        lastTask += 1
        let assignment = Assignment(
            id: UInt64(1_000 + lastTask),
            task: lastTask,
            attempt: 1,
            counted: 1,
            runtime: runtimes.randomElement(using: &random)!,
            isolation: random.chance(20) ? .process : .pool,
            isRestart: random.chance(10)
        )
        let isAdmitted = random.chance(60)
        attempts[lastTask] = Attempt(assignment: assignment, isAdmitted: isAdmitted)
        handle(.submitted(assignment, isAdmitted ? .now : .behindAnother))
    }

    mutating func admit(_ task: Int) {
        attempts[task]?.isAdmitted = true
        handle(.admitted(task: task))
    }

    mutating func withdraw(_ task: Int) {
        attempts[task] = nil
        handle(.withdrawn(task: task))
    }

    mutating func cancel(_ task: Int) {
        attempts[task]?.isCancelled = true
        handle(.cancelled(task: task, patience: .seconds(1)))
    }

    mutating func elapse() {
        isWatching = false
        handle(.elapsed(load: Double.random(in: 0...3, using: &random)))
    }

    mutating func lose() {
        for worker in workers.keys { workers[worker]?.isKilled = true }
        let lost = workers.keys.sorted()
        handle(.lost(.killed(signal: SIGKILL)))
        for worker in lost where !isOver { end(worker) }
    }

    mutating func overdue(_ worker: Int) {
        workers[worker]?.isLimited = false
        handle(.overdue(worker))
    }

    mutating func report(_ number: Int) {
        guard let task = workers[number]?.executes, let attempt = attempts[task] else { return }
        var end = AttemptEnd(
            attempt: attempt.assignment.id,
            outcome: [.succeeded, .failed(.error), .aborted].randomElement(using: &random)!
        )
        end.hasLeftovers = random.chance(5)
        end.hasLeftThreads = random.chance(5)
        end.isFollowed = random.chance(5)
        workers[number]?.hasReported = true
        if attempt.assignment.isolation == .process { workers[number]?.isSpent = true }
        handle(.worker(number, .ended(end)))
    }

    mutating func end(_ worker: Int) {
        guard workers[worker] != nil else { return }
        workers[worker]?.isKilled = true
        handle(.worker(worker, .gone(WorkerEnd(process: .exited(code: 1)))))
    }

    mutating func pick(_ stage: Attempt.Stage) -> Int? {
        attempts.filter { $0.value.stage == stage }.keys.sorted().randomElement(using: &random)
    }

    mutating func pickWorker() -> Int? { workers.keys.sorted().randomElement(using: &random) }
}
