/// Where the nodes and edges of a graph are drawn: in rows, from top to bottom along the edges.
package struct GraphLayout: Sendable {
    /// A point of the picture; y grows downward.
    package struct Point: Sendable, Hashable {
        package var x: Double
        package var y: Double
    }

    /// The middle of each node.
    package private(set) var nodes: [Point]
    /// The parts of edges: each leads down from one point to another, and several edges may share one.
    package private(set) var segments: [Segment] = []
    package private(set) var width = 0.0
    package private(set) var height = 0.0

    /// A part of an edge, or of several.
    package struct Segment: Sendable, Hashable {
        package var start: Point
        package var end: Point
        /// Whether it ends at a node.
        package var isLast: Bool
        /// Whether it passes rows in which no room was kept for it.
        package var isDirect = false
    }

    /// What is drawn, and how large.
    package struct Sizes: Sendable {
        /// The width of each node.
        package var widths: [Double]
        /// The height of each node.
        package var heights: [Double]
        /// The room between neighbours in a row.
        package var gap: Double
        /// The room between rows, which grows with the number of edges.
        package var rowGap: Double

        package init(widths: [Double], heights: [Double], gap: Double, rowGap: Double) {
            self.widths = widths
            self.heights = heights
            self.gap = gap
            self.rowGap = rowGap
        }
    }

    /// Lays out a graph without cycles; the same graph always in the same way.
    package init(edges: [(from: Int, to: Int)], sizes: Sizes) {
        let count = sizes.widths.count
        nodes = Array(repeating: Point(x: 0, y: 0), count: count)
        var parts: [Part] = []
        var numbers = [Int](repeating: 0, count: count)
        let components = Components.of(count: count, edges: edges)
        var component = numbers
        for (index, members) in components.enumerated() {
            for (number, node) in members.enumerated() { (numbers[node], component[node]) = (number, index) }
        }
        var own: [[(from: Int, to: Int)]] = Array(repeating: [], count: components.count)
        for edge in edges { own[component[edge.from]].append((numbers[edge.from], numbers[edge.to])) }
        for (members, edges) in zip(components, own) {
            parts.append(Part(members: members, edges: edges, sizes: sizes))
        }
        // What has no edges needs nothing to tell its parts from those of others.
        pack(parts) { $0.members.count == 1 ? sizes.gap : sizes.gap * 2 }
    }

    /// Puts the parts into shelves that are about as long as the picture is to be wide, the highest ones first; what is much
    /// lower than its shelf is stacked.
    ///
    /// - Parameter room: Returns the room that a part needs around it.
    private mutating func pack(_ parts: [Part], room: (Part) -> Double) {
        let area = parts.reduce(0) { $0 + ($1.width + room($1)) * ($1.height + room($1)) }
        let limit = max(parts.map(\.width).max() ?? 0, (area * 1.6).squareRoot())
        let order = parts.indices.sorted { (-parts[$0].height, $0) < (-parts[$1].height, $1) }
        var (shelfTop, shelfHeight) = (0.0, 0.0)
        var (columnLeft, columnWidth, columnHeight) = (0.0, 0.0, 0.0)
        var lastRoom = 0.0
        for part in order.lazy.map({ parts[$0] }) {
            let gap = max(lastRoom, room(part))
            lastRoom = room(part)
            let fitsBelow =
                columnHeight > 0 && columnHeight + gap + part.height <= shelfHeight
                && columnLeft + part.width <= limit
            if !fitsBelow {
                if columnHeight > 0 { columnLeft += columnWidth + gap }
                if columnHeight == 0 || columnLeft + part.width > limit {
                    if shelfHeight > 0 { shelfTop += shelfHeight + gap }
                    (shelfHeight, columnLeft) = (part.height, 0)
                }
                (columnWidth, columnHeight) = (0, -gap)
            }
            place(part, columnLeft, shelfTop + columnHeight + gap)
            columnWidth = max(columnWidth, part.width)
            columnHeight += gap + part.height
            width = max(width, columnLeft + part.width)
            height = max(height, shelfTop + columnHeight)
        }
    }

    private mutating func place(_ part: Part, _ x: Double, _ y: Double) {
        for (node, point) in zip(part.members, part.points) { nodes[node] = Point(x: x + point.x, y: y + point.y) }
        segments += part.segments.map { segment in
            var moved = segment
            moved.start = Point(x: x + segment.start.x, y: y + segment.start.y)
            moved.end = Point(x: x + segment.end.x, y: y + segment.end.y)
            return moved
        }
    }
}
