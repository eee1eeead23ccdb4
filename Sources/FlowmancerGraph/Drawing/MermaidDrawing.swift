import FlowmancerCore

/// Draws a graph in the language of Mermaid, which Markdown viewers know.
enum MermaidDrawing {
    static func draw(_ graph: JobGraph) -> String {
        var lines = ["flowchart TD"]
        for (number, node) in graph.nodes.enumerated() {
            let label = ([node.name] + node.notes).map(escaped).joined(separator: "<br/>")
            lines.append("    t\(number)[\"\(label)\"]")
        }
        for edge in graph.edges { lines.append("    t\(edge.from) --> t\(edge.to)") }
        return lines.joined(separator: "\n")
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
