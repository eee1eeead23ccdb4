/// The languages in which a graph can be drawn.
package enum GraphFormat: String, Sendable, CaseIterable {
    case mermaid, dot, svg

    /// Returns the drawing, without a line feed at its end.
    package func draw(_ graph: JobGraph) -> String {
        switch self {
        case .mermaid: MermaidDrawing.draw(graph)
        case .dot: DotDrawing.draw(graph)
        case .svg: SVGDrawing.draw(graph)
        }
    }
}
