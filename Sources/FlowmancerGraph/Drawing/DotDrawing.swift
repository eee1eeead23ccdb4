import FlowmancerCore

/// Draws a graph in the language of Graphviz.
struct DotDrawing {
    private let graph: JobGraph
    private let contents: [[Int]]
    private var lines: [String]

    static func draw(_ graph: JobGraph) -> String {
        var drawing = DotDrawing(graph)
        for node in graph.nodes.indices where graph.nodes[node].box == nil { drawing.add(node, indent: "    ") }
        for edge in graph.edges { drawing.lines.append("    \(drawing.statement(of: edge))") }
        drawing.lines.append("}")
        return drawing.lines.joined(separator: "\n")
    }

    private init(_ graph: JobGraph) {
        self.graph = graph
        contents = graph.contents
        lines = [
            "digraph \(Self.quoted(graph.title)) {",
            "    node [shape=box, style=rounded, fontname=\"Helvetica\"];",
        ]
        if graph.nodes.contains(where: \.kind.isBox) {
            // So that edges can end at a box.
            lines.append("    graph [compound=true, style=rounded, fontname=\"Helvetica\"];")
        }
    }

    private mutating func add(_ number: Int, indent: String) {
        let node = graph.nodes[number]
        let label = ([graph.label(of: number)] + node.remarks).map(Self.escaped).joined(separator: "\\n")
        guard node.kind.isBox else {
            let shape = node.kind.isStack ? ", shape=box3d, style=solid" : ""
            lines.append("\(indent)t\(number) [label=\"\(label)\", tooltip=\(Self.quoted(node.type))\(shape)];")
            return
        }
        lines.append("\(indent)subgraph cluster_t\(number) {")
        lines.append("\(indent)    label=\"\(label)\";" + (node.kind.isStack ? " peripheries=2;" : " peripheries=1;"))
        // A box without anything in it would not be drawn.
        if contents[number].isEmpty { lines.append("\(indent)    t\(number) [label=\"\", shape=none];") }
        for inner in contents[number] { add(inner, indent: indent + "    ") }
        lines.append("\(indent)}")
    }

    /// An edge at a box is one of a task in it, cut off where it passes the box.
    private func statement(of edge: (from: Int, to: Int)) -> String {
        var attributes: [String] = []
        if graph.nodes[edge.from].kind.isBox { attributes.append("ltail=cluster_t\(edge.from)") }
        if graph.nodes[edge.to].kind.isBox { attributes.append("lhead=cluster_t\(edge.to)") }
        let ends = "t\(innermost(edge.from) { $0.last }) -> t\(innermost(edge.to) { $0.first })"
        return ends + (attributes.isEmpty ? ";" : " [\(attributes.joined(separator: ", "))];")
    }

    private func innermost(_ node: Int, _ choice: ([Int]) -> Int?) -> Int {
        var node = node
        while let inner = choice(contents[node]) { node = inner }
        return node
    }

    static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// A backslash starts an escape in a label, and `&` a character reference of HTML, even in plain labels.
    private static func escaped(_ text: String) -> String {
        text.replacingScalars { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "&": "&amp;"
            default: nil
            }
        }
    }
}
