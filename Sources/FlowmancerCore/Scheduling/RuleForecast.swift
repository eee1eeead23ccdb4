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
        let phases = JobPhases(graph)
        var members: [Int: [Int]] = [:]
        for (member, container) in graph.containers { members[container, default: []].append(member) }
        // Of each job within the job, whether its tasks may begin.
        var entries: [Int: Entry] = [:]
        for node in phases.graph.order {
            let number = phases.task(of: node)
            let (task, origin) = (job.tasks.values[number], origins.isEmpty ? .fresh : origins[number])
            let container = graph.containers[number]
            guard phases.isSubJob(node) else {
                let isAllowed = Self.allowsFailure(number, job, graph)
                let entry = entry(task, after: graph.dependencies[number], within: container.flatMap { entries[$0] })
                add(number, entry, isAllowed: isAllowed, origin)
                continue
            }
            if node == phases.beginning(of: number) {
                entries[number] = entry(
                    task,
                    after: graph.dependencies[number],
                    within: container.flatMap { entries[$0] }
                )
            } else if let entry = entries[number] {
                let isAllowed = Self.allowsFailure(number, job, graph)
                let members = members[number] ?? []
                add(number, jobOf: members, entry, hasItems: task.forEach != nil, isAllowed: isAllowed, origin)
            }
        }
    }

    /// Whether a failure of a task is none of the job: that task or a job around it allows it.
    private static func allowsFailure(_ task: Int, _ job: JobDefinition, _ graph: TaskGraph) -> Bool {
        var next: Int? = task
        while let number = next {
            if job.tasks.values[number].allowsFailure { return true }
            next = graph.containers[number]
        }
        return false
    }

    /// Takes in a task. Those that it depends on come before it.
    package mutating func add(_ number: Int, _ task: TaskDefinition, after dependencies: [Int], _ origin: TaskOrigin) {
        add(number, entry(task, after: dependencies), isAllowed: task.allowsFailure, origin)
    }

    /// Whether a task may go on.
    private struct Entry {
        var mayBegin: Bool
        /// The states in which it may end without having begun, all different.
        var ends: [ExecutionState]

        var prospect: Prospect {
            guard mayBegin else { return ends.first.map(Prospect.ends) ?? .open }
            return ends.isEmpty ? .runs : .open
        }

        /// What the task may vote without having begun.
        var votesOfEnds: Votes {
            ends.reduce(into: Votes()) { $0.formUnion(Votes($1, isAllowed: false)) }
        }
    }

    /// - Parameter outer: What becomes of the job within the job that the task belongs to: its tasks end as it does if it does
    ///   not begin.
    private func entry(_ task: TaskDefinition, after dependencies: [Int], within outer: Entry? = nil) -> Entry {
        let rule = task.runIf
        let (isMet, isUnmet) = rule.possibilities(dependencies.map { rule.reading(of: votes[$0]) })
        var entry = outer ?? Entry(mayBegin: true, ends: [])
        if entry.mayBegin, isUnmet, !entry.ends.contains(rule.stateIfUnmet) { entry.ends.append(rule.stateIfUnmet) }
        entry.mayBegin = entry.mayBegin && isMet
        return entry
    }

    private mutating func add(_ number: Int, _ entry: Entry, isAllowed: Bool, _ origin: TaskOrigin) {
        if noteKnown(number, origin) { return }
        var own = entry.votesOfEnds
        if entry.mayBegin {
            own.insert(.completed)
            if canFail { own.insert(isAllowed ? .tolerated : .failed) }
        }
        votes[number] = own
        prospects[number] = entry.prospect
    }

    /// Takes in the end of a job within the job. Its tasks come before it.
    ///
    /// - Parameter hasItems: Whether it runs for items, of which there may be none.
    private mutating func add(
        _ number: Int,
        jobOf members: [Int],
        _ entry: Entry,
        hasItems: Bool,
        isAllowed: Bool,
        _ origin: TaskOrigin
    ) {
        if noteKnown(number, origin) { return }
        var own = entry.votesOfEnds
        if entry.mayBegin {
            let all = members.map { votes[$0] }
            if hasItems || all.allSatisfy({ $0 != .failed }) { own.insert(.completed) }
            if all.contains(where: { $0.contains(.failed) }) { own.insert(.failed) }
            if isAllowed, all.contains(where: { $0.contains(.tolerated) }) { own.insert(.tolerated) }
        }
        votes[number] = own
        prospects[number] = entry.prospect
    }

    /// - Returns: Whether the task has ended before the run.
    private mutating func noteKnown(_ number: Int, _ origin: TaskOrigin) -> Bool {
        guard let state = origin.knownState else { return false }
        prospects[number] = .known
        votes[number] = Votes(state, isAllowed: true)
        return true
    }
}

extension RuleForecast {
    /// Takes in a group of the run. Its members come before it.
    ///
    /// - Parameter isOpen: Whether the members are not known.
    mutating func add(_ number: Int, groupOf members: Range<Int>, isOpen: Bool, _ origin: TaskOrigin) {
        if noteKnown(number, origin) || isOpen || members.isEmpty { return }
        votes[number] = members.reduce([]) { $0.union(votes[$1]) }
        prospects[number] = members.allSatisfy { prospects[$0] == .known } ? .known : .open
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
