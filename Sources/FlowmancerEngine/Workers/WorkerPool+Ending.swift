import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire

/// What workers say, and what becomes of their attempts.
extension WorkerPool {
    func perform(_ request: WireSharedRequest, of worker: WorkerHandle, _ assignment: Assignment) {
        guard let operation = SharedDictOperation(request) else {
            return answer(request.id, .refused("the engine does not know the operation"), to: worker)
        }
        delegate.pool(assignment, didRequest: operation) { [self, number = worker.number] reply in
            if let worker = workers[number] { answer(request.id, .result(reply), to: worker) }
        }
    }

    func answer(_ id: UInt64, _ content: ReplyWindow.Reply.Content, to worker: WorkerHandle) {
        worker.answer(.init(requestID: id, content: content))
        needsFlush.append(worker)
        delegate.poolHasUnsent()
    }

    func end(_ worker: WorkerHandle, _ assignment: Assignment, _ ended: WireAttemptEnded) {
        let outcome: AttemptOutcome =
            switch ended.outcome {
            case .succeeded: .succeeded
            case .aborted where assignment.cancellation != nil: .aborted
            case .failed, .aborted, .unspecified, .UNRECOGNIZED: .failed
            }
        var report = AttemptReport(outcome: outcome)
        // A worker that says something behind its report is no place for another attempt, unless it is of that attempt.
        let isTalkative = worker.next == nil && worker.hasUnhandled
        let isHaunted = worker.next == nil && worker.isHaunted
        let isSpent = ended.hasLeftovers_p || ended.hasLeftThreads_p || isHaunted || isTalkative
        if assignment.isolation == .process, !ended.hasLeftovers_p, !isTalkative {
            awaitFarewell(worker, report: report)
        } else if isSpent {
            if ended.hasLeftovers_p {
                let text =
                    outcome == .aborted
                    ? "The task was still running and was killed."
                    : "Processes that the task left running were killed."
                report.remarks.append((.warning, text))
            }
            retire(worker, report: report)
        } else {
            finish(worker, assignment, report)
        }
    }

    /// The worker goes on with the next attempt.
    func finish(_ worker: WorkerHandle, _ assignment: Assignment, _ report: AttemptReport) {
        worker.lastDuration = .now - worker.began
        worker.phase = .idle
        conclude(assignment, report)
        if worker.next == nil {
            becomeIdle(worker)
        } else {
            beginHeld(worker)
            assignWaiting()
        }
    }

    /// The worker ends by itself after its last attempt.
    func awaitFarewell(_ worker: WorkerHandle, report: AttemptReport) {
        worker.phase = .retiring(worker.assignment, report)
        worker.limitPhase(to: Self.farewell) { [self] worker in
            keeper?.killWorker(worker.number)
        }
    }

    func conclude(_ assignment: Assignment, _ report: AttemptReport) {
        endedInInterval += 1
        busy[assignment.task] = nil
        delegate.pool(assignment, didEndWith: report)
    }

    func becomeIdle(_ worker: WorkerHandle) {
        worker.phase = .idle
        idle.append(worker)
        assignWaiting()
    }

    /// A worker that does not keep to the protocol is ended, and its attempt has failed.
    func distrust(_ worker: WorkerHandle, _ reason: String) {
        let text = "The worker process was ended because \(reason)."
        switch worker.phase {
        case .starting:
            stillbornOutput += Array("\(text)\n".utf8)
            keeper?.killWorker(worker.number)
        case .busy:
            retire(worker, report: AttemptReport(outcome: .failed, remarks: [(.error, text)]))
        case .idle:
            retire(worker, report: nil)
        case .retiring, .ended:
            break
        }
    }
}

extension WorkerPool: WorkerHandleDelegate {
    func worker(_ worker: WorkerHandle, didSay body: WireFromWorker.OneOf_Body) {
        switch body {
        case .hello(let hello):
            guard case .starting = worker.phase else { return distrust(worker, "it said hello again") }
            guard hello.protocolVersion == Frame.protocolVersion else {
                return distrust(worker, "it speaks version \(hello.protocolVersion) of the protocol")
            }
            starting -= 1
            stillborn = 0
            stillbornOutput = []
            lostKeepers = 0
            scarcity = nil
            becomeIdle(worker)
        case .returned(let returned):
            // One that it was not asked for, or has begun, is no news of an attempt that it holds.
            if worker.next?.message.id == returned.id { takeBack(from: worker) }
            assignWaiting()
        case .ended(let ended):
            guard case .busy(let assignment) = worker.phase, ended.id == assignment.message.id else {
                return distrust(worker, "it reported the end of an attempt that it did not have")
            }
            end(worker, assignment, ended)
        case .log(let line):
            guard let assignment = worker.assignment, line.attemptID == assignment.message.id else { return }
            delegate.pool(assignment, didLog: line)
        case .lateLine(let line):
            delegate.poolDidReceiveLate(line)
            // What an earlier attempt left behind must not go on beside others.
            worker.isHaunted = true
            if case .idle = worker.phase {
                retire(worker, report: nil)
                assignWaiting()
            }
        case .sharedRequest(let request):
            guard case .busy(let assignment) = worker.phase else {
                return answer(request.id, .refused("no task is running"), to: worker)
            }
            perform(request, of: worker, assignment)
        }
    }

    func worker(_ worker: WorkerHandle, didWrite line: UnsafeRawBufferPointer, on stream: WorkerHandle.Stream) {
        if let assignment = worker.assignment {
            if stream == .errors || assignment.message.mergesOutput { worker.trapReason.note(line) }
            delegate.pool(assignment, didWrite: line, on: stream)
        } else if case .starting = worker.phase {
            stillbornOutput = Array((stillbornOutput + line + [UInt8(ascii: "\n")]).suffix(Self.shownOutput))
        }
    }

    func worker(_ worker: WorkerHandle, didMisbehave reason: String) {
        distrust(worker, reason)
    }

    func worker(_ worker: WorkerHandle, didEnd end: ProcessEnd) {
        guard workers[worker.number] === worker else { return }
        workers[worker.number] = nil
        idle.removeAll { $0 === worker }
        let phase = worker.phase
        worker.phase = .ended
        scarcity?.noteRoom(now: .now)
        switch phase {
        case .starting:
            starting -= 1
            noteStillborn("\(end.explained) before it was ready")
        case .busy(let assignment):
            let outcome: AttemptOutcome = assignment.cancellation == nil ? .failed : .aborted
            conclude(assignment, AttemptReport(outcome: outcome, remarks: [(.error, worker.remark(on: end))]))
        case .retiring(let assignment?, let report):
            conclude(assignment, report ?? AttemptReport(outcome: .failed))
        case .retiring(nil, _), .idle, .ended:
            break
        }
        // It may just have begun there; nothing that it did was taken in.
        takeBack(from: worker)
        assignWaiting()
    }
}
