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
            let extras = AttemptExtras(dependencies: ends.dependencies(of: task), resources: scheduler.units(of: task))
            attempts.set(extras, of: task)
            masker?.add(attempts.secrets(of: task))
            let counted = scheduler.counted(attempt, of: task)
            pool.submit(attempts.assignment(task, attempt: attempt, counted: counted), admission)
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
        case .expanded(let group, let members):
            // The members are known since it was decided.
            publish(members, of: group)
        case .gathered(let group, let state):
            if ends.wants(group) { ends.note(EndedDependency(group: roster.names[group], state), of: group) }
        case .announce(let notice, let running):
            announce(notice, running.map { roster.names[$0] })
        case .announceFailures(let limit, let count):
            report(.tooManyFailures(limit: limit, notStarted: count))
        case .finish:
            finish(.success(scheduler.outcome(roster.names, upToDate: reuse?.upToDate ?? [])))
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
        noteForReuse(transition)
        guard events.wantsStates || !ends.isEmpty, isTold(transition) else { return }
        let (task, from, to) = (transition.task, transition.from, transition.to)
        let reason = transition.reason?.text { roster.names[$0] }
        let failure = from == .running ? output.endNotes(of: task, enteredState: to) : nil
        if to.isFinal, ends.wants(task) {
            let name = roster.names[task]
            let end = EndedDependency(name, transition, reason: reason, failure, log: run.logFiles.path(of: name))
            ends.note(end, of: task)
        }
        guard events.wantsStates else { return }
        let event = ExecutionEvent(
            runID: run.id,
            jobName: job.configuration.name,
            taskName: roster.names[task],
            groupName: roster.group(of: task).map { roster.names[$0] },
            timestamp: Date(),
            attempt: transition.attempt,
            // Nobody was told of the states of a group before.
            from: roster.role(of: task).isGroup ? .initial : from,
            to: to,
            reason: reason,
            isAllowedFailure: to == .failed && scheduler.allowsFailure(of: task),
            failure: failure,
            machine: from == .running || to == .running ? machines[task] : nil
        )
        events.publish(event)
    }

    /// Whether others hear of a change of state: of a group only if it ends without members, which speak for it otherwise.
    private func isTold(_ transition: Transition) -> Bool {
        guard roster.role(of: transition.task).isGroup else { return true }
        return transition.to.isFinal && !scheduler.isGroupWithMembers(transition.task)
    }

    private func publish(_ members: Range<Int>, of group: Int) {
        guard events.wantsRun else { return }
        let expansion = Expansion(group: roster.names[group], nodes: Array(roster.names[members]))
        events.publish(ExpansionEvent(run: run.id, time: Date(), expansion))
    }

    private func publishOutputs(of transition: Transition) {
        guard events.wantsPublished, transition.from != .initial, transition.to == .completed,
            let outputs = outputs(of: transition.task).flatMap({ TaskOutputs($0) })
        else { return }
        let event = OutputEvent(
            runID: run.id,
            jobName: job.configuration.name,
            taskName: roster.names[transition.task],
            timestamp: Date(),
            attempt: transition.attempt,
            values: outputs.masked(masker.mask)
        )
        events.publish(event)
    }
}
