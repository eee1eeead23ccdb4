package import FlowmancerCore

/// What several entries of a journal come to: one change for every task and every key.
package struct JournalBatch {
    /// The last states of tasks.
    package private(set) var states: [String: ExecutionState] = [:]
    /// The new value of a key; `nil` if it was removed.
    package private(set) var values: [String: JSONText?] = [:]
    /// The last decision about a task.
    package private(set) var decisions: [String: JSONText] = [:]

    /// What tasks published that completed and did not begin anew since.
    package private(set) var outputs: [String: JSONText] = [:]

    /// Sums up entries, in their order.
    package init(_ entries: [JournalEntry]) {
        for entry in entries {
            switch entry.kind {
            case .state:
                guard let state = entry.state else { continue }
                states[entry.name] = state
                if entry.value != nil || !outputs.isEmpty { outputs[entry.name] = entry.value }
            case .set, .remove: values[entry.name] = .some(entry.value)
            case .decision: decisions[entry.name] = entry.value
            default: break
            }
        }
    }
}
