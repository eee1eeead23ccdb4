/// What is known beforehand of the tasks of a job, by their rules and by what an earlier run left.
///
/// A pure value. It sees only what each dependency may do by itself, so it says less than could be known, and nothing that
/// is wrong. An abort is not considered.
package struct RuleForecast: Sendable {
    /// What becomes of a task.
    package enum Prospect: Sendable, Hashable {
        /// It has ended before the run.
        case known
        /// Its rule is met.
        case runs
        /// That depends on how others end.
        case open
        /// Its rule will not be met, so it ends in this state.
        case ends(ExecutionState)
    }

    /// Whether the tasks that run are thought to fail, too, or to complete.
    private let canFail: Bool
    /// The votes that each task may give.
    private var votes: [Votes]
    /// What becomes of each task, by its number. A task that was not added is ``Prospect/open``.
    package private(set) var prospects: [Prospect]

    /// Creates a forecast that knows nothing yet.
    package init(count: Int, canFail: Bool) {
        self.canFail = canFail
        votes = Array(repeating: [.completed, .failed], count: count)
        prospects = Array(repeating: .open, count: count)
    }

    /// Looks at all tasks of a job. Tasks on a cycle, and what depends on them, stay open.
    ///
    /// - Parameter origins: What is known of every task; if empty, every task has to run.
    package init(_ job: JobDefinition, _ graph: TaskGraph, origins: [TaskOrigin] = [], canFail: Bool) {
        self.init(count: graph.count, canFail: canFail)
        for number in graph.order {
            let task = job.tasks.values[number]
            add(number, task, after: graph.dependencies[number], origins.isEmpty ? .fresh : origins[number])
        }
    }

    /// Takes in a task. Those that it depends on come before it.
    package mutating func add(_ number: Int, _ task: TaskDefinition, after dependencies: [Int], _ origin: TaskOrigin) {
        if let state = origin.knownState {
            prospects[number] = .known
            votes[number] = Votes(state, isAllowed: true)
            return
        }
        let rule = task.runIf
        let (isMet, isUnmet) = rule.possibilities(dependencies.map { rule.reading(of: votes[$0]) })
        var own: Votes = []
        if isMet {
            own.insert(.completed)
            if canFail { own.insert(task.allowsFailure ? .tolerated : .failed) }
        }
        if isUnmet { own.formUnion(Votes(rule.stateIfUnmet, isAllowed: false)) }
        votes[number] = own
        prospects[number] = isMet ? isUnmet ? .open : .runs : .ends(rule.stateIfUnmet)
    }
}

extension TriggerRule {
    /// Returns what the rule may come to.
    ///
    /// - Parameter votes: What each dependency may vote, as the rule reads it.
    fileprivate func possibilities(_ votes: [Votes]) -> (isMet: Bool, isUnmet: Bool) {
        func all(_ vote: Votes) -> Bool { votes.allSatisfy { $0.contains(vote) } }
        func any(_ vote: Votes) -> Bool { votes.contains { $0.contains(vote) } }
        return switch self {
        case .allCompleted: (all(.completed), any(.failed))
        case .anyCompleted: (any(.completed), all(.failed))
        case .allFailed: (all(.failed), any(.completed))
        case .anyFailed: (any(.failed), all(.completed))
        case .allFinished: (true, false)
        }
    }
}

extension JobDefinition {
    /// Whether a task has another rule than the usual one. If not, there is nothing to forecast.
    package var hasRules: Bool { tasks.values.contains { $0.runIf != .allCompleted } }
}

extension TaskGraph {
    /// The tasks, each behind those that it depends on; a sub-job is behind its tasks. Tasks on a cycle, and what depends on
    /// them, are missing.
    package var order: [Int] {
        guard containers.isEmpty else { return JobPhases(self).graph.order.filter { $0 < count } }
        var waitsFor = dependencies.map { $0.count }
        var order = waitsFor.indices.filter { waitsFor[$0] == 0 }
        var next = 0
        while next < order.count {
            for dependent in dependents[order[next]] {
                waitsFor[dependent] -= 1
                if waitsFor[dependent] == 0 { order.append(dependent) }
            }
            next += 1
        }
        return order
    }
}
