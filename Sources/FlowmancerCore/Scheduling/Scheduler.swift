/// Decides what a run does next.
///
/// A pure value: events go in, actions come out; it does no I/O, knows no clock and starts nothing. The same events
/// give the same actions. All decisions about order, retries, propagation of failures and aborts are made here.
package struct Scheduler: Sendable {
    private let graph: TaskGraph
    private let policies: [RetryPolicy]
    private let capacity: Int
    private var phases: [Phase]
    private var ready = ReadyQueue()
    /// Tasks that were handed to a worker, or wait for one.
    private var occupied = 0
    private var unfinished: Int
    private var stage = Stage.new

    /// What a run is doing as a whole.
    private enum Stage {
        case new, running, aborting, finished
    }

    /// Where one task stands.
    private enum Phase {
        /// Waits for this many dependencies.
        case waiting(open: Int)
        /// Could start, but the limit is reached.
        case ready(attempt: Int)
        /// Was handed out to be started.
        case dispatched(attempt: Int)
        /// A worker has it, but executes another task before.
        case held(attempt: Int)
        /// A worker executes it.
        case running(attempt: Int)
        /// A worker executes it, and was told to end it, since it took longer than its time limit.
        case overrunning(attempt: Int)
        /// Waits for the end of its back-off.
        case backingOff(attempt: Int)
        case final(ExecutionState)
    }

    /// Creates a scheduler; the first event must be ``SchedulerEvent/begin``.
    ///
    /// - Parameters:
    ///   - graph: The tasks and their order.
    ///   - policies: For each task how often and in what rhythm it is tried.
    ///   - origins: For each task what is known of it beforehand.
    ///   - limit: How many tasks may be under way at once; unlimited if 0 or less.
    ///   - lookahead: How many more are handed out, so that there is always one to go on with. Whoever executes them keeps to
    ///     the limit.
    package init(
        graph: TaskGraph,
        policies: [RetryPolicy],
        origins: [TaskOrigin],
        limit: Int,
        lookahead: Int = 0
    ) {
        self.graph = graph
        self.policies = policies
        let (sum, isTooLarge) = limit.addingReportingOverflow(lookahead)
        capacity = limit <= 0 || isTooLarge ? .max : sum
        phases = origins.indices.map { task in
            switch origins[task] {
            case .fresh: .waiting(open: graph.dependencies[task].count)
            case .completed: .final(.completed)
            case .skipped: .final(.skipped)
            }
        }
        unfinished = graph.count
    }

    /// The state of a task.
    package func state(of task: Int) -> ExecutionState {
        if case .new = stage { return .initial }
        switch phases[task] {
        case .waiting, .ready, .dispatched, .held, .backingOff: return .pending
        case .running, .overrunning: return .running
        case .final(let state): return state
        }
    }

    /// The attempt of a task that a worker holds.
    package func heldAttempt(of task: Int) -> Int? {
        if case .held(let attempt) = phases[task] { attempt } else { nil }
    }

    /// Takes in an event.
    ///
    /// - Returns: What to do about it, in this order.
    package mutating func handle(_ event: SchedulerEvent) -> [SchedulerAction] {
        var actions: [SchedulerAction] = []
        handle(event, &actions)
        return actions
    }

    /// Takes in an event and appends what to do about it.
    package mutating func handle(_ event: SchedulerEvent, _ actions: inout [SchedulerAction]) {
        switch event {
        case .begin: begin(&actions)
        case .held(let task): markHeld(task, &actions)
        case .returned(let task): markReturned(task, &actions)
        case .started(let task): if !markStarted(task, &actions) { cancelIfWithdrawn(task, &actions) }
        case .ended(let task, let outcome): markEnded(task, outcome, &actions)
        case .backoffElapsed(let task): retry(task)
        case .overran(let task, let attempt): markOverrun(task, attempt, &actions)
        case .abort: abort(&actions)
        }
        dispatch(&actions)
        if unfinished == 0, stage != .finished {
            stage = .finished
            actions.append(.finish)
        }
    }

    // MARK: Events

    private mutating func begin(_ actions: inout [SchedulerAction]) {
        guard case .new = stage else { return }
        stage = .running
        for task in phases.indices {
            let isCompleted = if case .final(.completed) = phases[task] { true } else { false }
            actions.append(.transition(task, from: .initial, to: isCompleted ? .completed : .pending, attempt: 0))
        }
        for task in phases.indices {
            guard case .final(let state) = phases[task] else { continue }
            unfinished -= 1
            if state == .skipped {
                actions.append(.transition(task, from: .pending, to: .skipped, attempt: 0))
            }
        }
        for task in phases.indices {
            switch phases[task] {
            case .final: satisfyDependents(of: task)
            case .waiting(open: 0) where graph.dependencies[task].isEmpty: makeReady(task, attempt: 1)
            default: break
            }
        }
    }

    private mutating func markHeld(_ task: Int, _ actions: inout [SchedulerAction]) {
        guard case .dispatched(let attempt) = phases[task] else { return cancelIfWithdrawn(task, &actions) }
        phases[task] = .held(attempt: attempt)
    }

    /// A worker may have been given a task before it was known to be withdrawn.
    private func cancelIfWithdrawn(_ task: Int, _ actions: inout [SchedulerAction]) {
        guard stage == .aborting, case .final(.aborted) = phases[task] else { return }
        actions.append(.cancel(task, .abort))
    }

    private mutating func markReturned(_ task: Int, _ actions: inout [SchedulerAction]) {
        guard case .held(let attempt) = phases[task] else { return }
        guard stage == .aborting else { return phases[task] = .dispatched(attempt: attempt) }
        occupied -= 1
        actions.append(.withdraw(task))
        settle(task, as: .aborted, from: .pending, attempt: attempt - 1, &actions)
    }

    /// - Returns: Whether the task was there to be started.
    @discardableResult
    private mutating func markStarted(_ task: Int, _ actions: inout [SchedulerAction]) -> Bool {
        let attempt: Int
        switch phases[task] {
        case .dispatched(let number), .held(let number): attempt = number
        default: return false
        }
        phases[task] = .running(attempt: attempt)
        actions.append(.transition(task, from: .pending, to: .running, attempt: attempt))
        if case .limited(let limit) = policies[task].timeout {
            actions.append(.limit(task, attempt: attempt, to: limit))
        }
        return true
    }

    private mutating func markOverrun(_ task: Int, _ overran: Int, _ actions: inout [SchedulerAction]) {
        guard stage == .running, case .running(let attempt) = phases[task], attempt == overran,
            case .limited(let limit) = policies[task].timeout
        else { return }
        phases[task] = .overrunning(attempt: attempt)
        actions.append(.cancel(task, .overrun(limit: limit)))
    }

    private mutating func markEnded(_ task: Int, _ outcome: AttemptOutcome, _ actions: inout [SchedulerAction]) {
        markStarted(task, &actions)
        let attempt: Int
        var outcome = outcome
        switch phases[task] {
        case .running(let number):
            attempt = number
        case .overrunning(let number):
            // However it says that it ended: it took too long. But an abort that came in between is the last word.
            (attempt, outcome) = (number, stage == .aborting ? .aborted : .failed)
        default:
            return
        }
        occupied -= 1
        switch outcome {
        case .succeeded:
            settle(task, as: .completed, from: .running, attempt: attempt, &actions)
            satisfyDependents(of: task)
        case .failed where attempt < policies[task].maxAttempts && stage == .running:
            actions.append(.transition(task, from: .running, to: .pending, attempt: attempt))
            if policies[task].backoff > .zero {
                phases[task] = .backingOff(attempt: attempt + 1)
                actions.append(.backOff(task, for: policies[task].backoff))
            } else {
                makeReady(task, attempt: attempt + 1)
            }
        case .failed:
            settle(task, as: .failed, from: .running, attempt: attempt, &actions)
            defaultDependents(of: task, &actions)
        case .aborted:
            settle(task, as: .aborted, from: .running, attempt: attempt, &actions)
            // Outside of an abort nothing else would settle the tasks that wait for this one.
            defaultDependents(of: task, &actions)
        }
    }

    private mutating func retry(_ task: Int) {
        guard case .backingOff(let attempt) = phases[task] else { return }
        makeReady(task, attempt: attempt)
    }

    private mutating func abort(_ actions: inout [SchedulerAction]) {
        guard stage == .running else { return }
        stage = .aborting
        for task in phases.indices {
            switch phases[task] {
            case .waiting:
                settle(task, as: .aborted, from: .pending, attempt: 0, &actions)
            case .ready(let attempt), .backingOff(let attempt):
                settle(task, as: .aborted, from: .pending, attempt: attempt - 1, &actions)
            case .dispatched(let attempt):
                occupied -= 1
                actions.append(.withdraw(task))
                settle(task, as: .aborted, from: .pending, attempt: attempt - 1, &actions)
            case .running, .held:
                actions.append(.cancel(task, .abort))
            case .overrunning, .final:
                break
            }
        }
        ready.removeAll()
    }

    // MARK: Steps

    private mutating func settle(
        _ task: Int,
        as state: ExecutionState,
        from previous: ExecutionState,
        attempt: Int,
        _ actions: inout [SchedulerAction]
    ) {
        phases[task] = .final(state)
        unfinished -= 1
        actions.append(.transition(task, from: previous, to: state, attempt: attempt))
    }

    private mutating func satisfyDependents(of task: Int) {
        for dependent in graph.dependents[task] {
            guard case .waiting(let open) = phases[dependent] else { continue }
            if open == 1 {
                makeReady(dependent, attempt: 1)
            } else {
                phases[dependent] = .waiting(open: open - 1)
            }
        }
    }

    private mutating func defaultDependents(of task: Int, _ actions: inout [SchedulerAction]) {
        var open = [task]
        var next = 0
        while next < open.count {
            for dependent in graph.dependents[open[next]] {
                guard case .waiting = phases[dependent] else { continue }
                settle(dependent, as: .defaulted, from: .pending, attempt: 0, &actions)
                open.append(dependent)
            }
            next += 1
        }
    }

    private mutating func makeReady(_ task: Int, attempt: Int) {
        phases[task] = .ready(attempt: attempt)
        ready.append(task)
    }

    private mutating func dispatch(_ actions: inout [SchedulerAction]) {
        guard stage == .running else { return }
        while occupied < capacity, let task = ready.popFirst() {
            guard case .ready(let attempt) = phases[task] else { continue }
            occupied += 1
            phases[task] = .dispatched(attempt: attempt)
            actions.append(.start(task, attempt: attempt))
        }
    }
}
