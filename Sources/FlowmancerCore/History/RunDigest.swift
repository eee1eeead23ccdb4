package import struct FoundationEssentials.Date
package import OrderedCollections

/// What happened in a run: the sum of its events until now. A pure value.
///
/// Take the events in their order. Events that are not on record are counted, and so are those that this version does not
/// know: the digest is less complete then, but what it says holds.
package struct RunDigest: Sendable {
    /// What happened to a task or group.
    package struct Task: Sendable, Hashable {
        /// The state of a task, or of a group that ended without members; ask ``RunDigest/state(of:)`` for that of any group.
        package internal(set) var state = ExecutionState.pending
        /// Why it entered the state, unless that is clear.
        package internal(set) var reason: String?
        /// When it entered the state; `nil` for the one that it began with.
        package internal(set) var since: Date?
        package internal(set) var attempts: [Attempt] = []
        package internal(set) var isAllowedFailure = false
        /// What it published. Secrets are masked.
        package internal(set) var outputs: OrderedDictionary<String, JSONText> = [:]

        /// From the beginning of the first attempt to the end of the last one, with the pauses between them; `nil` if it has
        /// not run, or still does.
        package var duration: Duration? {
            guard state.isFinal, let start = attempts.first?.start, let end = attempts.last?.end else { return nil }
            return Duration.seconds(max(0, end.timeIntervalSince(start)))
        }
    }

    /// An attempt of a task.
    package struct Attempt: Sendable, Hashable {
        package let number: Int
        /// When it began; `nil` if that is not on record.
        package let start: Date?
        /// When it ended; `nil` if it runs, or that is not on record.
        package internal(set) var end: Date?
        /// How it ended: a failure is one also if another attempt follows.
        package internal(set) var state = ExecutionState.running
        /// Why it failed or was aborted, and its last lines.
        package internal(set) var failure: AttemptFailure?
        /// The machine of an executor that executed it; `nil` for the machine of the engine.
        package internal(set) var machine: String?

        package var duration: Duration? {
            guard let start, let end else { return nil }
            return Duration.seconds(max(0, end.timeIntervalSince(start)))
        }
    }

    package private(set) var nodes: RunNodes
    package private(set) var tasks: [Task]
    /// How the run ended; `nil` if it has not, or that is not on record.
    package private(set) var conclusion: RunConclusion?
    package private(set) var endedAt: Date?
    /// The number of the last event.
    package private(set) var lastNumber = 0
    /// How many events before the last one are not on record.
    package private(set) var missingEvents = 0
    /// How many events this version does not know.
    package private(set) var unknownEvents = 0
    /// How many tasks are in each state. Groups count only if they ended without members.
    package private(set) var counts: [ExecutionState: Int] = [:]
    /// The tasks in the order of their ends.
    private(set) var finished: [Int] = []
    /// For each group how many of its members there are, and in which states they ended; only of groups with members.
    private var groups: [Int: Members] = [:]

    private struct Members: Sendable {
        var count = 0
        var ended: [ExecutionState: Int] = [:]
        /// Whether one of them runs, or ended.
        var hasBegun = false
    }

    package init(_ shape: RunShape) {
        nodes = RunNodes(shape)
        tasks = Array(repeating: Task(), count: nodes.count)
        for node in nodes.indices { enter(node) }
    }

    /// Takes in an event. One that was taken in already changes nothing.
    package mutating func apply(_ event: RecordedEvent) {
        guard event.number > lastNumber else { return }
        missingEvents += event.number - lastNumber - 1
        lastNumber = event.number
        switch event.content {
        case .change(let change): apply(change, at: event.time)
        case .published(let publication): tasks[number(of: publication.task)].outputs = publication.values
        case .expanded(let expansion):
            _ = number(of: expansion.group)
            for name in expansion.nodes { _ = number(of: name) }
        case .ended(let conclusion): (self.conclusion, endedAt) = (conclusion, event.time)
        case .unknown: unknownEvents += 1
        }
    }

    /// The state of a task or group: that of a group follows from its members.
    package func state(of node: Int) -> ExecutionState {
        guard let members = groups[node] else { return tasks[node].state }
        let ended = members.ended.values.reduce(0, +)
        guard ended == members.count else { return members.hasBegun ? .running : .pending }
        for state in [ExecutionState.failed, .aborted, .defaulted, .completed] where members.ended[state] ?? 0 > 0 {
            return state
        }
        return .skipped
    }

    /// Whether a node speaks for itself: a task, or a group that ended without members.
    package func isTold(_ node: Int) -> Bool {
        groups[node] == nil && (!nodes[node].isGroup || tasks[node].state.isFinal)
    }

    // MARK: Changes

    private mutating func apply(_ change: StateChange, at time: Date) {
        let node = number(of: change.task)
        let old = tasks[node].state
        count(node, -1)
        Self.note(change, at: time, in: &tasks[node])
        count(node, 1)
        guard old != change.to else { return }
        if change.to.isFinal { finished.append(node) }
        tell(node, old, change.to)
    }

    private static func note(_ change: StateChange, at time: Date, in task: inout Task) {
        if change.from == .running {
            // An attempt that failed leaves its task waiting for the next one.
            let state: ExecutionState = change.to.isFinal ? change.to : .failed
            if task.attempts.last?.number != change.attempt || task.attempts.last?.end != nil {
                task.attempts.append(Attempt(number: change.attempt, start: nil))
            }
            let last = task.attempts.count - 1
            task.attempts[last].end = time
            task.attempts[last].state = state
            task.attempts[last].failure = change.failure
            task.attempts[last].machine = change.machine
        }
        if change.to == .running {
            task.attempts.append(Attempt(number: change.attempt, start: time, machine: change.machine))
        }
        task.state = change.to
        task.reason = change.reason
        task.since = time
        task.isAllowedFailure = change.isAllowedFailure
    }

    private mutating func count(_ node: Int, _ difference: Int) {
        if isTold(node) { counts[tasks[node].state, default: 0] += difference }
    }

    /// Has the groups around a node know of its state.
    private mutating func tell(_ node: Int, _ old: ExecutionState, _ new: ExecutionState) {
        guard let group = nodes[node].group else { return }
        let before = state(of: group)
        if old.isFinal { groups[group]?.ended[old, default: 0] -= 1 }
        if new.isFinal { groups[group]?.ended[new, default: 0] += 1 }
        if new.isFinal || new == .running { groups[group]?.hasBegun = true }
        let after = state(of: group)
        if before != after { tell(group, before, after) }
    }

    private mutating func number(of name: String) -> Int {
        let first = nodes.count
        let number = nodes.number(of: name)
        for node in first..<nodes.count {
            tasks.append(Task())
            enter(node)
        }
        return number
    }

    private mutating func enter(_ node: Int) {
        if let group = nodes[node].group {
            count(group, -1)
            groups[group, default: Members()].count += 1
        }
        count(node, 1)
    }
}
