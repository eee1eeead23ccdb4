/// Where the nodes of a graph are drawn some of which are boxes around others.
///
/// What stands in a box is laid out by itself, and the box is then a node of its size. An edge between nodes of different
/// boxes is one between these boxes.
package struct NestedLayout: Sendable {
    /// The size of a node, without what stands in it.
    package struct Size: Sendable, Hashable {
        package var width: Double
        package var height: Double

        package init(width: Double, height: Double) {
            self.width = width
            self.height = height
        }
    }

    /// How far nodes are apart.
    package struct Gaps: Sendable {
        /// Between neighbours in a row.
        package var nodes: Double
        /// Between rows.
        package var rows: Double
        /// Between a box and what stands in it.
        package var margin: Double

        package init(nodes: Double, rows: Double, margin: Double) {
            self.nodes = nodes
            self.rows = rows
            self.margin = margin
        }
    }

    /// The middle of each node.
    package private(set) var nodes: [GraphLayout.Point]
    /// The size of each node; that of a box has room for what stands in it.
    package private(set) var sizes: [Size]
    package private(set) var segments: [GraphLayout.Segment] = []
    package private(set) var width = 0.0
    package private(set) var height = 0.0

    /// - Parameters:
    ///   - boxes: For each node, the number of the box that it stands in. A box comes before what stands in it.
    ///   - edges: The edges; without those that lead to boxes around their beginning, there are no cycles.
    ///   - sizes: The size of each node; of a box, that of its heading.
    package init(boxes: [Int?], edges: [(from: Int, to: Int)], sizes: [Size], gaps: Gaps) {
        nodes = Array(repeating: .init(x: 0, y: 0), count: sizes.count)
        self.sizes = sizes
        // What stands in each box; in the last place, what stands in none.
        let outside = sizes.count
        var contents = [[Int]](repeating: [], count: sizes.count + 1)
        var positions = [Int](repeating: 0, count: sizes.count)
        for (node, box) in boxes.enumerated() {
            positions[node] = contents[box ?? outside].count
            contents[box ?? outside].append(node)
        }
        let lifted = LiftedEdges(edges, boxes: boxes).edges
        let scopes = contents.indices.filter { $0 == outside || !contents[$0].isEmpty }
        var layouts: [Int: GraphLayout] = [:]
        // The innermost boxes come first.
        for scope in scopes.filter({ $0 != outside }).reversed() + [outside] {
            let inner = contents[scope]
            let layout = GraphLayout(
                edges: (lifted[scope == outside ? nil : scope] ?? []).map { (positions[$0.from], positions[$0.to]) },
                sizes: .init(
                    widths: inner.map { self.sizes[$0].width },
                    heights: inner.map { self.sizes[$0].height },
                    gap: gaps.nodes,
                    rowGap: gaps.rows
                )
            )
            layouts[scope] = layout
            guard scope != outside else { continue }
            self.sizes[scope].width = max(sizes[scope].width, layout.width + 2 * gaps.margin)
            self.sizes[scope].height = sizes[scope].height + layout.height + gaps.margin
        }
        (width, height) = (layouts[outside]?.width ?? 0, layouts[outside]?.height ?? 0)
        if let layout = layouts[outside] { place(layout, contents[outside], at: .init(x: 0, y: 0)) }
        for scope in scopes where scope != outside {
            guard let layout = layouts[scope] else { continue }
            let (centre, size) = (nodes[scope], self.sizes[scope])
            let left = centre.x - layout.width / 2
            place(layout, contents[scope], at: .init(x: left, y: centre.y - size.height / 2 + sizes[scope].height))
        }
    }

    private mutating func place(_ layout: GraphLayout, _ members: [Int], at corner: GraphLayout.Point) {
        func moved(_ point: GraphLayout.Point) -> GraphLayout.Point {
            .init(x: corner.x + point.x, y: corner.y + point.y)
        }

        for (node, point) in zip(members, layout.nodes) { nodes[node] = moved(point) }
        segments += layout.segments.map { segment in
            var segment = segment
            (segment.start, segment.end) = (moved(segment.start), moved(segment.end))
            return segment
        }
    }
}
