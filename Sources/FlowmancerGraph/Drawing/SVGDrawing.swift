import FlowmancerCore

/// Draws a graph as a picture.
package enum SVGDrawing {
    private static let margin = 24.0
    private static let gaps = NestedLayout.Gaps(nodes: 24, rows: 36, margin: 16)

    package static func draw(_ graph: JobGraph, _ look: SVGLook = .file) -> String {
        let labels = graph.nodes.indices.map { SVGLabel(graph, $0, look) }
        let layout = NestedLayout(
            boxes: graph.nodes.map(\.box),
            edges: graph.edges,
            sizes: labels.map(\.size),
            gaps: gaps
        )
        let (width, height) = (layout.width + 2 * margin, layout.height + 2 * margin)
        var lines = [header(graph.title, look, width: width, height: height)]
        func shape(_ node: Int) -> String {
            let (centre, size) = (layout.nodes[node], layout.sizes[node])
            let corner = GraphLayout.Point(
                x: centre.x + margin - size.width / 2,
                y: centre.y + margin - size.height / 2
            )
            return labels[node].shape(at: corner, size: size)
        }
        // A box lies under what stands in it, and under its edges.
        for node in graph.nodes.indices where graph.nodes[node].kind.isBox { lines.append(shape(node)) }
        lines.append(look.edges)
        for segment in layout.segments { lines.append(path(segment)) }
        lines.append("</g>")
        for node in graph.nodes.indices where !graph.nodes[node].kind.isBox { lines.append(shape(node)) }
        lines.append("</svg>")
        return lines.joined(separator: "\n")
    }

    private static func header(_ title: String, _ look: SVGLook, width: Double, height: Double) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
        viewBox="0 0 \(number(width)) \(number(height))" \(look.attributes)>
        <title>\(escaped(title))</title>
        <defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
        <path d="M0,0.5 L8,4 L0,7.5 Z" \(look.arrow)/></marker></defs>
        """ + look.background
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
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
