package import OrderedCollections

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
    /// For each node the group of this plan that it is a member of, -1 if there is none; empty if that holds for all.
    package var containers: [Int32]
    /// What an earlier run decided about nodes that need preparation: they are not prepared again.
    package var preparations: [Int: Preparation]

    /// - Parameter origins: If empty, every node has to run.
    package init(
        _ graph: TaskGraph,
        traits: TraitsTable,
        origins: [TaskOrigin] = [],
        containers: [Int32] = [],
        preparations: [Int: Preparation] = [:]
    ) {
        self.graph = graph
        self.traits = traits
        self.origins = origins
        self.containers = containers
        self.preparations = preparations
    }

    /// The group of this plan that a node is a member of.
    package func container(of node: Int) -> Int? {
        containers.isEmpty || containers[node] < 0 ? nil : Int(containers[node])
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
    /// What its attempts ask for, if it was not known before.
    package var resources: OrderedDictionary<String, ResourceRequest>?

    package init(_ decision: Decision, because reason: String? = nil, record: JSONText) {
        self.decision = decision
        self.reason = reason
        self.record = record
    }
}
