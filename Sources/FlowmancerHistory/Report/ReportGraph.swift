import FlowmancerCore
import FlowmancerGraph

/// The graph of a run's tasks, small enough to be drawn.
struct ReportGraph {
    /// So many nodes can be taken in: groups are opened as long as there are not more.
    static let mostOpened = 300
    /// A picture of more nodes shows nothing any more.
    static let mostDrawn = 1_000

    /// The nodes that are shown, groups before their members.
    let nodes: [Int]
    /// The groups whose members are shown.
    private let opened: Set<Int>
    private let report: RunReport

    init(_ report: RunReport) {
        self.report = report
        var shown = report.digest.nodes.indices.filter { report.digest.nodes[$0].group == nil }
        // The outer groups first.
        var opened: Set<Int> = []
        var next = 0
        while next < shown.count {
            let node = shown[next]
            next += 1
            let members = report.members[node]
            guard !members.isEmpty, shown.count + members.count <= Self.mostOpened else { continue }
            opened.insert(node)
            shown += members
        }
        self.opened = opened
        nodes = shown.sorted()
    }

    /// How many groups there are whose members are not shown.
    var closedGroups: Int { nodes.count { !report.members[$0].isEmpty && !opened.contains($0) } }

    var canBeDrawn: Bool { nodes.count <= Self.mostDrawn }

    /// What is shown of a graph that cannot be drawn.
    var profile: LayerProfile { LayerProfile(report, nodes, report.digest.nodes.dependencies()) }

    var picture: String {
        var numbers: [Int: Int] = [:]
        for (number, node) in nodes.enumerated() { numbers[node] = number }
        let dependencies = report.digest.nodes.dependencies()
        let graph = JobGraph(
            title: "Graph of the tasks of \(report.record.jobName.printable), with their states",
            nodes: nodes.map { entry($0, box: report.digest.nodes[$0].group.flatMap { numbers[$0] }) },
            edges: nodes.flatMap { node in
                dependencies[node].compactMap { dependency in
                    numbers[dependency].flatMap { from in numbers[node].map { (from: from, to: $0) } }
                }
            }
        )
        return SVGDrawing.draw(graph, .page(nodes.map { report.digest.state(of: $0).mark }))
    }

    private func entry(_ node: Int, box: Int?) -> JobGraph.Node {
        JobGraph.Node(
            name: report.name(of: node).printable,
            type: report.digest.nodes[node].isGroup ? "" : report.type(of: node).printable,
            kind: kind(of: node),
            box: box,
            notes: [note(of: node)]
        )
    }

    private func kind(of node: Int) -> JobGraph.Node.Kind {
        let entry = report.digest.nodes[node]
        guard entry.isGroup else { return .task }
        guard opened.contains(node) else { return .group }
        let form = entry.task.map { report.digest.nodes.shape.tasks[$0].form }
        return form == .job ? .job : .members
    }

    private func note(of node: Int) -> String {
        let state = report.digest.state(of: node)
        guard report.members[node].isEmpty else { return report.counts(in: node).text }
        let duration = report.digest.tasks[node].duration.map { " · \($0.reportText)" } ?? ""
        return state.reportWord + duration
    }
}

/// How many of the tasks in a group are in which state.
struct MemberCounts: Hashable {
    private(set) var counts: [ExecutionState: Int] = [:]

    mutating func add(_ state: ExecutionState) { counts[state, default: 0] += 1 }

    var total: Int { counts.values.reduce(0, +) }

    /// `3 completed, 1 failed`
    var text: String {
        ExecutionState.reported.compactMap { state in
            counts[state].map { "\($0) \(state.reportWord)" }
        }.joined(separator: ", ")
    }
}

extension RunReport {
    /// Counts the tasks in a group, also those in groups within it.
    func counts(in group: Int) -> MemberCounts {
        var counts = MemberCounts()
        var open = members[group]
        while let node = open.popLast() {
            if digest.isTold(node) { counts.add(digest.state(of: node)) }
            open += members[node]
        }
        return counts
    }
}
