/// How the tasks of a run ended.
package struct RunOutcome: Sendable, Hashable {
    /// The final state of every task, by its number.
    package let states: [ExecutionState]
    /// The tasks that failed without making the job a failed one, in the order of the job.
    package let allowedFailures: [Int]
    /// The time limit of the run, if that ended it.
    package let exceededLimit: Duration?
    /// The tasks that completed without running since they were up to date.
    package var upToDate: [Int] = []

    package init(_ states: [ExecutionState], allowedFailures: [Int] = [], exceededLimit: Duration? = nil) {
        self.states = states
        self.allowedFailures = allowedFailures
        self.exceededLimit = exceededLimit
    }

    /// How many tasks make the job a failed one.
    package var failureCount: Int { states.count(where: \.countsAsFailure) - allowedFailures.count }

    /// Whether a task was cancelled, or not started, because the run was aborted.
    package var isAborted: Bool { states.contains(.aborted) }
}

extension Scheduler {
    /// How all nodes ended.
    package var outcome: RunOutcome {
        let states = nodes.indices.map(state)
        return RunOutcome(
            states,
            allowedFailures: states.indices.filter { states[$0] == .failed && allowsFailure(of: $0) },
            exceededLimit: exceededRunLimit
        )
    }
}

extension ExecutionState {
    /// Whether a task in this state makes the job a failed one, unless its failure is allowed.
    package var countsAsFailure: Bool { self == .failed || self == .defaulted || self == .aborted }
}
