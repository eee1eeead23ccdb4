import FlowmancerCore
import FlowmancerSystem

/// What the run hears of its workers.
extension RunLoop: ClusterPoolDelegate {
    func poolDidStart(_ assignment: Assignment) {
        if let machine = pool.machine(of: assignment.task) {
            machines[assignment.task] = machine
        } else if !machines.isEmpty {
            machines[assignment.task] = nil
        }
        post(.event(.started(assignment.task)))
        output.publish(.start, of: assignment)
    }

    func poolDidHold(_ assignment: Assignment) {
        post(.event(.held(assignment.task)))
    }

    func poolHasUnsent() {
        scheduleTurn()
    }

    func poolDidReturn(_ assignment: Assignment) {
        post(.event(.returned(assignment.task)))
    }

    func pool(_ assignment: Assignment, didWrite line: UnsafeRawBufferPointer, on stream: OutputStream) {
        output.publish(line, from: stream, of: assignment)
    }

    func pool(_ assignment: Assignment, didLog line: LoggedLine) {
        output.publish(line, of: assignment)
    }

    func poolDidReceiveLate(_ line: LateLine) {
        if let notice = lateLines.add(line, masker: masker) { report(notice) }
    }

    func pool(_ assignment: Assignment, didEndWith report: AttemptReport) {
        for remark in report.remarks {
            output.publish(remark: remark.text, remark.severity, of: assignment)
        }
        if let limit = scheduler.exceededLimit(of: assignment.task) {
            output.publish(remark: TimeLimitRemark.ended(limit), .error, of: assignment)
        }
        if let refusal = scheduler.refusal(of: assignment.task, attempt: assignment.attempt, after: report.outcome) {
            output.publish(remark: refusal.remark, .error, of: assignment)
        }
        output.publish(.end, of: assignment)
        if let outputs = report.outputs { take(outputs, of: assignment) }
        post(.shared(.leave(.attempt(assignment.id))))
        post(.event(.ended(assignment.task, report.outcome)))
    }

    func pool(_ assignment: Assignment, wasLost reason: String) {
        output.publish(remark: "The attempt is lost: \(reason).", .warning, of: assignment)
        output.publish(.end, of: assignment)
        post(.shared(.leave(.attempt(assignment.id))))
        post(.event(.lost(assignment.task, reason: reason)))
    }

    func pool(of executor: String, didNote note: ClusterNote) {
        report(.executor(executor, note))
    }

    func pool(
        _ assignment: Assignment,
        didRequest operation: SharedDictOperation,
        reply: @escaping (SharedAnswer) -> Void
    ) {
        reuse?.noteSharing(assignment.task)
        let request = SharedDictDesk.Request.perform(operation, of: .attempt(assignment.id)) { answer in
            // Nothing is refused before the last attempt is over.
            if case .success(let answer) = answer { reply(.result(answer)) }
        }
        post(.shared(request))
    }

    func poolDidFail(_ reason: String) {
        finish(.failure(JobRunError(.noWorkers, masker.mask(reason))))
    }

    func poolDidLoseKeeper(_ end: ProcessEnd) {
        report(.keeperLost(end.explained))
    }

    func poolDidReachLimit(_ reason: String, workers: Int) {
        report(.workersLimited(reason, count: workers))
    }
}
