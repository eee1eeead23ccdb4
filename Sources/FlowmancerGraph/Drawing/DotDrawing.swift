import FlowmancerCore

/// Draws a graph in the language of Graphviz.
enum DotDrawing {
    static func draw(_ graph: JobGraph) -> String {
        var lines = [
            "digraph \(quoted(graph.title)) {",
            "    node [shape=box, style=rounded, fontname=\"Helvetica\"];",
        ]
        for (number, node) in graph.nodes.enumerated() {
            lines.append("    t\(number) [label=\(quoted(node.name)), tooltip=\(quoted(node.type))];")
        }
        for edge in graph.edges { lines.append("    t\(edge.from) -> t\(edge.to);") }
        lines.append("}")
        return lines.joined(separator: "\n")
    }

    /// A backslash starts an escape in a label, and `&` a character reference of HTML, even in plain labels.
    static func quoted(_ text: String) -> String {
        let escaped = text.replacingScalars { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "&": "&amp;"
            default: nil
            }
        }
        return "\"\(escaped)\""
    }
}
