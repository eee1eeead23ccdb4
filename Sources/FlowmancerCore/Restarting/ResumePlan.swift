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

    /// What is done with each task, by its number.
    package let decisions: [Decision]
    /// Tasks of the checkpoint that the job no longer has.
    package let gone: [String]
    let names: [String]

    /// Compares a job with its checkpoint.
    ///
    /// - Parameters:
    ///   - job: The job without its secrets.
    ///   - checkpoint: What is stored of the run that is continued; `nil` if the run begins from the beginning.
    ///   - leftOut: The tasks that are not to run.
    ///   - rerunChanged: Whether a completed task runs again if its definition changed.
    package init(
        _ job: JobDefinition,
        from checkpoint: CheckpointContents?,
        leftOut: Set<Int>,
        rerunChanged: Bool = false
    ) {
        names = job.tasks.keys.elements
        let decisions = job.tasks.enumerated().map { number, entry in
            let isLeftOut = leftOut.contains(number)
            let decision = Self.decide(
                entry.value,
                checkpoint?.states[entry.key],
                fingerprint: checkpoint?.fingerprints[entry.key],
                record: checkpoint?.decisions[entry.key],
                rerunChanged: rerunChanged && !isLeftOut
            )
            return isLeftOut && !decision.isKept ? .leaveOut(checkpoint?.states[entry.key]) : decision
        }
        self.decisions =
            checkpoint != nil && job.hasRules ? Self.reconsider(decisions, job, leftOut: leftOut) : decisions
        gone = checkpoint?.states.keys.filter { job.tasks[$0] == nil }.sorted() ?? []
    }

    private static func decide(
        _ task: TaskDefinition,
        _ state: ExecutionState?,
        fingerprint: String?,
        record: JSONText?,
        rerunChanged: Bool
    ) -> Decision {
        let isChanged = { fingerprint.map { $0 != task.fingerprint } ?? false }
        switch state {
        case .completed:
            return isChanged() ? (rerunChanged ? .run(.changed) : .keepChanged) : .keep
        case .failed where task.allowsFailure && !(rerunChanged && isChanged()):
            return .keepFailure
        case .failed:
            let failure = record.flatMap(PreparationRecord.init)?.failure
            if failure == .condition, task.when != nil { return .run(.undecided) }
            return .run(failure == .values ? .unresolved : .was(.failed))
        case .running: return .run(.interrupted)
        case .skipped where task.when != nil: return .run(.undecided)
        case _ where task.runIf.waitsForFailures: return .run(.ruleDecides)
        case nil: return .run(.new)
        case let state?: return .run(.was(state))
        }
    }

    /// Has those decided anew that react to the end of a task that runs again.
    private static func reconsider(
        _ decisions: [Decision],
        _ job: JobDefinition,
        leftOut: Set<Int>
    ) -> [Decision] {
        var decisions = decisions
        let graph = TaskGraph(job)
        var forecast = RuleForecast(count: graph.count, canFail: true)
        var mayRun = [Bool](repeating: false, count: graph.count)
        for number in graph.order {
            let (task, dependencies) = (job.tasks.values[number], graph.dependencies[number])
            if task.runIf.isReacting, decisions[number].isKept, !leftOut.contains(number),
                dependencies.contains(where: { mayRun[$0] })
            {
                decisions[number] = .run(decisions[number] == .keepFailure ? .was(.failed) : .dependencyRuns)
            }
            forecast.add(number, task, after: dependencies, decisions[number].origin)
            mayRun[number] = forecast.prospects[number] == .runs || forecast.prospects[number] == .open
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
        case .run: .fresh
        case .leaveOut: .skipped
        }
    }

    /// The state that stays stored until the task begins, whatever becomes of the task before: if the run is killed, the
    /// next one still knows of it.
    var lastingState: ExecutionState? {
        switch self {
        case .leaveOut(let state): state
        case .run(.was(.failed)): .failed
        case .run, .keep, .keepChanged, .keepFailure: nil
        }
    }
}
