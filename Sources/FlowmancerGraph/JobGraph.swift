/// The tasks of a job and their dependencies, to be drawn.
package struct JobGraph: Sendable {
    /// A task, or what stands for several.
    package struct Node: Sendable, Hashable {
        /// What a node stands for.
        package enum Kind: Sendable, Hashable {
            case task
            /// Tasks that differ in their items only.
            case group
            /// A job within the job: a box around its tasks.
            case job
            /// One for each of several items: a box around the tasks of one.
            case jobs
            /// A group whose members are shown: a box around them.
            case members

            /// Whether other nodes stand in it.
            package var isBox: Bool { self == .job || self == .jobs || self == .members }
            /// Whether it stands for several of its kind.
            package var isStack: Bool { self == .group || self == .jobs }
        }

        package var name: String
        /// The name of its type; empty for a box.
        package var type: String
        package var kind: Kind
        /// The number of the box that it stands in; `nil` for a node outside of boxes.
        package var box: Int?
        /// What is said of it: its items, and what the job says of failures: `any_failed`, `allow_failure`.
        package var notes: [String]
        /// The condition on which it runs.
        package var condition: String?

        package init(
            name: String,
            type: String,
            kind: Kind = .task,
            box: Int? = nil,
            notes: [String] = [],
            condition: String? = nil
        ) {
            self.name = name
            self.type = type
            self.kind = kind
            self.box = box
            self.notes = notes
            self.condition = condition
        }

        /// All that is said of it, each for a line of its own.
        var remarks: [String] { notes + (condition.map { ["when \(Self.cut($0))"] } ?? []) }

        /// Conditions that are longer would make the picture wide.
        private static let longestCondition = 48

        static func cut(_ condition: String) -> String {
            condition.count <= longestCondition ? condition : "\(condition.prefix(longestCondition - 1))…"
        }
    }

    package let title: String
    package let nodes: [Node]
    /// The dependencies as pairs of nodes: the second waits for the first. None is between a box and what stands in it.
    package let edges: [(from: Int, to: Int)]
    /// The names of single items that nodes wait for, where they do not wait for a group as a whole.
    let items: [Edge: Set<String>]

    /// A dependency.
    struct Edge: Hashable {
        let from: Int
        let to: Int
    }

    /// Creates a graph without cycles.
    package init(title: String, nodes: [Node], edges: [(from: Int, to: Int)]) {
        self.init(title: title, nodes: nodes, edges: edges, items: [:])
    }

    init(title: String, nodes: [Node], edges: [(from: Int, to: Int)], items: [Edge: Set<String>]) {
        self.title = title
        self.nodes = nodes
        self.edges = edges
        self.items = items
    }

    /// The name as it is shown: in a box, without that of the box.
    func label(of node: Int) -> String {
        let name = nodes[node].name
        guard let box = nodes[node].box else { return name }
        if nodes[box].kind == .members, name.hasPrefix(nodes[box].name) {
            return label(of: box) + name.dropFirst(nodes[box].name.count)
        }
        let prefix = nodes[box].name + "/"
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    /// For each node, those that stand in it.
    var contents: [[Int]] {
        var contents = [[Int]](repeating: [], count: nodes.count)
        for (node, entry) in nodes.enumerated() { if let box = entry.box { contents[box].append(node) } }
        return contents
    }
}
