import FlowmancerCore

/// Where the nodes of a run are drawn, for the sets of opened groups that were asked for last.
actor RunLayouts {
    private struct Key: Hashable {
        var nodes: Int
        var open: Set<Int>
    }

    private var layouts: [(key: Key, layout: Task<JSONText, any Error>)] = []

    private static let kept = 8

    /// Returns the layout as JSON. It is computed once, in the background.
    ///
    /// - Throws: ``Problem`` if there are too many nodes.
    func layout(_ nodes: RunNodes, open: Set<Int>) async throws -> JSONText {
        let key = Key(nodes: nodes.count, open: open)
        if let known = layouts.first(where: { $0.key == key }) { return try await known.layout.value }
        let task = Task.detached(priority: .utility) { try RunLayout(nodes, open: open).json }
        layouts.append((key, task))
        if layouts.count > Self.kept { layouts.removeFirst() }
        return try await task.value
    }
}
