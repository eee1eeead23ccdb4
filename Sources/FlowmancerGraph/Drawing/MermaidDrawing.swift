import FlowmancerCore

/// Draws a graph in the language of Mermaid, which Markdown viewers know.
struct MermaidDrawing {
    private let graph: JobGraph
    private let contents: [[Int]]
    private var lines = ["flowchart TD"]

    static func draw(_ graph: JobGraph) -> String {
        var drawing = MermaidDrawing(graph)
        for node in graph.nodes.indices where graph.nodes[node].box == nil { drawing.add(node, indent: "    ") }
        for edge in graph.edges { drawing.lines.append("    t\(edge.from) --> t\(edge.to)") }
        return drawing.lines.joined(separator: "\n")
    }

    private init(_ graph: JobGraph) {
        self.graph = graph
        contents = graph.contents
    }

    private mutating func add(_ number: Int, indent: String) {
        let node = graph.nodes[number]
        let label = ([graph.label(of: number)] + node.remarks).map(Self.escaped).joined(separator: "<br/>")
        guard node.kind.isBox else {
            // The sides of a group are doubled: all versions know that.
            lines.append("\(indent)t\(number)" + (node.kind.isStack ? "[[\"\(label)\"]]" : "[\"\(label)\"]"))
            return
        }
        lines.append("\(indent)subgraph t\(number)[\"\(label)\"]")
        for inner in contents[number] { add(inner, indent: indent + "    ") }
        lines.append("\(indent)end")
    }

    /// Writes everything that could mean something to Mermaid, to Markdown or to HTML as a character reference.
    static func escaped(_ text: String) -> String {
        text.replacingScalars { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", " ", ".", "/": nil
            default: scalar.isASCII ? "#\(scalar.value);" : nil
            }
        }
    }
}
