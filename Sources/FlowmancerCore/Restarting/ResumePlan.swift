/// What a run does with each task, and why: here a job meets the checkpoint of an earlier run.
package struct ResumePlan: Sendable {
    /// What is done with one task.
    package enum Decision: Sendable, Hashable {
        /// It completed before.
        case keep
        /// It completed before, by another definition than today's.
        case keepChanged
        /// It failed before, which it may.
        case keepFailure
        /// It runs; the associated value says why.
        case run(Reason)
        /// It did not complete, but is left out on request; its state stays, if it has one.
        case leaveOut(ExecutionState?)
        /// It is a group, whose members are decided on by themselves.
        case enter
    }

    /// Why a task runs.
    package enum Reason: Sendable, Hashable {
        case new, changed, interrupted
        /// It did not run, and its rule may be met now: it waits for failures.
        case ruleDecides
        /// It completed, but reacts to the end of a task that runs again.
        case dependencyRuns
        /// It has not run, and its condition decides anew.
        case undecided
        /// It failed before its first attempt, for lack of a value.
        case unresolved
        /// It had reached this state, which is not the end of its work.
        case was(ExecutionState)
    }

    /// What is done with each task and group of the run, by its number.
    package let decisions: [Decision]
    /// Tasks of the checkpoint that the job no longer has.
    package let gone: [String]
    let names: [String]
    let earlier: EarlierRun

    /// Compares a job with its checkpoint.
    ///
    /// - Parameters:
    ///   - job: The job without its secrets.
    ///   - roster: The tasks and groups of the run.
    ///   - checkpoint: What is stored of the run that is continued; `nil` if the run begins from the beginning.
    ///   - leftOut: The tasks and groups that are not to run.
    ///   - rerunChanged: Whether a completed task runs again if its definition changed.
    package init(
        _ job: JobDefinition,
        _ roster: TaskRoster,
        from checkpoint: CheckpointContents?,
        leftOut: Set<Int>,
        rerunChanged: Bool = false
    ) {
        names = roster.names
        let earlier = EarlierRun(job, checkpoint, rerunsChanged: rerunChanged, hasGroups: !roster.isPlain)
        self.earlier = earlier
        let decisions = roster.names.enumerated().map { node, name in
            let isLeftOut = leftOut.contains(node)
            if roster.role(of: node).isGroup { return isLeftOut ? Decision.leaveOut(nil) : .enter }
            let item = roster.isPlain ? nil : roster.table.item(of: node)
            let decision = earlier.decision(name, roster.definition(of: node), item)
            guard isLeftOut, !decision.isKept else { return decision }
            return decision == .run(.changed) ? .keepChanged : .leaveOut(checkpoint?.states[name])
        }
        self.decisions =
            checkpoint != nil && job.hasRules ? Self.reconsider(decisions, roster, leftOut: leftOut) : decisions
        gone = checkpoint.map { Self.gone(from: $0, roster) } ?? []
    }

    /// Compares a job without groups, or what is known of one with groups, with its checkpoint.
    package init(
        _ job: JobDefinition,
        from checkpoint: CheckpointContents?,
        leftOut: Set<Int>,
        rerunChanged: Bool = false
    ) {
        let roster = TaskRoster(job, TaskGraph(job))
        self.init(job, roster, from: checkpoint, leftOut: leftOut, rerunChanged: rerunChanged)
    }

    /// The tasks that are stored and not in the job. Of those that a group may still have, nothing is known.
    private static func gone(from checkpoint: CheckpointContents, _ roster: TaskRoster) -> [String] {
        let (known, open) = (Set(roster.names), roster.openPrefixes)
        return checkpoint.states.keys.filter { name in !known.contains(name) && !open.contains(where: name.hasPrefix) }
            .sorted()
    }

    /// Has those decided anew that react to the end of a task that runs again.
    private static func reconsider(
        _ decisions: [Decision],
        _ roster: TaskRoster,
        leftOut: Set<Int>
    ) -> [Decision] {
        var decisions = decisions
        let graph = roster.nestedGraph
        var forecast = RuleForecast(count: graph.count, canFail: true)
        var mayRun = [Bool](repeating: false, count: graph.count)
        for node in graph.order {
            let (task, dependencies) = (roster.task(node), graph.dependencies[node])
            if roster.role(of: node).isGroup {
                let members = roster.members(of: node)
                forecast.add(node, groupOf: members, isOpen: !roster.isUnfolded(node), decisions[node].origin)
                mayRun[node] = !roster.isUnfolded(node) || members.contains { mayRun[$0] }
                continue
            }
            if task.runIf.isReacting, !roster.role(of: node).isItem, decisions[node].isKept, !leftOut.contains(node),
                dependencies.contains(where: { mayRun[$0] })
            {
                decisions[node] = .run(decisions[node] == .keepFailure ? .was(.failed) : .dependencyRuns)
            }
            forecast.add(node, task, after: dependencies, decisions[node].origin)
            mayRun[node] = forecast.prospects[node] == .runs || forecast.prospects[node] == .open
        }
        return decisions
    }
}

extension ResumePlan.Decision {
    /// Whether the task keeps the end that it had.
    package var isKept: Bool {
        self == .keep || self == .keepChanged || self == .keepFailure
    }

    /// Whether ``FlowTask/onRestart()`` is called.
    package var isRestart: Bool { self == .run(.was(.failed)) }

    /// What the scheduler knows of the task beforehand.
    package var origin: TaskOrigin {
        switch self {
        case .keep, .keepChanged: .completed
        case .keepFailure: .failed
        case .run, .enter: .fresh
        case .leaveOut: .skipped
        }
    }

    /// The state that stays stored until the task begins, whatever becomes of the task before: if the run is killed, the
    /// next one still knows of it.
    var lastingState: ExecutionState? {
        switch self {
        case .leaveOut(let state): state
        case .run(.was(.failed)): .failed
        case .run, .keep, .keepChanged, .keepFailure, .enter: nil
        }
    }
}

extension ResumePlan {
    /// Whether a task or group ends as in the earlier run: what was found out from that still holds.
    func keeps(_ node: Int, _ table: RosterTable) -> Bool { decisions.keeps(node, table) }
}

extension [ResumePlan.Decision] {
    /// Whether a task or group ends as in the earlier run.
    func keeps(_ node: Int, _ table: RosterTable) -> Bool {
        guard self[node] == .enter else { return self[node].isKept || self[node].origin == .skipped }
        return table.isUnfolded(node) && table.members(of: node).allSatisfy { keeps($0, table) }
    }
}
