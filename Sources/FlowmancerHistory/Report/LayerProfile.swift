import FlowmancerCore
import FlowmancerGraph

/// How many nodes a graph has in each of its layers: what can be shown of a graph that is too large for a picture. A pure
/// value.
struct LayerProfile {
    /// A layer, or several that follow on each other.
    struct Column: Hashable {
        /// The layers, from 1.
        var layers: ClosedRange<Int>
        var counts: MemberCounts

        /// `layers 3 to 5: 2 failed, 148 completed`
        var text: String {
            let first = layers.lowerBound
            return (layers.count == 1 ? "layer \(first)" : "layers \(first) to \(layers.upperBound)")
                + ": \(counts.text)"
        }
    }

    /// More columns could not be told from each other.
    static let mostColumns = 150

    let columns: [Column]
    /// How many layers there are.
    let layers: Int

    /// - Parameters:
    ///   - nodes: Those that are looked at.
    ///   - dependencies: For each node of the run, what it waits for.
    init(_ report: RunReport, _ nodes: [Int], _ dependencies: [[Int]]) {
        let numbers = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
        let predecessors = nodes.map { node in dependencies[node].compactMap { numbers[$0] } }
        var successors = [[Int]](repeating: [], count: nodes.count)
        for (node, list) in predecessors.enumerated() { for other in list { successors[other].append(node) } }
        let assigned = LayerAssignment.layers(successors: successors, predecessors: predecessors)
        let count = (assigned.max() ?? -1) + 1
        let each = max(1, (count + Self.mostColumns - 1) / Self.mostColumns)
        var columns = stride(from: 0, to: count, by: each).map { first in
            Column(layers: first + 1...min(first + each, count), counts: MemberCounts())
        }
        for (node, layer) in zip(nodes, assigned) { columns[layer / each].counts.add(report.digest.state(of: node)) }
        self.columns = columns
        layers = count
    }

    private static let width = 1_000
    private static let height = 160

    /// A bar for each column, with the states one on top of the other.
    func picture(of job: String) -> HTMLText {
        let highest = columns.map(\.counts.total).max() ?? 0
        var html: HTMLText = """
            <svg class="layers" viewBox="0 0 \(Self.width) \(Self.height)" preserveAspectRatio="none" role="img">\
            <title>Nodes in the layers of the graph of \(job), with their states</title>
            """
        let pitch = max(2, Self.width / max(1, columns.count))
        for (number, column) in columns.enumerated() {
            html += "<g><title>\(column.text)</title>"
            var below = 0
            for state in ExecutionState.reported.reversed() {
                let count = column.counts.counts[state] ?? 0
                guard count > 0 else { continue }
                // Rounded at both ends, so that the parts leave no gap.
                let bottom = Self.height - Self.height * below / highest
                below += count
                let top = min(Self.height - Self.height * below / highest, bottom - 1)
                html += """
                    <rect class="\(state.rawValue)" x="\(number * pitch)" y="\(top)" width="\(max(1, pitch - 1))" \
                    height="\(bottom - top)"/>
                    """
            }
            html += "</g>\n"
        }
        return html + "</svg>"
    }
}
