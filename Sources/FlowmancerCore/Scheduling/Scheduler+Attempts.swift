/// The attempts of tasks: from the wish to start to the end of the last one.
extension Scheduler {
    /// The next limited group around a task.
    func limit(of task: Int) -> Int? {
        let group = nodes[task].group
        return group < 0 ? nil : groups[Int(group)].limit
    }

    mutating func makeReady(_ task: Int, attempt: Int, _ actions: inout [SchedulerAction]) {
        nodes[task].phase = .ready(attempt: attempt)
        let amounts = amounts(of: task, attempt)
        if !amounts.isEmpty, let resource = admission.stock.lack(for: amounts) {
            return settle(task, as: .failed, attempt: attempt - 1, because: .notEnough(resource: resource), &actions)
        }
        admission.enqueue(readyAttempt(task, attempt), asking: amounts, within: limit(of: task))
    }

    /// What an attempt of a task asks for.
    private func amounts(of task: Int, _ attempt: Int) -> [ResourceAmount] {
        let known = demands.isEmpty ? nil : demands[task]
        return (known ?? traits[task].demand).amounts(of: counted(attempt, of: task))
    }

    /// Takes back what an attempt has that was handed out.
    mutating func release(_ task: Int, attempt: Int, _ admitted: Admission) {
        let amounts = amounts(of: task, attempt)
        admission.release(task, admitted, having: amounts, within: limit(of: task))
    }

    private func readyAttempt(_ task: Int, _ attempt: Int) -> ReadyAttempt {
        ReadyAttempt(task, attempt: attempt, priority: traits[task].priority, following: following(task))
    }

    /// Whether the end of an attempt that has a place may let a task go on that comes before an attempt that is ready. That
    /// would begin behind others, so it is not handed out ahead.
    func mayBeOvertaken(_ attempt: ReadyAttempt) -> Bool {
        admission.placed.contains { task in
            let next = dependents[task]
            let isAlone = next.isEmpty && nodes[task].group < 0
            if isAlone || !hasPriorities && following(task) <= attempt.following { return false }
            // To look at all of many would take too long, and members may end their group.
            guard next.count <= 16, nodes[task].group < 0 else { return true }
            return next.contains { nodes[$0].isWaiting && nodes[$0].tally.open == 1 && readyAttempt($0, 1) < attempt }
        }
    }

    mutating func markHeld(_ task: Int, _ actions: inout [SchedulerAction]) {
        guard case .handedOut(let attempt, let kind) = nodes[task].phase else {
            return cancelIfWithdrawn(task, &actions)
        }
        nodes[task].phase = .held(attempt: attempt, kind)
        if kind == .behindAnother { admission.noteHeld(task) }
    }

    mutating func markReturned(_ task: Int, _ actions: inout [SchedulerAction]) {
        guard case .held(let attempt, let kind) = nodes[task].phase else { return }
        guard abortStage.isCarriedOut else {
            nodes[task].phase = .handedOut(attempt: attempt, kind)
            if kind == .behindAnother { admission.noteReturned(task) }
            if !exhausted.isEmpty { mustWithdraw = true }
            return
        }
        release(task, attempt: attempt, kind)
        actions.append(.withdraw(task))
        settle(task, as: .aborted, attempt: attempt - 1, &actions)
    }

    /// - Returns: Whether the task was there to be started.
    @discardableResult
    mutating func markStarted(_ task: Int, _ actions: inout [SchedulerAction]) -> Bool {
        let (attempt, kind): (Int, Admission)
        switch nodes[task].phase {
        case .handedOut(let number, let admission), .held(let number, let admission):
            (attempt, kind) = (number, admission)
        default:
            return false
        }
        if kind == .behindAnother { admission.takeOver(task) }
        nodes[task].phase = .running(attempt: attempt)
        let transition = Transition(task: task, from: .pending, to: .running, attempt: attempt, reason: nil)
        actions.append(.transition(transition))
        if abortStage.isKilling { actions.append(.kill(task, .lateStart)) }
        if abortStage == .none, let limit = timeLimit(of: task) {
            actions.append(.wake(.limit(task, attempt: attempt), after: limit))
        }
        return true
    }

    mutating func markOverrun(_ task: Int, _ overran: Int, _ actions: inout [SchedulerAction]) {
        guard abortStage == .none, case .running(let attempt) = nodes[task].phase, attempt == overran,
            let limit = timeLimit(of: task)
        else { return }
        nodes[task].phase = .overrunning(attempt: attempt)
        actions.append(.cancel(task, .overrun(limit: limit)))
        if let grace = settings.grace {
            actions.append(.wake(.limitGrace(task, attempt: attempt), after: grace))
        }
    }

    mutating func markOverdue(_ task: Int, _ overran: Int, _ actions: inout [SchedulerAction]) {
        guard !abortStage.isKilling, case .overrunning(let attempt) = nodes[task].phase, attempt == overran,
            let limit = timeLimit(of: task), let grace = settings.grace
        else { return }
        nodes[task].phase = .overdue(attempt: attempt)
        actions.append(.kill(task, .overrun(limit: limit, grace: grace)))
    }

    mutating func markEnded(_ task: Int, _ outcome: AttemptOutcome, _ actions: inout [SchedulerAction]) {
        guard let (attempt, hasOverrun) = endAttempt(of: task, &actions) else { return }
        // However it says that it ended: it took too long. But an abort that came in between is the last word.
        switch hasOverrun ? overrunOutcome : outcome {
        case .succeeded:
            settle(task, as: .completed, attempt: attempt, &actions)
        case .aborted:
            settle(task, as: .aborted, attempt: attempt, &actions)
        case .failed(let failure):
            markFailed(task, attempt, failure, &actions)
        }
    }

    private var overrunOutcome: AttemptOutcome { abortStage.isCarriedOut ? .aborted : .failed(.timeout) }

    /// Takes back what the attempt under way has.
    ///
    /// - Returns: Its number, and whether it exceeded its time limit.
    private mutating func endAttempt(
        of task: Int,
        _ actions: inout [SchedulerAction]
    ) -> (attempt: Int, hasOverrun: Bool)? {
        markStarted(task, &actions)
        switch nodes[task].phase {
        case .running(let attempt):
            if timeLimit(of: task) != nil { actions.append(.forget(.limit(task, attempt: attempt))) }
            release(task, attempt: attempt, .now)
            return (attempt, false)
        case .overrunning(let attempt), .overdue(let attempt):
            actions.append(.forget(.limitGrace(task, attempt: attempt)))
            release(task, attempt: attempt, .now)
            return (attempt, true)
        default:
            return nil
        }
    }

    /// The attempt under way was lost, which does not count as an attempt until that happened too often.
    mutating func markLost(_ task: Int, _ reason: String, _ actions: inout [SchedulerAction]) {
        guard let (attempt, hasOverrun) = endAttempt(of: task, &actions) else { return }
        // It was told to end, and it has.
        guard !abortStage.isCarriedOut else { return settle(task, as: .aborted, attempt: attempt, &actions) }
        guard abortStage == .none, !hasOverrun, hasLosses(task) else {
            return markFailed(task, attempt, hasOverrun ? .timeout : .crash(signal: nil), &actions)
        }
        losses[task, default: 0] += 1
        let why = StateReason.lost(reason)
        actions.append(.transition(Transition(task: task, from: .running, to: .pending, attempt: attempt, reason: why)))
        makeReady(task, attempt: attempt + 1, &actions)
    }

    /// Whether a further attempt of a task may be lost without counting.
    func hasLosses(_ task: Int) -> Bool { losses[task, default: 0] < traits[task].policy.maxLosses }

    /// The number of an attempt among those that count.
    package func counted(_ attempt: Int, of task: Int) -> Int {
        losses.isEmpty ? attempt : attempt - losses[task, default: 0]
    }

    private mutating func markFailed(
        _ task: Int,
        _ attempt: Int,
        _ failure: FailureKind,
        _ actions: inout [SchedulerAction]
    ) {
        let hasAttempts = hasAttempts(task, after: attempt)
        let refusal = hasAttempts ? traits[task].policy.refusal(after: failure) : nil
        guard hasAttempts, refusal == nil else {
            let reason = refusal.map(StateReason.notRetried)
            return settle(task, as: .failed, attempt: attempt, because: reason, &actions)
        }
        let transition = Transition(task: task, from: .running, to: .pending, attempt: attempt, reason: nil)
        actions.append(.transition(transition))
        backOff(task, after: attempt, &actions)
    }

    /// Whether a task may have further attempts, as far as their number is concerned.
    func hasAttempts(_ task: Int, after attempt: Int) -> Bool {
        abortStage == .none && counted(attempt, of: task) < traits[task].policy.maxAttempts
    }

    private mutating func backOff(_ task: Int, after attempt: Int, _ actions: inout [SchedulerAction]) {
        let pause = traits[task].policy.backoff.pause(after: counted(attempt, of: task))
        if pause == .fixed(.zero) { return makeReady(task, attempt: attempt + 1, &actions) }
        nodes[task].phase = .backingOff(attempt: attempt + 1)
        switch pause {
        case .fixed(let duration): actions.append(.wake(.backoff(task), after: duration))
        case .random: actions.append(.wakeAtRandom(.backoff(task), pause))
        }
    }

    mutating func retry(_ task: Int, _ actions: inout [SchedulerAction]) {
        guard case .backingOff(let attempt) = nodes[task].phase else { return }
        makeReady(task, attempt: attempt, &actions)
    }
}
