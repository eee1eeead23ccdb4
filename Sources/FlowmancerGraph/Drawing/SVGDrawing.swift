import FlowmancerCore

/// Draws a graph as a picture.
enum SVGDrawing {
    private static let nodeHeight = 40.0
    private static let margin = 24.0
    /// Names that are longer are cut; the whole name is in the tooltip.
    private static let longestName = 36

    static func draw(_ graph: JobGraph) -> String {
        let labels = graph.nodes.map { node in
            (name: cut(node.name), type: ([cut(node.type)] + node.notes).joined(separator: " · "))
        }
        let widths = labels.map { max(72, TextWidth.of($0.name, size: 13), TextWidth.of($0.type, size: 10)) + 24 }
        let layout = GraphLayout(
            edges: graph.edges,
            sizes: .init(widths: widths, nodeHeight: nodeHeight, gap: 24, rowGap: 36)
        )
        let (width, height) = (layout.width + 2 * margin, layout.height + 2 * margin)
        var lines = [header(graph.title, width: width, height: height)]
        lines.append("<g fill=\"none\" stroke=\"#8a94a3\" stroke-width=\"1.2\">")
        for segment in layout.segments { lines.append(path(segment)) }
        lines.append("</g>")
        for (number, node) in graph.nodes.enumerated() {
            lines.append(box(node, labels[number], at: layout.nodes[number], width: widths[number]))
        }
        lines.append("</svg>")
        return lines.joined(separator: "\n")
    }

    private static func header(_ title: String, width: Double, height: Double) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
        viewBox="0 0 \(number(width)) \(number(height))" font-family="Helvetica, Arial, sans-serif" text-anchor="middle">
        <title>\(escaped(title))</title>
        <defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
        <path d="M0,0.5 L8,4 L0,7.5 Z" fill="#8a94a3"/></marker></defs>
        <rect width="100%" height="100%" fill="#ffffff"/>
        """
    }

    /// A curve that starts and ends straight down, so that the segments of an edge meet without a corner.
    private static func path(_ segment: GraphLayout.Segment) -> String {
        let (start, end) = (point(segment.start), point(segment.end))
        let middle = (segment.start.y + segment.end.y) / 2 + margin
        let isStraight = abs(segment.start.x - segment.end.x) < 0.05
        let curve =
            isStraight
            ? "V\(number(segment.end.y + margin))"
            : "C\(number(segment.start.x + margin)),\(number(middle)) \(number(segment.end.x + margin)),\(number(middle)) \(end)"
        let arrow = segment.isLast ? " marker-end=\"url(#arrow)\"" : ""
        // One that passes behind tasks must not be taken for one of theirs.
        let dashes = segment.isDirect ? " stroke-dasharray=\"2 4\"" : ""
        return "<path d=\"M\(start) \(curve)\"\(arrow)\(dashes)/>"
    }

    private static func box(
        _ node: JobGraph.Node,
        _ label: (name: String, type: String),
        at centre: GraphLayout.Point,
        width: Double
    ) -> String {
        let x = number(centre.x + margin)
        let (left, top) = (centre.x + margin - width / 2, centre.y + margin - nodeHeight / 2)
        return """
            <g><title>\(escaped(node.name)) (\(escaped(([node.type] + node.notes).joined(separator: ", "))))</title>\
            <rect x="\(number(left))" y="\(number(top))" width="\(number(width))" height="\(number(nodeHeight))" rx="7" \
            fill="#eef3fb" stroke="#4a6da7"/>\
            <text x="\(x)" y="\(number(top + 18))" font-size="13" fill="#1c2733">\(escaped(label.name))</text>\
            <text x="\(x)" y="\(number(top + 32))" font-size="10" fill="#5b6877">\(escaped(label.type))</text></g>
            """
    }

    private static func cut(_ text: String) -> String {
        text.count <= longestName ? text : "\(text.prefix(longestName - 1))…"
    }

    static func escaped(_ text: String) -> String {
        text.replacingScalars { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            // XML has no way to write these.
            case "\u{FFFE}", "\u{FFFF}": "\u{FFFD}"
            default: nil
            }
        }
    }

    private static func point(_ point: GraphLayout.Point) -> String {
        "\(number(point.x + margin)),\(number(point.y + margin))"
    }

    /// Tenths of a pixel are precise enough.
    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
