extension GraphLayout {
    /// The layout of nodes that are all connected, by itself.
    struct Part {
        let members: [Int]
        private(set) var points: [Point] = []
        private(set) var segments: [Segment] = []
        private(set) var width = 0.0
        private(set) var height = 0.0

        /// - Parameters:
        ///   - members: The nodes, as the sizes number them.
        ///   - edges: The edges, by the positions of the nodes in `members`.
        init(members: [Int], edges: [(from: Int, to: Int)], sizes: Sizes) {
            self.members = members
            var successors = [[Int]](repeating: [], count: members.count)
            var predecessors = successors
            for edge in edges {
                successors[edge.from].append(edge.to)
                predecessors[edge.to].append(edge.from)
            }
            let layers = LayerAssignment.layers(successors: successors, predecessors: predecessors)
            let wrapping = RowWrapping(
                layers: layers,
                successors: successors,
                predecessors: predecessors,
                limit: RowWrapping.limit(for: members.count)
            )
            let extents = members.map { sizes.widths[$0] / 2 }
            let layered = LayeredGraph(rowOf: wrapping.rows, extents: extents, edges: edges)
            let graph = CrossingReduction.reduce(layered)
            let centres = HorizontalPlacement.centres(of: graph, fixing: wrapping.isBroken, gap: sizes.gap)
            place(graph, centres, sizes)
        }

        private mutating func place(_ graph: LayeredGraph, _ centres: [Double], _ sizes: Sizes) {
            let heights = graph.rows.map { row in
                row.reduce(0) { max($0, graph.places[$1].node.map { sizes.heights[members[$0]] } ?? 0) }
            }
            var tops: [Double] = []
            var y = 0.0
            for (number, row) in graph.rows.enumerated() {
                tops.append(y)
                y += heights[number] + Self.room(below: row, graph, centres, sizes)
            }
            height = (tops.last ?? 0) + (heights.last ?? 0)
            width = graph.places.indices.map { centres[$0] + graph.places[$0].extent }.max() ?? 0
            points = members.indices.map { node in
                let row = graph.places[node].row
                return Point(x: centres[node], y: tops[row] + heights[row] / 2)
            }
            connect(graph, centres, rows: zip(tops, heights).map { (top: $0, bottom: $0 + $1) }, sizes)
        }

        private mutating func connect(
            _ graph: LayeredGraph,
            _ centres: [Double],
            rows: [(top: Double, bottom: Double)],
            _ sizes: Sizes
        ) {
            func top(_ place: Int) -> Point { Point(x: centres[place], y: rows[graph.places[place].row].top) }
            func bottom(_ place: Int) -> Point { Point(x: centres[place], y: rows[graph.places[place].row].bottom) }

            let (starts, ends) = (Set(graph.direct.map(\.from)), Set(graph.direct.map(\.to)))
            for (index, place) in graph.places.enumerated() {
                let row = rows[place.row]
                if let node = place.node {
                    // What is less high than its row is reached straight from its ends.
                    let spare = Self.spare(in: row, around: sizes.heights[members[node]])
                    if spare > 0, !place.above.isEmpty || ends.contains(index) {
                        let end = Point(x: centres[index], y: row.top + spare)
                        segments.append(Segment(start: top(index), end: end, isLast: true))
                    }
                    if spare > 0, !place.below.isEmpty || starts.contains(index) {
                        let start = Point(x: centres[index], y: row.bottom - spare)
                        segments.append(Segment(start: start, end: bottom(index), isLast: false))
                    }
                } else {
                    // A bend is passed straight from the top of its row to the bottom.
                    segments.append(Segment(start: top(index), end: bottom(index), isLast: false))
                }
                for below in place.below {
                    let isLast = isReached(below, graph, rows, sizes)
                    segments.append(Segment(start: bottom(index), end: top(below), isLast: isLast))
                }
            }
            for edge in graph.direct {
                let isLast = isReached(edge.to, graph, rows, sizes)
                segments.append(Segment(start: bottom(edge.from), end: top(edge.to), isLast: isLast, isDirect: true))
            }
        }

        /// Whether a segment to the top of a place's row ends at a node.
        private func isReached(
            _ place: Int,
            _ graph: LayeredGraph,
            _ rows: [(top: Double, bottom: Double)],
            _ sizes: Sizes
        ) -> Bool {
            guard let node = graph.places[place].node else { return false }
            return Self.spare(in: rows[graph.places[place].row], around: sizes.heights[members[node]]) == 0
        }

        /// What a node leaves free of its row above and below it; what is less than a pixel is rounding.
        private static func spare(in row: (top: Double, bottom: Double), around height: Double) -> Double {
            let spare = (row.bottom - row.top - height) / 2
            return spare < 1 ? 0 : spare
        }

        /// Edges that lead far to the side need more height to be told apart.
        private static func room(
            below row: [Int],
            _ graph: LayeredGraph,
            _ centres: [Double],
            _ sizes: Sizes
        ) -> Double {
            var longest = 0.0
            for place in row {
                for below in graph.places[place].below { longest = max(longest, abs(centres[place] - centres[below])) }
            }
            return sizes.rowGap + min(longest / 12, sizes.rowGap * 2)
        }
    }
}
