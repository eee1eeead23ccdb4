import FlowmancerCore
import FlowmancerSystem
import SystemPackage
import TestSupport

@testable import FlowmancerEngine

/// What the pool does about it, and the rules that hold.
extension RandomPool {
    mutating func handle(_ event: PoolEvent) {
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
        case .start(let worker, let runtime, let isHolder): start(worker, runtime, isHolder)
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

    private mutating func start(_ worker: Int, _ runtime: TaskRuntime, _ isHolder: Bool) {
        guard state.isPlanned(worker) else { return }
        check(workers[worker] == nil, "a number is used twice")
        if !isQuiet, random.chance(10) {
            handle(.worker(worker, .refused(SystemError("pipe", .tooManyOpenFiles))))
        } else {
            workers[worker] = Worker(runtime: runtime, isHolder: isHolder)
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
        check(workers[worker]?.runtime == assignment.runtime, "it is of another runtime")
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

    mutating func check(_ condition: Bool, _ problem: String) {
        if !condition { problems.append(problem) }
    }

    /// Counts anew what the pool counts.
    private mutating func checkCounts() {
        let waiting = attempts.values.filter { $0.stage == .waiting }
        check(isWatching || waiting.isEmpty, "nobody looks at those that wait")
        check(state.total == workers.count, "\(state.total) workers are counted, \(workers.count) are there")
        check(state.holders == state.workers.count { $0.held != nil }, "the holders are miscounted")
        check(state.holders == attempts.values.count { $0.stage == .held }, "what is held is not where it was given")
        for (number, lane) in state.lanes.enumerated() {
            let starting = state.workers.count { $0.lane == number && $0.phase.isStarting }
            check(lane.starting == starting, "\(lane.starting) are counted on their way, not \(starting)")
            let mine = waiting.filter { $0.assignment.runtime == lane.offer.runtime }
            check(lane.waiting.count == mine.count, "those that wait are miscounted")
            check(lane.waiting.admittedCount == mine.count(where: \.isAdmitted), "the admitted are miscounted")
            let areIdle = lane.idle.allSatisfy {
                if case .idle = state.workers[$0].phase { state.workers[$0].lane == number } else { false }
            }
            check(areIdle && Set(lane.idle).count == lane.idle.count, "the idle ones are not idle")
            let isWanted = mine.contains { $0.isAdmitted && $0.assignment.isolation == .pool }
            check(!isWanted || lane.idle.isEmpty, "one is idle, and one waits for it")
        }
    }
}
