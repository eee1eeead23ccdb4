/// Keeps how tasks end for those that react to it: tasks with another rule than the usual one.
///
/// A job without such tasks keeps nothing here. Tasks go by their numbers.
package struct DependencyEnds: Sendable {
    /// For each task that is told of its dependencies those that it has.
    private var dependencies: [Int: [Int]] = [:]
    /// How tasks ended that others want to know of; `nil` for one that has not.
    private var ends: [Int: EndedDependency?] = [:]

    package init(_ roster: TaskRoster) {
        add(roster.names.indices, of: roster)
    }

    /// Takes in tasks and groups of a run. An item is told what its group waits for.
    package mutating func add(_ nodes: Range<Int>, of roster: TaskRoster) {
        guard roster.job.hasRules else { return }
        for node in nodes where roster.task(node).runIf != .allCompleted && !roster.role(of: node).isGroup {
            let own = roster.dependencies(of: node)
            dependencies[node] = own
            for task in own where ends[task] == nil { ends[task] = .some(nil) }
        }
    }

    /// Whether nobody is told of anything.
    package var isEmpty: Bool { dependencies.isEmpty }

    /// Whether somebody is told how a task ended.
    package func wants(_ task: Int) -> Bool { !ends.isEmpty && ends.keys.contains(task) }

    /// Takes note of the end of a task.
    package mutating func note(_ end: EndedDependency, of task: Int) {
        if wants(task) { ends[task] = end }
    }

    /// Returns how the dependencies of a task ended; `nil` if it is not told of them.
    package func dependencies(of task: Int) -> [EndedDependency]? {
        isEmpty ? nil : dependencies[task]?.compactMap { ends[$0] ?? nil }
    }
}

extension EndedDependency {
    /// Describes the end of a group with members.
    package init(group name: String, _ state: ExecutionState) {
        self.init(name: name, state: state, reason: nil, log: nil)
    }

    /// Describes the end of a task that entered its final state.
    ///
    /// - Parameters:
    ///   - reason: Why it entered the state, if no attempt explains it.
    ///   - failure: How its last attempt failed.
    ///   - log: Where its log is, if it ran.
    package init(
        _ name: String,
        _ transition: Transition,
        reason: String?,
        _ failure: AttemptFailure?,
        log: @autoclosure () -> String?
    ) {
        let told = reason ?? (failure?.reason).flatMap { $0.isEmpty ? nil : $0 }
        self.init(
            name: name,
            state: transition.to,
            reason: transition.to == .completed ? nil : told,
            log: transition.attempt > 0 ? log() : nil
        )
    }
}
