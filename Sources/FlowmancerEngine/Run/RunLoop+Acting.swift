import FlowmancerCore
import FoundationEssentials

/// How the decisions of the scheduler are carried out.
extension RunLoop {
    func perform(_ action: SchedulerAction) {
        switch action {
        case .transition(let transition):
            publish(transition)
            if transition.to.isFinal { attempts.release(transition.task) }
        case .start(let task, let attempt, let admission):
            if let dependencies = ends.dependencies(of: task) {
                attempts.set(AttemptExtras(dependencies: dependencies), of: task)
            }
            pool.submit(attempts.assignment(task, attempt: attempt), admission)
        case .admit(let task):
            pool.admit(task: task)
        case .withdraw(let task):
            pool.withdraw(task: task)
        case .cancel(let task, let reason):
            cancel(task, reason)
        case .kill(let task, let reason):
            pool.kill(task: task, remark: reason.remark)
        case .wake(let timer, let pause):
            wake(timer, after: pause)
        case .wakeAtRandom(let timer, let pause):
            wake(timer, after: pause.duration(at: .random(in: 0...1)))
        case .forget(let timer):
            timers.removeValue(forKey: timer)?.cancel()
        case .prepare(let task):
            prepare(task)
        case .record(let task, let preparation):
            // The journal has it.
            takeOver(preparation, of: task)
        case .expanded:
            preconditionFailure("no job file has groups")
        case .announce(let notice, let running):
            announce(notice, running.map { graph.names[$0] })
        case .announceFailures(let limit, let count):
            report(.tooManyFailures(limit: limit, notStarted: count))
        case .finish:
            finish(.success(scheduler.outcome))
        }
    }

    private func cancel(_ task: Int, _ reason: Cancellation) {
        let grace = job.configuration.abortGrace
        pool.cancel(task: task, endingAfter: grace / 2)
        if case .overrun(let limit) = reason, let assignment = pool.assignment(of: task) {
            let remark = TimeLimitRemark.cancelled(limit, grace: grace)
            output.publish(.line, .error, remark, of: assignment)
        }
    }

    private func wake(_ timer: SchedulerTimer, after pause: Duration) {
        timers[timer] = loop.schedule(after: pause) { [self] in elapse(timer) }
    }

    private func elapse(_ timer: SchedulerTimer) {
        timers[timer] = nil
        switch timer {
        case .limit(let task, _) where !pool.isUnderWay(task: task):
            // It has reported its end in time, though its output may still be on its way.
            return
        case .abortGrace, .runLimit:
            pool.takeReports()
            // What workers took up is running, also if that was not decided on yet.
            turn()
        case .backoff, .limit, .limitGrace:
            break
        }
        let event = SchedulerEvent.elapsed(timer)
        if event.isUrgent { urge(event) } else { post(.event(event)) }
    }

    private func announce(_ notice: AbortNotice, _ running: [String]) {
        let grace = job.configuration.abortGrace
        switch notice {
        case .aborting: report(.aborting(running: running, grace: grace))
        case .timeLimit(let limit): report(.timeLimitExceeded(limit, running: running, grace: grace))
        case .killing: report(.killing(running: running))
        }
    }

    private func publish(_ transition: Transition) {
        publishOutputs(of: transition)
        guard events.wantsStates || !ends.isEmpty else { return }
        let (task, from, to) = (transition.task, transition.from, transition.to)
        let reason = transition.reason?.text { graph.names[$0] }
        let failure = from == .running ? output.endNotes(of: task, enteredState: to) : nil
        if to.isFinal, ends.wants(task) {
            let name = graph.names[task]
            let end = EndedDependency(name, transition, reason: reason, failure, log: run.logFiles.path(of: name))
            ends.note(end, of: task)
        }
        guard events.wantsStates else { return }
        let event = ExecutionEvent(
            runID: run.id,
            jobName: job.configuration.name,
            taskName: graph.names[task],
            timestamp: Date(),
            attempt: transition.attempt,
            from: from,
            to: to,
            reason: reason,
            isAllowedFailure: to == .failed && scheduler.allowsFailure(of: task),
            failure: failure
        )
        events.publish(event)
    }

    private func publishOutputs(of transition: Transition) {
        guard events.wantsPublished, transition.from == .running, transition.to == .completed,
            let outputs = outputs(of: transition.task).flatMap({ TaskOutputs($0) })
        else { return }
        let event = OutputEvent(
            runID: run.id,
            jobName: job.configuration.name,
            taskName: graph.names[transition.task],
            timestamp: Date(),
            attempt: transition.attempt,
            values: outputs.masked(masker.mask)
        )
        events.publish(event)
    }
}
