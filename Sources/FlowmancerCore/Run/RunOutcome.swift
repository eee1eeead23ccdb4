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
    /// The tasks that completed without running since they were up to date.
    package let upToDate: [Int]

    package init(
        _ names: [String],
        _ states: [ExecutionState],
        allowedFailures: [Int] = [],
        upToDate: [Int] = [],
        exceededLimit: Duration? = nil
    ) {
        self.names = names
        self.states = states
        self.allowedFailures = allowedFailures
        self.upToDate = upToDate
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
    /// - Parameters:
    ///   - names: Their names.
    ///   - upToDate: Those that completed without running, since they were up to date.
    package func outcome(_ names: [String], upToDate: [Int] = []) -> RunOutcome {
        let told = nodes.indices.filter { !isGroupWithMembers($0) }
        let states = told.map(state)
        let upToDate = Set(upToDate)
        return RunOutcome(
            told.count == names.count ? names : told.map { names[$0] },
            states,
            allowedFailures: states.indices.filter { states[$0] == .failed && allowsFailure(of: told[$0]) },
            upToDate: upToDate.isEmpty ? [] : told.indices.filter { upToDate.contains(told[$0]) },
            exceededLimit: exceededRunLimit
        )
    }
}

extension ExecutionState {
    /// Whether a task in this state makes the job a failed one, unless its failure is allowed.
    package var countsAsFailure: Bool { self == .failed || self == .defaulted || self == .aborted }
}
