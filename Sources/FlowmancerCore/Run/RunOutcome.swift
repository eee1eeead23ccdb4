/// How the tasks of a run ended.
package struct RunOutcome: Sendable, Hashable {
    /// The names of the tasks. A group is one of them only if it ended without members.
    package let names: [String]
    /// The final state of every task.
    package let states: [ExecutionState]
    /// The tasks that failed without making the job a failed one, in their order.
    package let allowedFailures: [Int]
    /// The time limit of the run, if that ended it.
    package let exceededLimit: Duration?

    package init(
        _ names: [String],
        _ states: [ExecutionState],
        allowedFailures: [Int] = [],
        exceededLimit: Duration? = nil
    ) {
        self.names = names
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
    ///
    /// - Parameter names: Their names.
    package func outcome(_ names: [String]) -> RunOutcome {
        let told = nodes.indices.filter { !isGroupWithMembers($0) }
        let states = told.map(state)
        return RunOutcome(
            told.count == names.count ? names : told.map { names[$0] },
            states,
            allowedFailures: states.indices.filter { states[$0] == .failed && allowsFailure(of: told[$0]) },
            exceededLimit: exceededRunLimit
        )
    }
}

extension ExecutionState {
    /// Whether a task in this state makes the job a failed one, unless its failure is allowed.
    package var countsAsFailure: Bool { self == .failed || self == .defaulted || self == .aborted }
}
