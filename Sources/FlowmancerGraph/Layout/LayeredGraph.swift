/// A graph whose edges lead from one row to the next: longer ones are cut up by bends, which several edges may share.
struct LayeredGraph {
    /// A place in a row.
    struct Place {
        /// The node; `nil` for a bend.
        var node: Int?
        var row: Int
        /// Half of the place's width.
        var extent: Double
        var above: [Int] = []
        var below: [Int] = []
    }

    /// The nodes first, by their numbers, then the bends.
    private(set) var places: [Place]
    /// The places of each row, from left to right.
    var rows: [[Int]]
    /// Edges that are so long that bends for them would cost too much.
    private(set) var direct: [(from: Int, to: Int)] = []

    /// The most bends that a graph gets.
    private static let bendLimit = 40_000
    private static let bendExtent = 4.0

    /// - Parameters:
    ///   - rowOf: The row of each node; edges must lead to later ones.
    ///   - extents: Half of each node's width.
    init(rowOf: [Int], extents: [Double], edges: [(from: Int, to: Int)]) {
        places = rowOf.indices.map { Place(node: $0, row: rowOf[$0], extent: extents[$0]) }
        rows = Array(repeating: [], count: (rowOf.max() ?? -1) + 1)
        for node in rowOf.indices { rows[rowOf[node]].append(node) }
        connect(edges, rowOf)
    }

    private mutating func connect(_ edges: [(from: Int, to: Int)], _ rowOf: [Int]) {
        // Long edges share the bends of the end that more of them have: what they share can then only lead to, or come
        // from, one node.
        var longOut = [Int](repeating: 0, count: rowOf.count)
        var longIn = longOut
        for edge in edges where rowOf[edge.to] - rowOf[edge.from] > 1 {
            longOut[edge.from] += 1
            longIn[edge.to] += 1
        }
        var trunks: [Trunk: Int] = [:]
        var joined: Set<Joint> = []
        // Short edges first: they get their bends if not all can.
        let order = edges.indices.sorted {
            let (a, b) = (edges[$0], edges[$1])
            return (rowOf[a.to] - rowOf[a.from], $0) < (rowOf[b.to] - rowOf[b.from], $1)
        }
        for index in order {
            let edge = edges[index]
            let between = rowOf[edge.from] + 1..<rowOf[edge.to]
            let isShared = longOut[edge.from] >= longIn[edge.to]
            let end = isShared ? edge.from : edge.to
            let missing = between.count { trunks[Trunk(node: end, isOut: isShared, row: $0)] == nil }
            guard places.count - rowOf.count + missing <= Self.bendLimit else {
                direct.append(edge)
                continue
            }
            var previous = edge.from
            for row in between {
                let trunk = Trunk(node: end, isOut: isShared, row: row)
                let bend = trunks[trunk] ?? addBend(row)
                trunks[trunk] = bend
                join(previous, bend, &joined)
                previous = bend
            }
            join(previous, edge.to, &joined)
        }
    }

    private struct Trunk: Hashable {
        var node: Int
        var isOut: Bool
        var row: Int
    }

    private struct Joint: Hashable {
        var upper: Int
        var lower: Int
    }

    private mutating func addBend(_ row: Int) -> Int {
        places.append(Place(node: nil, row: row, extent: Self.bendExtent))
        rows[row].append(places.count - 1)
        return places.count - 1
    }

    private mutating func join(_ upper: Int, _ lower: Int, _ joined: inout Set<Joint>) {
        guard joined.insert(Joint(upper: upper, lower: lower)).inserted else { return }
        places[upper].below.append(lower)
        places[lower].above.append(upper)
    }
}
