extension JobGraph {
    /// Of a group with more members, only the first are shown.
    package static let shownMembers = 500
    /// In a graph that has so many nodes, no further group is taken apart.
    private static let mostNodes = 5_000

    /// Returns the graph with the members of groups in boxes of their own.
    ///
    /// - Parameter keys: Returns the keys of a group's items by its name, such as `load`, or `each[eu]/load` for a group in a
    ///   member of another; `nil` if they are not known.
    package func expanding(_ keys: (_ group: String) -> [String]?) -> JobGraph {
        var expansion = Expansion(self, contents)
        for node in nodes.indices where nodes[node].box == nil { expansion.add(node, to: nil, keys) }
        return expansion.graph
    }

    /// Copies a graph, and some of its nodes several times.
    private struct Expansion {
        private let source: JobGraph
        private let contents: [[Int]]
        private var nodes: [Node] = []
        /// For each node of the source, its copies.
        private var copies: [[Int]]

        init(_ source: JobGraph, _ contents: [[Int]]) {
            self.source = source
            self.contents = contents
            copies = Array(repeating: [], count: source.nodes.count)
        }

        /// Adds a node with all that stands in it.
        ///
        /// - Parameter names: The beginning of the node's name, and what takes its place.
        mutating func add(
            _ node: Int,
            to box: Int?,
            _ keys: (String) -> [String]?,
            renaming names: (old: String, new: String)? = nil
        ) {
            let name = Self.renamed(source.nodes[node].name, names)
            let isOpen = source.nodes[node].kind.isStack && nodes.count < JobGraph.mostNodes
            guard isOpen, let members = keys(name) else {
                let copy = append(node, name, to: box)
                for inner in contents[node] { add(inner, to: copy, keys, renaming: names) }
                return
            }
            let group = append(node, name, to: box)
            let kind = nodes[group].kind
            nodes[group].kind = .members
            for key in members.prefix(JobGraph.shownMembers) {
                let member = "\(name)[\(key)]"
                let type = source.nodes[node].type
                nodes.append(Node(name: member, type: type, kind: kind == .jobs ? .job : .task, box: group))
                let number = nodes.count - 1
                for inner in contents[node] {
                    add(inner, to: number, keys, renaming: (old: "\(source.nodes[node].name)/", new: "\(member)/"))
                }
            }
            let others = members.count - JobGraph.shownMembers
            if others > 0 { nodes.append(Node(name: "\(others) more", type: "", kind: .group, box: group)) }
        }

        private mutating func append(_ node: Int, _ name: String, to box: Int?) -> Int {
            var copy = source.nodes[node]
            copy.name = name
            copy.box = box
            nodes.append(copy)
            copies[node].append(nodes.count - 1)
            return nodes.count - 1
        }

        private static func renamed(_ name: String, _ names: (old: String, new: String)?) -> String {
            guard let names, name.hasPrefix(names.old) else { return name }
            return names.new + name.dropFirst(names.old.count)
        }

        /// The single items that an edge comes from; none if it comes from a group as a whole, or if they are not shown.
        private func items(of edge: (from: Int, to: Int)) -> [Int] {
            guard let names = source.items[Edge(from: edge.from, to: edge.to)] else { return [] }
            let found = nodes.indices.filter { names.contains(nodes[$0].name) }
            return found.count == names.count ? found : []
        }

        /// The copies, with the edges between those of the same member.
        var graph: JobGraph {
            var edges: [(from: Int, to: Int)] = []
            for edge in source.edges {
                let targets = copies[edge.to]
                let items = items(of: edge)
                let sources = items.isEmpty ? copies[edge.from] : items
                if items.isEmpty, sources.count == targets.count,
                    source.nodes[edge.from].box == source.nodes[edge.to].box
                {
                    edges += zip(sources, targets).map { (from: $0, to: $1) }
                } else {
                    edges += targets.flatMap { target in sources.map { (from: $0, to: target) } }
                }
            }
            return JobGraph(title: source.title, nodes: nodes, edges: edges)
        }
    }
}
