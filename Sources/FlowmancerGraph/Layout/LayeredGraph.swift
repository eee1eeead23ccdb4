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

    private let bendLimit: Int
    private static let bendExtent = 4.0

    /// - Parameters:
    ///   - rowOf: The row of each node; edges must lead to later ones.
    ///   - extents: Half of each node's width.
    ///   - bendLimit: The most bends that the graph gets.
    init(rowOf: [Int], extents: [Double], edges: [(from: Int, to: Int)], bendLimit: Int = 40_000) {
        self.bendLimit = bendLimit
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
        // The bends of each node's line, the nearest first.
        var linesOut = [[Int]](repeating: [], count: rowOf.count)
        var linesIn = linesOut
        // Short edges first: they get their bends if not all can.
        let order = edges.indices.sorted {
            let (a, b) = (edges[$0], edges[$1])
            return (rowOf[a.to] - rowOf[a.from], $0) < (rowOf[b.to] - rowOf[b.from], $1)
        }
        for index in order {
            let (from, to) = edges[index]
            let length = rowOf[to] - rowOf[from] - 1
            guard length > 0 else {
                join(from, to)
                continue
            }
            let isOut = longOut[from] >= longIn[to]
            let present = isOut ? linesOut[from].count : linesIn[to].count
            guard places.count - rowOf.count + max(0, length - present) <= bendLimit else {
                direct.append(edges[index])
                continue
            }
            if isOut {
                extend(&linesOut[from], from: from, by: 1, to: length)
                join(linesOut[from][length - 1], to)
            } else {
                extend(&linesIn[to], from: to, by: -1, to: length)
                join(from, linesIn[to][length - 1])
            }
        }
    }

    /// Makes a line of bends at least so long.
    ///
    /// - Parameter step: Whether the line leads down from its node, or up.
    private mutating func extend(_ line: inout [Int], from node: Int, by step: Int, to length: Int) {
        while line.count < length {
            let end = line.last ?? node
            let bend = addBend(places[end].row + step)
            if step > 0 { join(end, bend) } else { join(bend, end) }
            line.append(bend)
        }
    }

    private mutating func addBend(_ row: Int) -> Int {
        places.append(Place(node: nil, row: row, extent: Self.bendExtent))
        rows[row].append(places.count - 1)
        return places.count - 1
    }

    private mutating func join(_ upper: Int, _ lower: Int) {
        places[upper].below.append(lower)
        places[lower].above.append(upper)
    }
}
