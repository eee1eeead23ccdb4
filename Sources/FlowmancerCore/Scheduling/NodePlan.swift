/// Nodes that come into a run together: those that it begins with, or those that a group expands into.
///
/// A node is a task or a group. Here it goes by its position in the plan; in the run, the nodes of a plan get the next free
/// numbers, in the same order.
package struct NodePlan: Sendable, Hashable {
    /// The names of the nodes and the order between them.
    package var graph: TaskGraph
    /// The traits of every node.
    package var traits: TraitsTable
    /// What is known of every node beforehand.
    package var origins: [TaskOrigin]
    /// The groups of this plan whose members are known beforehand: the group of each member.
    package var containers: [Int: Int]
    /// What an earlier run decided about nodes that need preparation: they are not prepared again.
    package var preparations: [Int: Preparation]

    /// - Parameter origins: If empty, every node has to run.
    package init(
        _ graph: TaskGraph,
        traits: TraitsTable,
        origins: [TaskOrigin] = [],
        containers: [Int: Int] = [:],
        preparations: [Int: Preparation] = [:]
    ) {
        self.graph = graph
        self.traits = traits
        self.origins = origins
        self.containers = containers
        self.preparations = preparations
    }
}

/// What is known of a task before the run begins.
package enum TaskOrigin: Sendable, Hashable {
    /// It has to run.
    case fresh
    /// An earlier run completed it.
    case completed
    /// It failed in an earlier run, which it may.
    case failed
    /// It is left out on request.
    case skipped

    /// The state in which the task ends without running; `nil` if it has to run.
    package var knownState: ExecutionState? {
        switch self {
        case .fresh: nil
        case .completed: .completed
        case .failed: .failed
        case .skipped: .skipped
        }
    }
}

/// What was found out about a node whose rule is met, for a ``NodeTraits/isPrepared`` one.
package struct Preparation: Sendable, Hashable {
    package enum Decision: Sendable, Hashable {
        /// It runs; a group, with the members that it has.
        case run
        /// It is skipped.
        case skip
        /// It counts as completed without running.
        case complete
        /// It failed without an attempt.
        case fail
        /// It is a group of these nodes.
        case expand(NodePlan)
    }

    package var decision: Decision
    /// Why, in words.
    package var reason: String?
    /// What is stored of it. A restart makes the same preparation of it.
    package var record: JSONText
    /// The values of the variables that its attempts need, if they need any.
    package var bindings: RunBindings?
    /// The time limit of its attempts, if it was not known before.
    package var timeout: TimeLimit?

    package init(_ decision: Decision, because reason: String? = nil, record: JSONText) {
        self.decision = decision
        self.reason = reason
        self.record = record
    }
}
