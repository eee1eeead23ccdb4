/// Breaks wide layers into several rows, so that a graph is not much wider than high.
enum RowWrapping {
    /// Returns the row of each node.
    ///
    /// - Parameters:
    ///   - layers: The layer of each node.
    ///   - limit: The most nodes in a row.
    static func rows(of layers: [Int], limit: Int) -> [Int] {
        var members: [[Int]] = Array(repeating: [], count: (layers.max() ?? -1) + 1)
        for (node, layer) in layers.enumerated() { members[layer].append(node) }
        var rows = layers
        var next = 0
        for nodes in members {
            let count = max(1, (nodes.count + limit - 1) / limit)
            // All rows of a layer are about equally full.
            let size = max(1, (nodes.count + count - 1) / count)
            for (position, node) in nodes.enumerated() { rows[node] = next + position / size }
            next += count
        }
        return rows
    }

    /// The most nodes in a row of a graph of some size.
    static func limit(for count: Int) -> Int {
        max(8, Int(Double(count).squareRoot() * 1.3))
    }
}
