import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire
import Glibc

/// How workers come and go.
extension WorkerPool {
    func start(_ count: Int) {
        // While the system gives no more, one at a time is asked for.
        for number in 0..<count where !isShutDown && (number == 0 || scarcity == nil) {
            do {
                try startWorker()
            } catch {
                return note(error)
            }
        }
    }

    func startWorker() throws(SystemError) {
        let keeper = try openedKeeper()
        let descriptors = try WorkerDescriptors(
            turns: waiting.hasIsolated ? 1 : 2,
            below: workers.isEmpty ? .max : OpenFileLimit.reserved
        )
        lastNumber += 1
        let worker = WorkerHandle(
            number: lastNumber,
            descriptors,
            isOutputPaused: isOutputPaused,
            masker: masker,
            on: loop,
            delegate: self
        )
        workers[worker.number] = worker
        starting += 1
        keeper.startWorker(worker.number, descriptors: descriptors.remote)
        worker.limitPhase(to: Self.helloDeadline) { [self] worker in
            retire(worker, report: nil)
            noteStillborn("was not ready within \(Self.helloDeadline.text)")
        }
    }

    func handle(_ report: Keeper.Report) {
        switch report {
        case .started(let number, let pid):
            workers[number]?.pid = pid
        case .refused(let number, let error):
            if let worker = workers.removeValue(forKey: number) {
                leaveStart(of: worker)
                worker.phase = .ended
                worker.close()
            }
            // The answers to later requests are still on their way.
            note(error, workers: workers.values.count { $0.pid != nil })
        case .ended(let number, let end):
            workers[number]?.noteEnd(end)
        case .lost(let end):
            noteLostKeeper(end)
        }
    }

    /// The keeper took all workers along; the next one that is needed starts another keeper.
    func noteLostKeeper(_ end: ProcessEnd) {
        guard !isShutDown else { return }
        keeper = nil
        lostKeepers += 1
        guard lostKeepers < Self.patience else {
            return delegate.poolDidFail(
                "The process that starts workers \(end.explained), \(lostKeepers) times in a row."
            )
        }
        delegate.poolDidLoseKeeper(end)
        idle = []
        for worker in workers.values.sorted(by: { $0.number < $1.number }) {
            switch worker.phase {
            case .starting:
                // That it never said hello says nothing about the program.
                starting -= 1
                worker.phase = .retiring(nil, nil)
            case .busy(let assignment):
                let outcome: AttemptOutcome = assignment.cancellation == nil ? .failed : .aborted
                let text = "The worker process was killed, because the process that keeps all workers \(end.explained)."
                worker.phase = .retiring(assignment, AttemptReport(outcome: outcome, remarks: [(.error, text)]))
            case .idle, .retiring, .ended:
                break
            }
            worker.noteEnd(.killed(signal: SIGKILL))
        }
        assignWaiting()
    }

    /// The system refused something that a worker needs.
    func note(_ error: SystemError, workers count: Int? = nil) {
        if error.reason.isTransient {
            note("\(error)", workers: count ?? workers.count)
        } else {
            delegate.poolDidFail("The worker processes could not be started: \(error).")
        }
    }

    /// There will be no more workers for a while.
    func note(_ reason: String, workers count: Int) {
        guard !isShutDown else { return }
        let now = SuspendingClock.now
        if scarcity == nil {
            scarcity = WorkerScarcity(now: now, hasWorkers: !workers.isEmpty)
        } else {
            scarcity?.noteRefusal(now: now, hasWorkers: !workers.isEmpty)
        }
        if scarcity?.isHopeless(now: now) == true {
            let time = WorkerScarcity.patience.text
            return delegate.poolDidFail("No worker process could be started for \(time): \(reason).")
        }
        if lastNotice?.reason != reason || lastNotice.map({ now - $0.time > Self.noticeInterval }) == true {
            lastNotice = (reason, now)
            delegate.poolDidReachLimit(reason, workers: count)
        }
        tick()
    }

    /// Takes note that a worker is no longer on its way.
    func leaveStart(of worker: WorkerHandle) {
        if case .starting = worker.phase { starting -= 1 }
    }

    func observe() -> WorkerDemand.Observation {
        WorkerDemand.Observation(
            waiting: wanted,
            starting: starting,
            total: workers.count,
            ended: endedInInterval,
            load: meter.measure(workers.values)
        )
    }

    /// Ends a worker; its end is handled when the keeper reports it.
    func retire(_ worker: WorkerHandle, report: AttemptReport?) {
        idle.removeAll { $0 === worker }
        leaveStart(of: worker)
        worker.phase = .retiring(worker.assignment, report)
        keeper?.killWorker(worker.number)
    }

    /// Takes note of a worker that never got ready.
    func noteStillborn(_ remark: String) {
        guard !isShutDown else { return }
        // Where others run or start, the system may have no room for another. Only one that was alone tells for sure.
        let others = workers.values.count(where: \.isInUse)
        if others == 0 { stillborn += 1 }
        guard stillborn >= Self.patience else { return note("a new one \(remark)", workers: others) }
        let output = String(decoding: stillbornOutput, as: UTF8.self)
        delegate.poolDidFail(
            "A worker process \(remark), \(stillborn) times in a row. A worker is another process of this program. "
                + "It must reach FlowmancerApp.main() or JobRunner.run() before it does anything else."
                + (output.isEmpty ? "" : " It wrote: \(output)")
        )
    }
}
