import FlowmancerCore

/// Draws a graph in the language of Graphviz.
enum DotDrawing {
    static func draw(_ graph: JobGraph) -> String {
        var lines = [
            "digraph \(quoted(graph.title)) {",
            "    node [shape=box, style=rounded, fontname=\"Helvetica\"];",
        ]
        for (number, node) in graph.nodes.enumerated() {
            let label = ([node.name] + node.notes).map(escaped).joined(separator: "\\n")
            lines.append("    t\(number) [label=\"\(label)\", tooltip=\(quoted(node.type))];")
        }
        for edge in graph.edges { lines.append("    t\(edge.from) -> t\(edge.to);") }
        lines.append("}")
        return lines.joined(separator: "\n")
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
