/// Breaks wide layers into several rows, so that a graph is not much wider than high.
///
/// Where a row of the next wide layer can be filled, it comes before the rest of a layer: the edges between two wide layers are
/// short then, instead of passing all rows in between.
struct RowWrapping {
    /// The row of each node.
    private(set) var rows: [Int]
    /// For each row, whether it is one of several of its layer.
    private(set) var isBroken: [Bool] = []

    /// - Parameters:
    ///   - layers: The layer of each node.
    ///   - successors: For each node, those that its edges lead to.
    ///   - predecessors: For each node, those whose edges lead to it.
    ///   - limit: The most nodes in a row.
    init(layers: [Int], successors: [[Int]], predecessors: [[Int]], limit: Int) {
        rows = layers
        var left = [Int](repeating: 0, count: (layers.max() ?? -1) + 1)
        for layer in layers { left[layer] += 1 }
        let isWide = left.map { $0 > limit }
        // All rows of a layer are about equally full.
        let sizes = left.map { count in
            let rows = max(1, (count + limit - 1) / limit)
            return max(1, (count + rows - 1) / rows)
        }
        // The nodes whose predecessors have their rows, in order, from where they begin to be left.
        var ready = left.map { _ in (nodes: [Int](), start: 0) }
        var open = predecessors.map(\.count)
        for node in layers.indices where open[node] == 0 { ready[layers[node]].nodes.append(node) }
        // Layers before this one have all their rows.
        var first = 0
        // The deepest layer that may have something ready.
        var deepest = 0
        while first < left.count {
            guard left[first] > 0 else {
                first += 1
                continue
            }
            deepest = max(deepest, first)
            // What is narrow waits: it would only come between the rows of what is wide.
            let layer =
                (first...deepest).last { layer in
                    let waiting = ready[layer].nodes.count - ready[layer].start
                    return isWide[layer] && waiting > 0 && waiting >= min(sizes[layer], left[layer])
                } ?? first
            let start = ready[layer].start
            let end = min(start + sizes[layer], ready[layer].nodes.count)
            ready[layer].start = end
            left[layer] -= end - start
            for node in ready[layer].nodes[start..<end] {
                rows[node] = isBroken.count
                for successor in successors[node] {
                    open[successor] -= 1
                    guard open[successor] == 0 else { continue }
                    ready[layers[successor]].nodes.append(successor)
                    deepest = max(deepest, layers[successor])
                }
            }
            isBroken.append(isWide[layer])
        }
    }

    /// The most nodes in a row of a graph of some size.
    static func limit(for count: Int) -> Int {
        max(8, Int(Double(count).squareRoot() * 1.3))
    }
}
