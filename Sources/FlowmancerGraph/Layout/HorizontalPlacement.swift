/// Gives each place of a layered graph its position from left to right.
///
/// Every place is drawn to its neighbours. Row by row, the positions that are nearest to where the places are drawn, and
/// keep their order and distance, are found by merging places that get into each other's way into blocks. The tasks of a
/// layer that was broken into rows stand around one axis instead: each row by itself would go where its lines come from.
struct HorizontalPlacement {
    private let graph: LayeredGraph
    private let isFixed: [Bool]
    private let gap: Double
    /// The neighbours of each place on each side, and on both.
    private let above: NeighbourTable
    private let below: NeighbourTable
    private let both: NeighbourTable
    /// For each row, how far each place is from the first one at least.
    private var offsets: [[Double]] = []
    private var centres: [Double]
    /// Where tasks of fixed rows are to stand.
    private var fixed: [Double]
    private var widestRow = 0.0

    /// How many times as wide as its widest row a graph may become.
    private static let widestDrift = 3.0

    /// Returns the centre of each place; the leftmost edge of all is at 0.
    ///
    /// - Parameter isFixed: For each row, whether its tasks stand around the axis.
    static func centres(of graph: LayeredGraph, fixing isFixed: [Bool], gap: Double) -> [Double] {
        var placement = HorizontalPlacement(graph, isFixed, gap: gap)
        placement.run()
        guard placement.width > widestDrift * placement.widestRow else { return placement.centres }
        // Every row went further to the same side than the one before: most of the picture would be empty.
        placement = HorizontalPlacement(graph, isFixed.map { _ in true }, gap: gap)
        placement.run()
        return placement.centres
    }

    private init(_ graph: LayeredGraph, _ isFixed: [Bool], gap: Double) {
        self.graph = graph
        self.isFixed = isFixed
        self.gap = gap
        above = NeighbourTable(graph.places.map(\.above))
        below = NeighbourTable(graph.places.map(\.below))
        both = NeighbourTable(graph.places.map { $0.above + $0.below })
        centres = [Double](repeating: 0, count: graph.places.count)
        fixed = centres
        offsets = graph.rows.map { row in
            var offsets = [0.0]
            for index in row.indices.dropFirst() {
                offsets.append(offsets[index - 1] + distance(row[index - 1], row[index]))
            }
            return offsets
        }
        for row in graph.rows.indices where isFixed[row] {
            fix(graph.rows[row].filter { graph.places[$0].node != nil })
        }
    }

    private var width: Double {
        graph.places.indices.map { centres[$0] + graph.places[$0].extent }.max() ?? 0
    }

    private mutating func fix(_ tasks: [Int]) {
        var right = 0.0
        for (index, place) in tasks.enumerated() {
            if index > 0 { right += distance(tasks[index - 1], place) }
            fixed[place] = right
        }
        for place in tasks { fixed[place] -= right / 2 }
    }

    private mutating func run() {
        for (row, own) in zip(graph.rows, offsets) {
            let right = own.last ?? 0
            if let first = row.first, let last = row.last {
                widestRow = max(widestRow, graph.places[first].extent + right + graph.places[last].extent)
            }
            // Rows start out around one axis.
            for (place, centre) in zip(row, own) { centres[place] = centre - right / 2 }
        }
        let rounds = max(4, min(24, 300_000 / max(1, graph.places.count)))
        for round in 0..<rounds {
            let isStrict = round >= rounds - 2
            for row in graph.rows.indices.dropFirst() { align(row, to: above, isStrict: isStrict) }
            for row in graph.rows.indices.dropLast().reversed() { align(row, to: below, isStrict: isStrict) }
        }
        // The last pass looks in both directions, so that no side wins.
        for row in graph.rows.indices { align(row, to: both, isStrict: true) }
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

    /// So much that a whole row of tasks does not push a line aside.
    private static let lineWeight = 1e6
    /// So much that lines pass beside the tasks of a fixed row.
    private static let fixedWeight = 1e9

    /// Where a place is drawn to by its neighbours on one side, and how strongly.
    ///
    /// - Parameter isStrict: Whether only lines are looked at where there are some.
    private func attraction(
        of place: Int,
        to neighbours: NeighbourTable,
        isStrict: Bool,
        _ scratch: inout [Double]
    ) -> (position: Double, weight: Double) {
        let isTask = graph.places[place].node != nil
        if isTask, isFixed[graph.places[place].row] { return (fixed[place], Self.fixedWeight) }
        let others = neighbours[place]
        // What has no neighbours there is in nobody's way.
        guard !others.isEmpty else { return (centres[place], 0.01) }
        guard !isTask else { return (median(others, &scratch), 1) }
        // Bends in a line are to be straight, above all. But a line is not to be far away from what it leads to.
        let bends = others.count { graph.places[$0].node == nil }
        guard bends > 0 else { return (median(others, &scratch), 1) }
        let middle = median(others, &scratch) { graph.places[$0].node == nil }
        guard !isStrict, bends < others.count else { return (middle, Self.lineWeight) }
        let nodes = median(others, &scratch) { graph.places[$0].node != nil }
        return (middle * 0.9 + nodes * 0.1, Self.lineWeight)
    }

    private mutating func align(_ row: Int, to neighbours: NeighbourTable, isStrict: Bool) {
        let places = graph.rows[row]
        guard !places.isEmpty else { return }
        let offsets = offsets[row]
        var scratch: [Double] = []
        var blocks: [Block] = []
        blocks.reserveCapacity(places.count)
        for (index, place) in places.enumerated() {
            let (desired, weight) = attraction(of: place, to: neighbours, isStrict: isStrict, &scratch)
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

    /// The middle of neighbours; of an even number, between the two in the middle.
    ///
    /// - Parameters:
    ///   - scratch: Memory that is used again.
    ///   - isMeant: Which of them count.
    private func median(
        _ others: ArraySlice<Int>,
        _ scratch: inout [Double],
        where isMeant: (Int) -> Bool = { _ in true }
    ) -> Double {
        scratch.removeAll(keepingCapacity: true)
        for other in others where isMeant(other) { scratch.append(centres[other]) }
        if scratch.count == 2 { return (scratch[0] + scratch[1]) / 2 }
        scratch.sort()
        let middle = scratch.count / 2
        return scratch.count % 2 == 1 ? scratch[middle] : (scratch[middle - 1] + scratch[middle]) / 2
    }
}
