package import FlowmancerCore

/// What several entries of a journal come to: one change for every task and every key.
package struct JournalBatch {
    /// The last state of a task.
    package struct State {
        package var state: ExecutionState
        package var attempt: Int
        /// Whether an attempt began meanwhile.
        package var hasBegun: Bool
    }

    package private(set) var states: [String: State] = [:]
    /// The new value of a key; `nil` if it was removed.
    package private(set) var values: [String: JSONText?] = [:]

    /// Sums up entries, in their order.
    package init(_ entries: [JournalEntry]) {
        for entry in entries {
            switch entry {
            case .state(let task, let state, let attempt):
                let hasBegun = state == .running || states[task]?.hasBegun == true
                states[task] = State(state: state, attempt: attempt, hasBegun: hasBegun)
            case .set(let key, let value):
                values[key] = .some(value)
            case .remove(let key):
                values[key] = .some(nil)
            }
        }
    }
}
