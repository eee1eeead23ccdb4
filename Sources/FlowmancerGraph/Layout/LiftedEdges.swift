/// The edges of a graph with boxes, each between two nodes that stand in the same box, or in none.
struct LiftedEdges {
    /// The edges by the box in which they are drawn; each once.
    private(set) var edges: [Int?: [(from: Int, to: Int)]] = [:]

    /// - Parameters:
    ///   - edges: The edges; one between a box and what stands in it is left out.
    ///   - boxes: For each node, the number of the box that it stands in.
    init(_ edges: [(from: Int, to: Int)], boxes: [Int?]) {
        var seen: Set<[Int]> = []
        for edge in edges {
            let (sources, targets) = (Self.chain(edge.from, boxes), Self.chain(edge.to, boxes))
            let shared = zip(sources, targets).prefix { $0 == $1 }.count
            // One of them is around the other.
            guard shared < sources.count, shared < targets.count else { continue }
            let (from, to) = (sources[shared], targets[shared])
            if seen.insert([from, to]).inserted { self.edges[boxes[from], default: []].append((from, to)) }
        }
    }

    /// A node with the boxes around it, the outermost first.
    private static func chain(_ node: Int, _ boxes: [Int?]) -> [Int] {
        var chain = [node]
        while let box = boxes[chain[chain.count - 1]] { chain.append(box) }
        return chain.reversed()
    }
}
