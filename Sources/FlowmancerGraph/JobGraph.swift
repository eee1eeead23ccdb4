package import FlowmancerCore

/// The tasks of a job and their dependencies, to be drawn.
package struct JobGraph: Sendable {
    /// One task.
    package struct Node: Sendable, Hashable {
        package var name: String
        /// The name of its type.
        package var type: String
        /// What the job says of failures, if it says anything: `any_failed`, `allow_failure`.
        package var notes: [String]

        package init(name: String, type: String, notes: [String] = []) {
            self.name = name
            self.type = type
            self.notes = notes
        }
    }

    package let title: String
    package let nodes: [Node]
    /// The dependencies as pairs of nodes: the second waits for the first.
    package let edges: [(from: Int, to: Int)]

    /// Creates a graph without cycles.
    package init(title: String, nodes: [Node], edges: [(from: Int, to: Int)]) {
        self.title = title
        self.nodes = nodes
        self.edges = edges
    }

    /// Creates the graph of a job whose tasks can be put in an order.
    package init(_ job: JobDefinition) {
        let graph = TaskGraph(job)
        self.init(
            title: job.configuration.name.printable,
            nodes: job.tasks.map { name, task in
                let rule = task.runIf == .allCompleted ? [] : [task.runIf.rawValue]
                let notes = rule + (task.allowsFailure ? ["allow_failure"] : [])
                return Node(name: name.printable, type: task.variant.printable, notes: notes)
            },
            edges: graph.dependencies.enumerated().flatMap { task, dependencies in
                dependencies.map { (from: $0, to: task) }
            }
        )
    }
}
