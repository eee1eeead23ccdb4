import FlowmancerCore
import FlowmancerSystem

/// How workers come and go.
extension PoolState {
    // MARK: Coming

    /// The source was asked for a worker.
    mutating func noteRequest(of worker: Int) {
        guard isPlanned(worker) else { return }
        enter(.requested, worker)
        limit(worker, to: lanes[workers[worker].lane].offer.startLimit)
    }

    mutating func noteStart(of worker: Int) {
        if case .requested = workers[worker].phase { enter(.starting, worker) }
    }

    /// A worker is ready.
    mutating func welcome(_ worker: Int) {
        guard workers[worker].phase.isStarting else { return distrust(worker, "it said hello again") }
        if !lanes[workers[worker].lane].offer.isLight {
            // That a light one is there says nothing about the program.
            stillborn = 0
            stillbornOutput = []
            losses = 0
        }
        scarcity = nil
        enter(.idle, worker)
        assignWaiting()
    }

    mutating func noteRefusal(of worker: Int, _ error: SystemError) {
        if isPlanned(worker) {
            // While the system gives no more, one at a time is asked for.
            for other in workers.indices where isPlanned(other) { vacate(other) }
            note(error, workers: total)
        } else {
            vacate(worker)
            // The answers to later requests are still on their way.
            note(error, workers: workers.count(where: \.phase.exists))
        }
    }

    /// The system refused something that a worker needs.
    mutating func note(_ error: SystemError, workers count: Int) {
        if error.reason.isTransient {
            note("\(error)", workers: count)
        } else {
            actions.append(.fail("The worker processes could not be started: \(error)."))
        }
    }

    /// There will be no more workers for a while.
    private mutating func note(_ reason: String, workers count: Int) {
        let hasWorkers = total > 0
        if scarcity == nil {
            scarcity = WorkerScarcity(now: now, hasWorkers: hasWorkers)
        } else {
            scarcity?.noteRefusal(now: now, hasWorkers: hasWorkers)
        }
        if scarcity?.isHopeless(now: now) == true {
            let time = WorkerScarcity.patience.text
            return actions.append(.fail("No worker process could be started for \(time): \(reason)."))
        }
        if lastNotice?.reason != reason || lastNotice.map({ now - $0.time > Self.noticeInterval }) == true {
            lastNotice = (reason, now)
            actions.append(.reachedLimit(reason, workers: count))
        }
        watch()
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
    mutating func watch() {
        guard !isWatching else { return }
        isWatching = true
        for lane in lanes.indices { lanes[lane].endedInInterval = 0 }
        actions.append(.watch)
    }

    mutating func elapse(_ load: Double) {
        isWatching = false
        if holders > 0 {
            for worker in workers.indices where now - workers[worker].began > Self.holdingTime { recall(from: worker) }
        }
        guard holders > 0 || lanes.contains(where: { $0.waiting.count > 0 }) else { return }
        grow(load)
        watch()
    }

    private mutating func grow(_ load: Double) {
        if let scarcity {
            // The pool goes on with what it has, and sees from time to time whether there is more.
            if scarcity.isDue(now: now), lanes.allSatisfy({ $0.starting == 0 }) { tryOne() }
            return
        }
        for lane in lanes.indices {
            let (wanted, starting) = (wanted(in: lane), lanes[lane].starting)
            let count = lanes[lane].demand.growth(
                WorkerDemand.Observation(
                    waiting: wanted,
                    starting: starting,
                    total: lanes[lane].total,
                    ended: lanes[lane].endedInInterval,
                    load: load
                )
            )
            let pace = lanes[lane].offer.isLight ? WorkerDemand.lightPace : 1
            for _ in 0..<min(count * pace, max(0, wanted - starting)) { plan(in: lane) }
        }
    }

    /// Asks for one more worker, where there are the fewest.
    private mutating func tryOne() {
        let needy = lanes.indices.filter { wanted(in: $0) > 0 }
        guard let lane = needy.min(by: { lanes[$0].total < lanes[$1].total }) else { return }
        // An idle worker of another runtime makes room, unless that has use for it. Without any worker, the attempts of
        // this one would never run.
        let isAlone = lanes[lane].total == 0
        let spare = lanes.indices.first { $0 != lane && !lanes[$0].idle.isEmpty && (isAlone || wanted(in: $0) == 0) }
        if let idle = spare.flatMap({ lanes[$0].idle.last }) { retire(idle, nil) }
        plan(in: lane)
    }

    // MARK: Going

    /// Takes note of what a worker wrote that may never be ready.
    mutating func noteStillbornOutput(_ line: [UInt8]) {
        stillbornOutput = Array((stillbornOutput + line + [UInt8(ascii: "\n")]).suffix(Self.shownOutput))
    }

    /// Takes note of a worker that never got ready.
    private mutating func noteStillborn(_ remark: String) {
        // Where others run or start, the system may have no room for another. Only one that was alone tells for sure.
        let others = workers.count(where: \.phase.isInUse)
        if others == 0 { stillborn += 1 }
        guard stillborn >= Self.patience else { return note("a new one \(remark)", workers: others) }
        let output = String(decoding: stillbornOutput, as: UTF8.self)
        let text =
            "A worker process \(remark), \(stillborn) times in a row. A worker is another process of this program. "
            + "It must reach FlowmancerApp.main() or JobRunner.run() before it does anything else."
        actions.append(.fail(text + (output.isEmpty ? "" : " It wrote: \(output)")))
    }

    /// A worker that does not keep to the protocol is ended, and its attempt has failed.
    mutating func distrust(_ worker: Int, _ reason: String) {
        switch workers[worker].phase {
        case .planned, .requested, .starting:
            noteStillbornOutput(Array("The worker process was ended because \(reason).".utf8))
            actions.append(.kill(worker))
        case .busy(let assignment):
            retire(worker, (assignment, .distrusted(reason)))
        case .idle:
            retire(worker, nil)
        case .retiring, .vacant:
            break
        }
    }

    /// What an earlier attempt left behind must not go on beside others.
    mutating func haunt(_ worker: Int) {
        workers[worker].isHaunted = true
        guard case .idle = workers[worker].phase else { return }
        retire(worker, nil)
        assignWaiting()
    }

    /// A worker was in its phase for too long.
    mutating func end(overdue worker: Int) {
        workers[worker].isLimited = false
        switch workers[worker].phase {
        case .requested, .starting:
            retire(worker, nil)
            noteStillborn("was not ready within \(lanes[workers[worker].lane].offer.startLimit.text)")
        case .retiring:
            actions.append(.kill(worker))
        case .vacant, .planned, .idle, .busy:
            break
        }
    }

    /// A worker is gone.
    mutating func bury(_ worker: Int, _ end: WorkerEnd) {
        let (phase, outcome) = (workers[worker].phase, workers[worker].outcome(end.process.failure))
        vacate(worker)
        scarcity?.noteRoom(now: now)
        switch phase {
        case .planned, .requested, .starting: noteStillborn("\(end.process.explained) before it was ready")
        case .busy(let assignment): conclude(assignment, .died(outcome, end), worker)
        case .retiring((let assignment, let report)?): conclude(assignment, report, worker)
        case .retiring(nil), .idle, .vacant: break
        }
        // It may just have begun there; nothing that it did was taken in.
        takeBack(from: worker)
        assignWaiting()
    }

    /// All workers are lost; their ends are told next.
    mutating func lose(_ end: ProcessEnd) {
        losses += 1
        guard losses < Self.patience else {
            return actions.append(.fail("The process that starts workers \(end.explained), \(losses) times in a row."))
        }
        actions.append(.lostWorkers(end))
        for worker in workers.indices {
            switch workers[worker].phase {
            case .busy(let assignment):
                let outcome = workers[worker].outcome(.crash(signal: nil))
                enter(.retiring((assignment, .lost(outcome, end))), worker)
            // That it was never ready says nothing about the program.
            case .planned, .requested, .starting, .idle: enter(.retiring(nil), worker)
            case .retiring, .vacant: break
            }
        }
        assignWaiting()
    }
}
