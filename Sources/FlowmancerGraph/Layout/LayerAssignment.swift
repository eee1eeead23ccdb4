/// Puts the nodes of a graph into layers, so that every edge leads to a later one.
package enum LayerAssignment {
    /// Returns the layer of each node, from 0.
    ///
    /// A node comes right after the last of those that lead to it; one that nothing leads to comes right before the first of
    /// those that it leads to, which keeps its edges short.
    ///
    /// - Parameters:
    ///   - successors: For each node, those that its edges lead to.
    ///   - predecessors: For each node, those whose edges lead to it.
    package static func layers(successors: [[Int]], predecessors: [[Int]]) -> [Int] {
        var layers = [Int](repeating: 0, count: successors.count)
        var open = predecessors.map(\.count)
        var ready = open.indices.filter { open[$0] == 0 }
        var next = 0
        while next < ready.count {
            let node = ready[next]
            next += 1
            for successor in successors[node] {
                layers[successor] = max(layers[successor], layers[node] + 1)
                open[successor] -= 1
                if open[successor] == 0 { ready.append(successor) }
            }
        }
        for node in layers.indices where predecessors[node].isEmpty {
            if let first = successors[node].lazy.map({ layers[$0] }).min() { layers[node] = first - 1 }
        }
        return layers
    }
}
