/// Orders the places of each row so that few edges cross.
struct CrossingReduction {
    private var graph: LayeredGraph
    private let above: NeighbourTable
    private let below: NeighbourTable
    /// The position of each place in its row.
    private var positions: [Int]

    /// Returns the graph with its rows in a better order, or as they are if none was found.
    static func reduce(_ graph: LayeredGraph) -> LayeredGraph {
        var reduction = CrossingReduction(graph)
        reduction.run()
        return reduction.graph
    }

    private init(_ graph: LayeredGraph) {
        self.graph = graph
        above = NeighbourTable(graph.places.map(\.above))
        below = NeighbourTable(graph.places.map(\.below))
        positions = [Int](repeating: 0, count: graph.places.count)
        for row in graph.rows { note(row) }
    }

    private mutating func note(_ row: [Int]) {
        for (position, place) in row.enumerated() { positions[place] = position }
    }

    private mutating func run() {
        guard graph.rows.count > 1 else { return }
        var best = graph.rows
        var fewest = crossings()
        // Large graphs get fewer sweeps: each costs about as much as the graph is large.
        let sweeps = max(4, min(24, 400_000 / max(1, graph.places.count)))
        var fruitless = 0
        for sweep in 0..<sweeps where fewest > 0 && fruitless < 6 {
            if sweep % 2 == 0 {
                for row in 1..<graph.rows.count { sort(row, by: above) }
            } else {
                for row in (0..<graph.rows.count - 1).reversed() { sort(row, by: below) }
            }
            let count = crossings()
            if count < fewest {
                (best, fewest, fruitless) = (graph.rows, count, 0)
            } else {
                fruitless += 1
            }
        }
        graph.rows = best
    }

    /// Sorts a row by the mean position of the neighbours on one side; places without any stay where they are.
    private mutating func sort(_ row: Int, by neighbours: NeighbourTable) {
        let places = graph.rows[row]
        var weighted: [(weight: Double, position: Int, place: Int)] = []
        for (position, place) in places.enumerated() {
            let own = neighbours[place]
            guard !own.isEmpty else { continue }
            let sum = own.reduce(0) { $0 + positions[$1] }
            weighted.append((Double(sum) / Double(own.count), position, place))
        }
        weighted.sort { ($0.weight, $0.position) < ($1.weight, $1.position) }
        var next = weighted.makeIterator()
        graph.rows[row] = places.map { place in
            neighbours[place].isEmpty ? place : next.next()?.place ?? place
        }
        note(graph.rows[row])
    }

    /// Counts the pairs of edges that cross, with a tree of sums: in the order of their upper ends, an edge crosses those
    /// before it that end further right.
    private func crossings() -> Int {
        var total = 0
        var ends: [Int] = []
        for (number, row) in graph.rows.dropLast().enumerated() {
            let width = graph.rows[number + 1].count
            var sums = [Int](repeating: 0, count: width + 1)
            var seen = 0
            for place in row {
                ends.removeAll(keepingCapacity: true)
                for other in below[place] { ends.append(positions[other]) }
                ends.sort()
                for end in ends {
                    var before = 0
                    var index = end + 1
                    while index > 0 {
                        before += sums[index]
                        index -= index & -index
                    }
                    total += seen - before
                }
                for end in ends {
                    var index = end + 1
                    while index <= width {
                        sums[index] += 1
                        index += index & -index
                    }
                    seen += 1
                }
            }
        }
        return total
    }
}
