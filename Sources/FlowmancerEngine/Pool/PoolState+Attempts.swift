import FlowmancerCore

/// What becomes of attempts.
extension PoolState {
    // MARK: The run

    mutating func submit(_ assignment: Assignment, _ admission: Admission) {
        if assignment.task >= places.count {
            places += repeatElement(.nowhere, count: assignment.task + 1 - places.count)
        }
        wait(assignment, admission)
        assignWaiting()
    }

    /// - Parameter isFirst: Whether it had left its line already.
    private mutating func wait(_ assignment: Assignment, _ admission: Admission, isFirst: Bool = false) {
        guard let lane = lanes.firstIndex(where: { $0.offer.runtime == assignment.runtime }) else {
            return actions.append(.ended(assignment, .unsupported))
        }
        let line = WaitingAttempts.Line(assignment.isolation, admission)
        lanes[lane].waiting.add(assignment, to: line, isFirst: isFirst)
        places[assignment.task] = .waiting(lane: UInt8(lane), line)
    }

    mutating func admit(_ task: Int) {
        switch place(of: task) {
        case .waiting(let lane, let line):
            places[task] = .waiting(lane: lane, lanes[Int(lane)].waiting.admit(task: task, in: line))
            assignWaiting()
        case .held(let worker):
            workers[Int(worker)].held?.admission = .now
        case .executed, .nowhere:
            break
        }
    }

    mutating func withdraw(_ task: Int) {
        guard case .waiting(let lane, let line) = place(of: task) else { return }
        lanes[Int(lane)].waiting.remove(task: task, from: line)
        places[task] = .nowhere
    }

    mutating func cancel(_ task: Int, _ patience: Duration) {
        switch place(of: task) {
        case .held(let worker):
            // It may begin before the worker hears of this.
            workers[Int(worker)].held?.cancellation = patience
            recall(from: Int(worker))
        case .executed(let worker):
            guard case .busy(let assignment) = workers[Int(worker)].phase else { return }
            workers[Int(worker)].cancellation = patience
            actions.append(.cancel(Int(worker), assignment, patience: patience))
        case .waiting, .nowhere:
            break
        }
    }

    mutating func kill(_ task: Int, _ remark: String) {
        guard let worker = executor(of: task), case .busy(let assignment) = workers[worker].phase else { return }
        retire(worker, (assignment, AttemptReport(outcome: .aborted, remarks: [(.error, remark)])))
    }

    // MARK: Assigning

    mutating func assignWaiting() {
        var isWaiting = false
        for lane in lanes.indices where lanes[lane].waiting.count > 0 {
            giveWaiting(in: lane)
            guard lanes[lane].waiting.count > 0 else { continue }
            isWaiting = true
            if scarcity == nil {
                let (wanted, starting, total) = (wanted(in: lane), lanes[lane].starting, lanes[lane].total)
                let count = lanes[lane].demand.immediate(waiting: wanted, starting: starting, total: total)
                for _ in 0..<count { plan(in: lane) }
            }
            // An idle worker that is of no use to an attempt that needs a fresh one must not keep it waiting.
            if lanes[lane].waiting.admittedCount > 0, lanes[lane].starting == 0, let used = lanes[lane].idle.last {
                retire(used, nil)
            }
            holdWaiting(in: lane)
        }
        if isWaiting { watch() }
    }

    private mutating func giveWaiting(in lane: Int) {
        // A fresh worker is for an attempt that needs one, before it is for others.
        while lanes[lane].waiting[.isolated] > 0, let fresh = lanes[lane].idle.last(where: { !workers[$0].isUsed }),
            let assignment = lanes[lane].waiting.popFirst(.isolated)
        {
            give(assignment, to: fresh)
        }
        while let worker = lanes[lane].idle.last, let assignment = lanes[lane].waiting.popFirst(.pooled) {
            give(assignment, to: worker)
        }
    }

    private mutating func give(_ assignment: Assignment, to worker: Int) {
        begin(assignment, on: worker)
        actions.append(.give(worker, assignment))
    }

    private mutating func begin(_ assignment: Assignment, on worker: Int) {
        enter(.busy(assignment), worker)
        places[assignment.task] = .executed(by: Int32(worker))
        workers[worker].isUsed = true
        workers[worker].began = now
        workers[worker].cancellation = nil
        if workers[worker].isQuick, workers[worker].canHold, !workers[worker].isCandidate {
            workers[worker].isCandidate = true
            lanes[workers[worker].lane].candidates.append(worker)
        }
    }

    /// An attempt cannot be sent to its worker.
    mutating func refuse(_ assignment: Assignment, _ worker: Int, _ reason: String) {
        if let held = workers[worker].held, held.assignment == assignment {
            // That is its own failure, not that of the attempt before: it gets a turn of its own.
            leave(held, on: worker)
            wait(assignment, held.admission, isFirst: true)
        } else {
            finish(worker, assignment, .tooLarge(reason))
        }
    }

    // MARK: Holding

    /// Gives attempts that wait to workers that will soon be done with another one, so that these have something to do
    /// while the engine hears of that.
    private mutating func holdWaiting(in lane: Int) {
        while lanes[lane].waiting.count > 0, let worker = lanes[lane].candidates.popLast() {
            guard workers[worker].isCandidate else { continue }
            workers[worker].isCandidate = false
            guard isBusy(worker), workers[worker].canHold, now - workers[worker].began < PoolWorker.quick else {
                continue
            }
            guard let (assignment, admission) = lanes[lane].waiting.popFirstToHold() else {
                workers[worker].isCandidate = true
                return lanes[lane].candidates.append(worker)
            }
            workers[worker].held = .init(assignment: assignment, admission: admission)
            holders += 1
            places[assignment.task] = .held(by: Int32(worker))
            actions.append(.hold(worker, assignment))
        }
    }

    mutating func recall(from worker: Int) {
        guard let held = workers[worker].held, !held.isRecalled else { return }
        workers[worker].held?.isRecalled = true
        actions.append(.recall(worker, held.assignment))
    }

    mutating func noteReturn(of attempt: UInt64, _ worker: Int) {
        // One that it was not asked for, or has begun, is no news of an attempt that it holds.
        if workers[worker].held?.assignment.id == attempt { takeBack(from: worker) }
        assignWaiting()
    }

    /// The attempt that a worker held was not begun.
    mutating func takeBack(from worker: Int) {
        guard let held = workers[worker].held else { return }
        leave(held, on: worker)
        actions.append(.returned(held.assignment))
        // The run does not want it any more.
        if held.cancellation == nil { wait(held.assignment, held.admission, isFirst: true) }
    }

    private mutating func leave(_ held: PoolWorker.Held, on worker: Int) {
        workers[worker].held = nil
        holders -= 1
        places[held.assignment.task] = .nowhere
    }

    private mutating func beginHeld(_ held: PoolWorker.Held, on worker: Int) {
        leave(held, on: worker)
        begin(held.assignment, on: worker)
        actions.append(.beginHeld(worker, held.assignment))
        if let patience = held.cancellation { cancel(held.assignment.task, patience) }
    }

    // MARK: Ends

    mutating func noteEnd(_ end: AttemptEnd, _ worker: Int) {
        guard case .busy(let assignment) = workers[worker].phase, end.attempt == assignment.id else {
            return distrust(worker, "it reported the end of an attempt that it did not have")
        }
        let isAborted = end.outcome == .aborted && workers[worker].cancellation == nil
        var report = AttemptReport(outcome: isAborted ? .failed(.error) : end.outcome, outputs: end.outputs)
        // A worker that says something behind its report is no place for another attempt, unless it is of that attempt.
        let isAlone = workers[worker].held == nil
        let isTalkative = isAlone && end.isFollowed
        let isHaunted = isAlone && workers[worker].isHaunted
        if assignment.isolation == .process, !end.hasLeftovers, !isTalkative {
            // It ends by itself.
            enter(.retiring((assignment, report)), worker)
            limit(worker, to: Self.farewell)
        } else if end.hasLeftovers || end.hasLeftThreads || isHaunted || isTalkative {
            if end.hasLeftovers { report.noteLeftovers() }
            retire(worker, (assignment, report))
        } else {
            finish(worker, assignment, report)
        }
    }

    /// The worker goes on with the next attempt.
    private mutating func finish(_ worker: Int, _ assignment: Assignment, _ report: AttemptReport) {
        workers[worker].isQuick = now - workers[worker].began < PoolWorker.quick
        conclude(assignment, report, worker)
        if let held = workers[worker].held { beginHeld(held, on: worker) } else { enter(.idle, worker) }
        assignWaiting()
    }

    mutating func conclude(_ assignment: Assignment, _ report: AttemptReport, _ worker: Int) {
        lanes[workers[worker].lane].endedInInterval += 1
        places[assignment.task] = .nowhere
        actions.append(.ended(assignment, report))
    }
}
