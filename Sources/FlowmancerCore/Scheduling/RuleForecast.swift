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

extension RuleForecast {
    /// Takes in a group. Its members come before it.
    ///
    /// - Parameter isOpen: Whether the members are not known.
    mutating func add(_ number: Int, groupOf members: Range<Int>, isOpen: Bool, _ origin: TaskOrigin) {
        if let state = origin.knownState {
            prospects[number] = .known
            votes[number] = Votes(state, isAllowed: true)
        } else if !isOpen, !members.isEmpty {
            votes[number] = members.reduce([]) { $0.union(votes[$1]) }
            prospects[number] = members.allSatisfy { prospects[$0] == .known } ? .known : .open
        }
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
