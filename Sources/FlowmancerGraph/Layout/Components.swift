/// Finds the parts of a graph between which there are no edges.
enum Components {
    /// Returns the nodes of each part, in order; the parts are in the order of their first nodes.
    static func of(count: Int, edges: [(from: Int, to: Int)]) -> [[Int]] {
        var parents = Array(0..<count)

        func root(_ node: Int) -> Int {
            var node = node
            while parents[node] != node {
                parents[node] = parents[parents[node]]
                node = parents[node]
            }
            return node
        }

        for edge in edges {
            let (a, b) = (root(edge.from), root(edge.to))
            if a != b { parents[max(a, b)] = min(a, b) }
        }
        var members: [Int: [Int]] = [:]
        for node in 0..<count { members[root(node), default: []].append(node) }
        return members.sorted { $0.key < $1.key }.map(\.value)
    }
}
