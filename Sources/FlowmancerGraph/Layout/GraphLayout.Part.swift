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
            var tops: [Double] = []
            var y = 0.0
            for row in graph.rows {
                tops.append(y)
                y += sizes.nodeHeight + Self.room(below: row, graph, centres, sizes)
            }
            height = (tops.last ?? 0) + sizes.nodeHeight
            width = graph.places.indices.map { centres[$0] + graph.places[$0].extent }.max() ?? 0
            points = members.indices.map { node in
                Point(x: centres[node], y: tops[graph.places[node].row] + sizes.nodeHeight / 2)
            }

            func top(_ place: Int) -> Point { Point(x: centres[place], y: tops[graph.places[place].row]) }
            func bottom(_ place: Int) -> Point {
                Point(x: centres[place], y: tops[graph.places[place].row] + sizes.nodeHeight)
            }

            for (index, place) in graph.places.enumerated() {
                // A bend is passed straight from the top of its row to the bottom.
                if place.node == nil { segments.append(Segment(start: top(index), end: bottom(index), isLast: false)) }
                for below in place.below {
                    let isLast = graph.places[below].node != nil
                    segments.append(Segment(start: bottom(index), end: top(below), isLast: isLast))
                }
            }
            for edge in graph.direct {
                segments.append(Segment(start: bottom(edge.from), end: top(edge.to), isLast: true, isDirect: true))
            }
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
