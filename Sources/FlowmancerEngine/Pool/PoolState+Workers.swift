import FlowmancerCore
import FlowmancerSystem

/// How workers come and go.
extension PoolState {
    // MARK: Coming

    /// The source was asked for a worker.
    mutating func limitStart(of worker: Int, _ actions: inout [PoolAction]) {
        guard isPlanned(worker) else { return }
        enter(.requested, worker, &actions)
        limit(worker, to: lanes[workers[worker].lane].offer.startLimit, &actions)
    }

    /// A worker is ready.
    mutating func welcome(_ worker: Int, _ actions: inout [PoolAction]) {
        guard workers[worker].phase.isStarting else { return distrust(worker, "it said hello again", &actions) }
        stillborn = 0
        stillbornOutput = []
        losses = 0
        scarcity = nil
        becomeIdle(worker, &actions)
        assignWaiting(&actions)
    }

    mutating func noteRefusal(of worker: Int, _ error: SystemError, _ actions: inout [PoolAction]) {
        if isPlanned(worker) {
            // While the system gives no more, one at a time is asked for.
            for other in workers.indices where isPlanned(other) { vacate(other, &actions) }
            note(error, workers: total, &actions)
        } else {
            vacate(worker, &actions)
            // The answers to later requests are still on their way.
            note(error, workers: workers.count(where: \.phase.exists), &actions)
        }
    }

    /// The system refused something that a worker needs.
    mutating func note(_ error: SystemError, workers count: Int, _ actions: inout [PoolAction]) {
        if error.reason.isTransient {
            note("\(error)", workers: count, &actions)
        } else {
            actions.append(.fail("The worker processes could not be started: \(error)."))
        }
    }

    /// There will be no more workers for a while.
    private mutating func note(_ reason: String, workers count: Int, _ actions: inout [PoolAction]) {
        if scarcity == nil {
            scarcity = WorkerScarcity(now: now, hasWorkers: total > 0)
        } else {
            scarcity?.noteRefusal(now: now, hasWorkers: total > 0)
        }
        if scarcity?.isHopeless(now: now) == true {
            let time = WorkerScarcity.patience.text
            return actions.append(.fail("No worker process could be started for \(time): \(reason)."))
        }
        if lastNotice?.reason != reason || lastNotice.map({ now - $0.time > Self.noticeInterval }) == true {
            lastNotice = (reason, now)
            actions.append(.reachedLimit(reason, workers: count))
        }
        watch(&actions)
    }

    // MARK: Demand

    /// How many of the attempts that wait could begin if there were enough workers. Fresh ones are made ready
    /// beforehand: an attempt that needs one should not wait for it.
    func wanted(in lane: Int) -> Int {
        let isolated = lanes[lane].waiting.isolatedCount
        guard isolated > 0 else { return lanes[lane].waiting[.pooled] }
        return max(0, isolated + lanes[lane].waiting[.pooled] - lanes[lane].idle.count { !workers[$0].isUsed })
    }

    /// Has the demand looked at again and again while attempts wait.
    mutating func watch(_ actions: inout [PoolAction]) {
        guard !isWatching else { return }
        isWatching = true
        endedInInterval = 0
        actions.append(.watch)
    }

    mutating func elapse(_ load: Double, _ actions: inout [PoolAction]) {
        isWatching = false
        if holders > 0 {
            for worker in workers.indices where now - workers[worker].began > Self.holdingTime {
                recall(from: worker, &actions)
            }
        }
        guard holders > 0 || lanes.contains(where: { $0.waiting.count > 0 }) else { return }
        grow(load, &actions)
        watch(&actions)
    }

    private mutating func grow(_ load: Double, _ actions: inout [PoolAction]) {
        let starting = lanes.reduce(0) { $0 + $1.starting }
        var count: Int
        if let scarcity {
            // The pool goes on with what it has, and sees from time to time whether there is more.
            count = scarcity.isDue(now: now) && starting == 0 ? 1 : 0
        } else {
            let waiting = lanes.indices.reduce(0) { $0 + wanted(in: $1) }
            count = demand.growth(
                .init(waiting: waiting, starting: starting, total: total, ended: endedInInterval, load: load)
            )
        }
        for lane in lanes.indices {
            if lanes[lane].offer.isLight, scarcity == nil { count *= WorkerDemand.lightPace }
            while count > 0, wanted(in: lane) > lanes[lane].starting {
                plan(in: lane, &actions)
                count -= 1
            }
        }
    }

    // MARK: Going

    /// Takes note of what a worker wrote that may never be ready.
    mutating func noteStillbornOutput(_ line: [UInt8]) {
        stillbornOutput = Array((stillbornOutput + line + [UInt8(ascii: "\n")]).suffix(Self.shownOutput))
    }

    /// Takes note of a worker that never got ready.
    private mutating func noteStillborn(_ remark: String, _ actions: inout [PoolAction]) {
        // Where others run or start, the system may have no room for another. Only one that was alone tells for sure.
        let others = workers.count(where: \.phase.isInUse)
        if others == 0 { stillborn += 1 }
        guard stillborn >= Self.patience else { return note("a new one \(remark)", workers: others, &actions) }
        let output = String(decoding: stillbornOutput, as: UTF8.self)
        actions.append(
            .fail(
                "A worker process \(remark), \(stillborn) times in a row. A worker is another process of this program. "
                    + "It must reach FlowmancerApp.main() or JobRunner.run() before it does anything else."
                    + (output.isEmpty ? "" : " It wrote: \(output)")
            )
        )
    }

    /// A worker that does not keep to the protocol is ended, and its attempt has failed.
    mutating func distrust(_ worker: Int, _ reason: String, _ actions: inout [PoolAction]) {
        switch workers[worker].phase {
        case .planned, .requested, .starting:
            noteStillbornOutput(Array("The worker process was ended because \(reason).".utf8))
            actions.append(.kill(worker))
        case .busy(let assignment):
            retire(worker, .init(assignment: assignment, report: .distrusted(reason)), &actions)
        case .idle:
            retire(worker, nil, &actions)
        case .retiring, .vacant:
            break
        }
    }

    /// What an earlier attempt left behind must not go on beside others.
    mutating func haunt(_ worker: Int, _ actions: inout [PoolAction]) {
        workers[worker].isHaunted = true
        guard case .idle = workers[worker].phase else { return }
        retire(worker, nil, &actions)
        assignWaiting(&actions)
    }

    /// A worker was in its phase for too long.
    mutating func end(overdue worker: Int, _ actions: inout [PoolAction]) {
        workers[worker].isLimited = false
        switch workers[worker].phase {
        case .requested, .starting:
            retire(worker, nil, &actions)
            noteStillborn("was not ready within \(lanes[workers[worker].lane].offer.startLimit.text)", &actions)
        case .retiring:
            actions.append(.kill(worker))
        case .vacant, .planned, .idle, .busy:
            break
        }
    }

    /// A worker is gone.
    mutating func bury(_ worker: Int, _ end: WorkerEnd, _ actions: inout [PoolAction]) {
        let (phase, outcome) = (workers[worker].phase, workers[worker].outcome)
        vacate(worker, &actions)
        scarcity?.noteRoom(now: now)
        switch phase {
        case .planned, .requested, .starting:
            noteStillborn("\(end.process.explained) before it was ready", &actions)
        case .busy(let assignment):
            conclude(assignment, .died(outcome, end), &actions)
        case .retiring(let ending?):
            conclude(ending.assignment, ending.report, &actions)
        case .retiring(nil), .idle, .vacant:
            break
        }
        // It may just have begun there; nothing that it did was taken in.
        takeBack(from: worker, &actions)
        assignWaiting(&actions)
    }

    /// All workers are lost; their ends are told next.
    mutating func lose(_ end: ProcessEnd, _ actions: inout [PoolAction]) {
        losses += 1
        guard losses < Self.patience else {
            return actions.append(.fail("The process that starts workers \(end.explained), \(losses) times in a row."))
        }
        actions.append(.lostWorkers(end))
        for worker in workers.indices {
            switch workers[worker].phase {
            case .busy(let assignment):
                let report = AttemptReport.lost(workers[worker].outcome, end)
                enter(.retiring(.init(assignment: assignment, report: report)), worker, &actions)
            case .planned, .requested, .starting, .idle:
                // That it was never ready says nothing about the program.
                enter(.retiring(nil), worker, &actions)
            case .retiring, .vacant:
                break
            }
        }
        assignWaiting(&actions)
    }
}
