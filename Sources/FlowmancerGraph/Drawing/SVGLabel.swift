import FlowmancerCore

/// A node of a picture: what is written in it, and its shape.
struct SVGLabel {
    private static let padding = 12.0
    private static let narrowest = 72.0
    /// How far the sheets of a stack are moved.
    private static let sheet = 4.0
    /// Names that are longer are cut; the whole name is in the tooltip.
    private static let longestName = 36

    private let kind: JobGraph.Node.Kind
    private let name: String
    /// The smaller lines below the name.
    private let details: [String]
    private let tooltip: String
    private let paint: SVGLook.Paint

    init(_ graph: JobGraph, _ number: Int, _ look: SVGLook) {
        let node = graph.nodes[number]
        kind = node.kind
        paint = look.paint(of: number, node.kind)
        name = paint.symbol + Self.cut(graph.label(of: number))
        let first = (node.type.isEmpty ? [] : [Self.cut(node.type)]) + node.notes
        details =
            (first.isEmpty ? [] : [first.joined(separator: " · ")])
            + (node.condition.map { ["when \(JobGraph.Node.cut($0))"] } ?? [])
        let facts = (node.type.isEmpty ? [] : [node.type]) + node.notes + (node.condition.map { ["when \($0)"] } ?? [])
        tooltip = node.name + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
    }

    /// How large the node is; of a box, only its heading.
    var size: NestedLayout.Size {
        let texts = [TextWidth.of(name, size: 13)] + details.map { TextWidth.of($0, size: 10) }
        let width = max(Self.narrowest, texts.max() ?? 0) + 2 * Self.padding
        return .init(width: width + stackDepth, height: textHeight + stackDepth)
    }

    private var textHeight: Double {
        let lines = Double(details.count)
        return kind.isBox ? 30 + 14 * lines : 26 + 14 * max(1, lines)
    }
    private var stackDepth: Double { kind.isStack ? 2 * Self.sheet : 0 }

    func shape(at corner: GraphLayout.Point, size: NestedLayout.Size) -> String {
        let (width, height) = (size.width - stackDepth, size.height - stackDepth)
        let top = corner.y + stackDepth
        // The front of a stack lies below on the left.
        let rectangles = stride(from: stackDepth, through: 0, by: -Self.sheet).map { offset in
            "<rect x=\"\(number(corner.x + offset))\" y=\"\(number(top - offset))\" width=\"\(number(width))\" "
                + "height=\"\(number(height))\" rx=\"7\" \(paint.shape)/>"
        }
        let x = number(corner.x + width / 2)
        var texts = [text(name, x: x, y: top + 18, size: 13, paint.name)]
        for (index, line) in details.enumerated() {
            texts.append(text(line, x: x, y: top + 32 + 14 * Double(index), size: 10, paint.detail))
        }
        return "<g><title>\(SVGDrawing.escaped(tooltip))</title>" + (rectangles + texts).joined() + "</g>"
    }

    private func text(_ text: String, x: String, y: Double, size: Int, _ paint: String) -> String {
        "<text x=\"\(x)\" y=\"\(number(y))\" font-size=\"\(size)\" \(paint)>\(SVGDrawing.escaped(text))</text>"
    }

    private func number(_ value: Double) -> String { SVGDrawing.number(value) }

    private static func cut(_ text: String) -> String {
        text.count <= longestName ? text : "\(text.prefix(longestName - 1))…"
    }
}
