import FlowmancerCore
import TestSupport

/// What the scheduler asks for, and how the world reacts.
extension RandomScheduling {
    mutating func watch(_ action: SchedulerAction) {
        switch action {
        case .transition(let step): watch(step)
        case .prepare(let node): prepare(node)
        case .record(let node, let preparation): model.nodes[node].decision = preparation.decision
        case .expanded(let node, let members):
            guard case .expand(let plan)? = model.nodes[node].decision else {
                return log.texts.append("node \(node) grew without being asked")
            }
            expect(members == model.nodes.count..<model.nodes.count + plan.graph.count, "members \(members)")
            model.add(plan, to: node)
        case .start(let task, let attempt, let admission): watchStart(task, attempt, admission)
        case .admit(let task):
            expect(model.nodes[task].work == .handedOut(isAdmitted: false), "task \(task) was admitted for nothing")
            model.nodes[task].work = .handedOut(isAdmitted: true)
            if !isNoisy { comesUp(task) }
            expect(isNoisy || model.taken <= model.capacity, "\(model.taken) have a place after \(task) got one")
        case .withdraw(let task):
            expect(isNoisy || isAborted || model.isGivenUp(task), "task \(task) was withdrawn for nothing")
            held.remove(task)
        case .cancel(let task, let reason): watchCancel(task, reason)
        case .kill(let task, let reason):
            expect(model.nodes[task].state == .running, "task \(task) was killed as \(model.nodes[task].state)")
            expect(killed.insert([task, model.nodes[task].attempts]).inserted, "task \(task) was killed twice")
            switch reason {
            case .overrun: expect(overruns.contains([task, model.nodes[task].attempts]), "\(task) did not overrun")
            case .request, .lateStart, .abortGrace: expect(aborts > 0, "task \(task) was killed without an abort")
            }
        case .wake(let timer, _), .wakeAtRandom(let timer, _):
            expect(timers.insert(timer).inserted, "\(timer) was set twice")
            if case .limit = timer, random.chance(50) { break }
            if timer == .abortGrace || timer == .runLimit, random.chance(50) { break }
            coming.append(.elapsed(timer))
        case .forget(let timer):
            timers.remove(timer)
            coming.removeAll { $0 == .elapsed(timer) }
        case .announce(_, let running):
            let states = model.nodes.indices.filter { model.nodes[$0].state == .running }
            expect(running == states, "\(running) are said to run, not \(states)")
        case .announceFailures(let limit, let count):
            expect(limit == model.settings.maxFailures && count > 0, "\(limit) failures, \(count) tasks")
        case .gathered(let group, let state):
            expect(scheduler.state(of: group) == state, "group \(group) is not \(state)")
        case .finish:
            finishes += 1
            let open = model.nodes.indices.filter { !scheduler.state(of: $0).isFinal }
            expect(open.isEmpty, "finished before \(open) were")
        }
    }

    mutating func watch(_ step: Transition) {
        let (task, from, to) = (step.task, step.from, step.to)
        let node = model.nodes[task]
        expect(from == node.state, "node \(task) left \(from), but was \(node.state)")
        expect(Self.isLegal(from, to), "node \(task) went from \(from) to \(to)")
        let isOdd =
            step.attempt != node.attempts
            && !((to == .aborted || to == .defaulted) && step.attempt == node.attempts - 1)
        expect(!isOdd, "odd attempt: \(step)")
        model.nodes[task].state = to
        if to == .running {
            if case .handedOut = node.work {} else { log.texts.append("task \(task) runs, but was not started") }
            model.nodes[task].work = .running
            held.remove(task)
        } else {
            let isLost = if case .lost? = step.reason { true } else { false }
            if isLost {
                model.nodes[task].losses += 1
                expect(model.nodes[task].losses <= node.traits.policy.maxLosses, "task \(task) was lost once too often")
            }
            let pauses = from == .running && to == .pending && !isLost && timersOf(task)
            model.nodes[task].work = pauses ? .pausing : .none
        }
        // An attempt that is cancelled while a worker holds it ends without having had a place.
        if !isNoisy, !isAborted {
            expect(model.taken <= model.capacity, "\(model.taken) have a place after \(step)")
        }
        if to == .failed, from == .running {
            let isLast = node.counted == node.traits.policy.maxAttempts || aborts > 0
            let isLost = lost.contains([task, node.attempts])
            let possible: [RetryCause] = isNoisy ? [.crash, .error] : [isLost ? .crash : .error]
            let isRefused = node.traits.policy.causes.map { listed in !possible.allSatisfy(listed.contains) } ?? false
            expect(isLast || isRefused, "task \(task) failed too early")
            expect(isNoisy || !isRefused || isLast || step.reason != nil, "task \(task) failed early for no reason")
        }
        if overruns.contains([task, node.attempts]), from == .running {
            expect(to != .completed, "task \(task) completed after its time")
        }
    }

    func timersOf(_ task: Int) -> Bool { model.nodes[task].traits.policy.backoff.first > .zero }

    mutating func prepare(_ node: Int) {
        expect(!isAborted, "node \(node) is prepared after the abort")
        expect(!model.nodes[node].isAsked, "node \(node) is prepared twice")
        expect(model.nodes[node].traits.isPrepared, "node \(node) is prepared for nothing")
        model.nodes[node].isAsked = true
        let preparation = maker.preparation(of: model.nodes[node].traits, depth: model.depths[node], &random)
        coming.append(.prepared(node, preparation))
    }

    mutating func watchStart(_ task: Int, _ attempt: Int, _ admission: Admission) {
        let node = model.nodes[task]
        expect(!isAborted, "task \(task) was started after the abort")
        expect(node.state == .pending, "task \(task) was started as \(node.state)")
        expect(attempt == node.attempts + 1, "attempt \(attempt) of task \(task) after \(node.attempts)")
        expect(node.counted + 1 <= node.traits.policy.maxAttempts, "attempt \(attempt) of task \(task) is one too many")
        expect(node.work == .none || node.work == .pausing, "task \(task) was started twice")
        if !isNoisy { judgeStart(task, admission) }
        model.nodes[task].attempts = attempt
        model.nodes[task].work = .handedOut(isAdmitted: admission == .now)
        if !isNoisy { judgeUnits() }
        if random.chance(admission == .now ? 30 : 70) { coming.append(.held(task)) }
        if random.chance(10) { coming.append(.returned(task)) }
        if admission == .now || isNoisy { comesUp(task) }
    }

    mutating func comesUp(_ task: Int) {
        coming.append(.started(task))
        coming.append(random.chance(mayLose ? 10 : 0) ? .lost(task, reason: "gone") : .ended(task, outcome()))
    }

    mutating func outcome() -> AttemptOutcome {
        random.chance(luck) ? .succeeded : random.chance(90) ? .failed(.error) : .aborted
    }

    mutating func watchCancel(_ task: Int, _ reason: Cancellation) {
        let node = model.nodes[task]
        switch reason {
        case .overrun(let limit):
            expect(aborts == 0, "task \(task) was cancelled at its limit after the abort")
            expect(node.state == .running, "task \(task) was cancelled at its limit as \(node.state)")
            expect(.limited(to: limit) == node.traits.policy.timeout, "task \(task) was cancelled at \(limit)")
            expect(overruns.insert([task, node.attempts]).inserted, "task \(task) was cancelled twice at its limit")
        case .abort:
            // A worker may have taken it up before it heard that it was withdrawn.
            if node.state == .aborted || node.state == .defaulted { return }
            expect(isAborted, "task \(task) was cancelled without an abort")
            expect(!overruns.contains([task, node.attempts]), "task \(task) was cancelled once more")
            if held.contains(task), node.state == .pending { coming.append(.returned(task)) }
            if random.chance(70) || node.state == .pending { coming.append(.ended(task, .aborted)) }
        }
    }

    static func isLegal(_ from: ExecutionState, _ to: ExecutionState) -> Bool {
        switch (from, to) {
        case (.initial, .pending), (.initial, .completed), (.initial, .failed): true
        case (.pending, .running), (.running, .pending): true
        case (.pending, .completed), (.pending, .failed): true
        case (.pending, .defaulted), (.pending, .skipped), (.pending, .aborted): true
        case (.running, .completed), (.running, .failed), (.running, .aborted): true
        default: false
        }
    }
}
