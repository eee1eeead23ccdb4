package import FlowmancerCore

/// How far a group is: the tasks that run for the items of one list.
package struct GroupProgress: Sendable, Hashable {
    /// How many tasks of it are known.
    package private(set) var total = 0
    private var counts: [ExecutionState: Int] = [:]
    /// How many of them failed as they may.
    package private(set) var allowedFailures = 0

    /// How many of its tasks have reached a final state.
    package var done: Int { counts.reduce(0) { $0 + ($1.key.isFinal ? $1.value : 0) } }

    /// How many of its tasks are in a state; of the failed ones, those that should not have failed.
    package func count(_ state: ExecutionState) -> Int {
        (counts[state] ?? 0) - (state == .failed ? allowedFailures : 0)
    }

    /// Takes over a change of state.
    ///
    /// - Parameter old: The state that the task leaves; `nil` for a task that was not known.
    mutating func apply(_ event: ExecutionEvent, from old: ExecutionState?) {
        if let old { counts[old, default: 0] -= 1 } else { total += 1 }
        counts[event.to, default: 0] += 1
        if event.isAllowedFailure { allowedFailures += 1 }
    }
}
