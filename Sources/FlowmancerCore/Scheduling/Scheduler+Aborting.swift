/// How a run ends early: what runs is cancelled, and killed after a grace period or at the second request.
extension Scheduler {
    /// How far an abort has come.
    enum AbortStage: Sendable, Equatable {
        case none
        /// It was requested, and is carried out at the end of the turn.
        case requested
        /// Nothing starts any more, and what runs is cancelled. The grace period begins with the first cancellation.
        case cancelling(isGraceRunning: Bool)
        /// What runs is killed.
        case killing(isCarriedOut: Bool)

        /// Whether what had not begun was given up.
        var isCarriedOut: Bool {
            switch self {
            case .none, .requested: false
            case .cancelling: true
            case .killing(let isCarriedOut): isCarriedOut
            }
        }

        var isKilling: Bool { if case .killing = self { true } else { false } }
    }

    mutating func requestAbort(_ actions: inout [SchedulerAction]) {
        guard stage != .finished else { return }
        switch abortStage {
        case .none:
            abortStage = .requested
            actions.append(.announce(.aborting, running: running))
        case .requested, .cancelling:
            actions.append(.announce(.killing, running: running))
            if case .cancelling(isGraceRunning: true) = abortStage { actions.append(.forget(.abortGrace)) }
            killAll(.request, &actions)
        case .killing:
            break
        }
    }

    /// The run takes too long: it ends as if somebody had asked for it.
    mutating func endRunTime(_ actions: inout [SchedulerAction]) {
        guard stage == .running, abortStage == .none, let limit = settings.timeout else { return }
        isOverdue = true
        abortStage = .requested
        actions.append(.announce(.timeLimit(limit), running: running))
    }

    mutating func endAbortGrace(_ actions: inout [SchedulerAction]) {
        guard case .cancelling(isGraceRunning: true) = abortStage, let grace = settings.grace else { return }
        killAll(.abortGrace(grace), &actions)
    }

    private mutating func killAll(_ reason: KillReason, _ actions: inout [SchedulerAction]) {
        abortStage = .killing(isCarriedOut: abortStage.isCarriedOut)
        for task in nodes.indices {
            switch nodes[task].phase {
            case .running, .overrunning: actions.append(.kill(task, reason))
            default: break
            }
        }
    }

    /// The tasks that run, in their order.
    private var running: [Int] { nodes.indices.filter { nodes[$0].state == .running } }

    /// Gives up what has not begun, and cancels what runs.
    mutating func carryOutAbort(_ actions: inout [SchedulerAction]) {
        switch abortStage {
        case .requested: abortStage = .cancelling(isGraceRunning: false)
        case .killing(isCarriedOut: false): abortStage = .killing(isCarriedOut: true)
        case .none, .cancelling, .killing: return
        }
        for task in nodes.indices {
            switch nodes[task].phase {
            case .waiting, .preparing:
                settle(task, as: .aborted, &actions)
            case .ready(let attempt):
                settle(task, as: .aborted, attempt: attempt - 1, &actions)
            case .backingOff(let attempt):
                actions.append(.forget(.backoff(task)))
                settle(task, as: .aborted, attempt: attempt - 1, &actions)
            case .handedOut(let attempt, let kind):
                release(task, attempt: attempt, kind)
                actions.append(.withdraw(task))
                settle(task, as: .aborted, attempt: attempt - 1, &actions)
            case .running where abortStage.isKilling:
                break
            case .running, .held:
                cancel(task, &actions)
            case .known, .gathering, .overrunning, .overdue, .final:
                break
            }
        }
        admission.withdrawAll()
        spreadNews(&actions)
    }

    /// A worker may have been given a task before it was known to be withdrawn.
    mutating func cancelIfWithdrawn(_ task: Int, _ actions: inout [SchedulerAction]) {
        guard stage == .running else { return }
        switch nodes[task].phase {
        case .final(.aborted) where abortStage.isCarriedOut, .final(.defaulted): cancel(task, &actions)
        default: break
        }
    }

    private mutating func cancel(_ task: Int, _ actions: inout [SchedulerAction]) {
        actions.append(.cancel(task, .abort))
        guard case .cancelling(isGraceRunning: false) = abortStage, let grace = settings.grace else { return }
        abortStage = .cancelling(isGraceRunning: true)
        actions.append(.wake(.abortGrace, after: grace))
    }
}
