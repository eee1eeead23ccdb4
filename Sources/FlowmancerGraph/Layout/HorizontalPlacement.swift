/// Gives each place of a layered graph its position from left to right.
///
/// Every place is drawn to its neighbours. Row by row, the positions that are nearest to where the places are drawn, and
/// keep their order and distance, are found by merging places that get into each other's way into blocks.
struct HorizontalPlacement {
    private let graph: LayeredGraph
    private let gap: Double
    private var centres: [Double]

    /// Returns the centre of each place; the leftmost edge of all is at 0.
    static func centres(of graph: LayeredGraph, gap: Double) -> [Double] {
        var placement = HorizontalPlacement(graph, gap: gap)
        placement.run()
        return placement.centres
    }

    private init(_ graph: LayeredGraph, gap: Double) {
        self.graph = graph
        self.gap = gap
        centres = [Double](repeating: 0, count: graph.places.count)
    }

    private mutating func run() {
        for row in graph.rows {
            var right = 0.0
            var own: [Double] = []
            for (index, place) in row.enumerated() {
                right = index == 0 ? 0 : right + distance(row[index - 1], place)
                own.append(right)
            }
            // Rows start out around one axis.
            for (place, centre) in zip(row, own) { centres[place] = centre - right / 2 }
        }
        let rounds = graph.places.count > 20_000 ? 4 : 10
        for _ in 0..<rounds {
            for row in 1..<max(1, graph.rows.count) { align(row, to: .above) }
            for row in (0..<max(0, graph.rows.count - 1)).reversed() { align(row, to: .below) }
        }
        // The last pass looks in both directions, so that no side wins.
        for row in graph.rows.indices { align(row, to: .both) }
        let left = graph.places.indices.map { centres[$0] - graph.places[$0].extent }.min() ?? 0
        for place in centres.indices { centres[place] -= left }
    }

    private func distance(_ left: Int, _ right: Int) -> Double {
        let (a, b) = (graph.places[left], graph.places[right])
        // Edges may be closer to each other than tasks.
        let between = a.node == nil && b.node == nil ? gap / 4 : a.node == nil || b.node == nil ? gap / 2 : gap
        return a.extent + b.extent + between
    }

    /// Several places that touch, and move as one.
    private struct Block {
        var first: Int
        var count: Int
        var weight: Double
        /// The weighted sum of where the first place would have to be for each place to be where it is drawn.
        var sum: Double
        var position: Double { sum / weight }
    }

    private enum Side {
        case above, below, both
    }

    private func neighbours(of place: Int, _ side: Side) -> [Int] {
        switch side {
        case .above: graph.places[place].above
        case .below: graph.places[place].below
        case .both: graph.places[place].above + graph.places[place].below
        }
    }

    private mutating func align(_ row: Int, to side: Side) {
        let places = graph.rows[row]
        guard !places.isEmpty else { return }
        var offsets = [0.0]
        for index in places.indices.dropFirst() {
            offsets.append(offsets[index - 1] + distance(places[index - 1], places[index]))
        }
        var blocks: [Block] = []
        for (index, place) in places.enumerated() {
            let others = neighbours(of: place, side)
            var desired = centres[place]
            var weight = 0.01
            if !others.isEmpty {
                desired = median(others)
                // Bends in a line are to be straight, above all.
                let isStraight = graph.places[place].node == nil && others.contains { graph.places[$0].node == nil }
                weight = isStraight ? 8 : 1
            }
            blocks.append(
                Block(first: index, count: 1, weight: weight, sum: weight * (desired - offsets[index]))
            )
            while blocks.count > 1, blocks[blocks.count - 2].position >= blocks[blocks.count - 1].position {
                let last = blocks.removeLast()
                blocks[blocks.count - 1].count += last.count
                blocks[blocks.count - 1].weight += last.weight
                blocks[blocks.count - 1].sum += last.sum
            }
        }
        for block in blocks {
            for index in block.first..<block.first + block.count {
                centres[places[index]] = block.position + offsets[index]
            }
        }
    }

    /// The middle of the neighbours; of an even number, between the two in the middle.
    private func median(_ others: [Int]) -> Double {
        let sorted = others.map { centres[$0] }.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
