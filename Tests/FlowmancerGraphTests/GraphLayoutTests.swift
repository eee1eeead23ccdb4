import TestSupport
import Testing

@testable import FlowmancerGraph

@Suite struct GraphLayoutTests {
    private static let height = 40.0

    private func layout(
        _ count: Int,
        _ edges: [(from: Int, to: Int)],
        width: (Int) -> Double = { _ in 100 },
        height: (Int) -> Double = { _ in Self.height }
    ) -> GraphLayout {
        GraphLayout(
            edges: edges,
            sizes: .init(widths: (0..<count).map(width), heights: (0..<count).map(height), gap: 20, rowGap: 30)
        )
    }

    /// What is less high than its row is in the middle of it, and its edges reach it.
    @Test func aRowIsAsHighAsTheHighestNodeInIt() {
        let layout = layout(4, [(0, 1), (0, 2), (1, 3), (2, 3)]) { _ in
            100
        } height: {
            $0 == 1 ? 100 : Self.height
        }
        #expect(layout.height >= 100 + 2 * Self.height + 2 * 30)
        #expect(layout.nodes[1].y == layout.nodes[2].y)
        let tops = [0, 1, 2, 3].map { layout.nodes[$0].y - ($0 == 1 ? 50 : Self.height / 2) }
        for node in [1, 2, 3] {
            let ends = layout.segments.filter { $0.isLast && abs($0.end.x - layout.nodes[node].x) < 0.01 }
            #expect(ends.contains { $0.end.y == tops[node] }, "\(node): \(layout.segments)")
        }
        for segment in layout.segments { #expect(segment.start.y < segment.end.y) }
    }

    @Test func aChainIsALineFromTopToBottom() {
        let layout = layout(4, [(0, 1), (1, 2), (2, 3)])
        #expect(Set(layout.nodes.map(\.x)) == [50])
        #expect(layout.nodes.map(\.y) == layout.nodes.map(\.y).sorted())
        #expect(layout.width == 100)
        #expect(layout.segments.count == 3)
    }

    @Test func aFanIsCentredAboveItsEnds() {
        let layout = layout(4, [(0, 1), (0, 2), (0, 3)])
        #expect(abs(layout.nodes[0].x - layout.nodes[2].x) < 0.01)
        #expect(layout.nodes[1].y == layout.nodes[3].y)
        #expect(layout.nodes[0].y < layout.nodes[1].y)
    }

    @Test func crossingsThatNeedNotBeAreRemoved() {
        // In the order of the nodes, all pairs of these edges cross.
        let layout = layout(9, [(0, 6), (1, 5), (2, 4), (3, 0), (3, 1), (3, 2), (4, 7), (5, 7), (6, 7), (7, 8)])
        let upper = [0, 1, 2].sorted { layout.nodes[$0].x < layout.nodes[$1].x }
        let lower = [4, 5, 6].sorted { layout.nodes[$0].x < layout.nodes[$1].x }
        #expect(upper.map { 6 - $0 } == lower)
    }

    @Test func partsWithoutEdgesBetweenThemStandBesideEachOther() {
        let layout = layout(100, [])
        #expect(layout.width < layout.height * 4 && layout.height < layout.width * 4)
        check(layout, [], width: { _ in 100 })
    }

    @Test func aWideLayerIsBroken() {
        let edges = (1...200).map { (from: 0, to: $0) } + (1...200).map { (from: $0, to: 201) }
        let layout = layout(202, edges)
        #expect(layout.width < 4_000)
        check(layout, edges, width: { _ in 100 })
    }

    /// The rows of a layer stand below each other, so that the picture is no wider than the widest of them.
    @Test(arguments: [(500, 0), (500, 1), (40, 1), (9, 0)])
    func theRowsOfABrokenLayerStandBelowEachOther(children: Int, sinks: Int) {
        let edges =
            (1...children).map { (from: 0, to: $0) }
            + (0..<sinks).flatMap { sink in (1...children).map { (from: $0, to: children + 1 + sink) } }
        let layout = layout(1 + children + sinks, edges)
        check(layout, edges, width: { _ in 100 })
        let rows = Dictionary(grouping: layout.nodes[1...children], by: \.y).values
        let middles = rows.map { row in ((row.map(\.x).min() ?? 0) + (row.map(\.x).max() ?? 0)) / 2 }
        #expect(rows.count > 1)
        #expect((middles.max() ?? 0) - (middles.min() ?? 0) < 0.01)
        let widest = rows.map(\.count).max() ?? 0
        #expect(layout.width < Double(widest * 120 + 100))
    }

    /// Each task of a chain has one more after it: the chain would lead ever further to one side.
    @Test func noGraphIsAStaircase() {
        var edges: [(from: Int, to: Int)] = []
        for task in stride(from: 0, to: 200, by: 2) { edges += [(task, task + 2), (task, task + 1)] }
        let layout = layout(201, edges)
        check(layout, edges, width: { _ in 100 })
        #expect(layout.width < 4 * 220)
    }

    /// Each of many tasks is followed by one of its own: none is far away.
    @Test func wideLayersThatFollowEachOtherAreBrokenTogether() {
        var edges: [(from: Int, to: Int)] = []
        for task in 1...500 {
            edges += [(0, task), (task, 500 + task), (500 + task, 1_000 + task), (1_000 + task, 1_501)]
        }
        let layout = layout(1_502, edges)
        check(layout, edges, width: { _ in 100 })
        #expect(layout.width < 3 * layout.height && layout.height < 3 * layout.width)
        let steps = (1...1_000).map { layout.nodes[$0 + 500].y - layout.nodes[$0].y }
        #expect((steps.max() ?? 0) < 3 * Self.height)
    }

    /// More than half of the picture is tasks.
    @Test func tasksWithoutEdgesFillThePicture() {
        let layout = layout(2_000, [])
        check(layout, [], width: { _ in 100 })
        #expect(2_000 * 100 * Self.height > 0.5 * layout.width * layout.height)
        #expect(layout.width < 2 * layout.height && layout.height < layout.width)
    }

    @Test func nothingIsDrawnOfNothing() {
        let layout = layout(0, [])
        #expect(layout.nodes.isEmpty && layout.width == 0 && layout.height == 0)
    }

    @Test(arguments: 0..<60)
    func everyEdgeLeadsDownAndNoNodesOverlap(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...120, using: &generator)
        let percent = Int.random(in: 1...12, using: &generator)
        var edges: [(from: Int, to: Int)] = []
        for to in 0..<count { for from in 0..<to where generator.chance(percent) { edges.append((from, to)) } }
        let widths = (0..<count).map { _ in Double.random(in: 40...300, using: &generator) }
        let first = layout(count, edges) { widths[$0] }
        check(first, edges) { widths[$0] }
        let second = layout(count, edges) { widths[$0] }
        #expect(first.nodes == second.nodes && first.segments == second.segments)
    }

    /// Checks what holds for every layout.
    private func check(_ layout: GraphLayout, _ edges: [(from: Int, to: Int)], width: (Int) -> Double) {
        for edge in edges where layout.nodes[edge.from].y + Self.height >= layout.nodes[edge.to].y {
            Issue.record("the edge \(edge) does not lead down")
        }
        for segment in layout.segments where segment.start.y >= segment.end.y {
            Issue.record("the segment \(segment) does not lead down")
        }
        let rows = Dictionary(grouping: layout.nodes.indices) { layout.nodes[$0].y }
        for row in rows.values {
            let sorted = row.sorted { layout.nodes[$0].x < layout.nodes[$1].x }
            for (left, right) in zip(sorted, sorted.dropFirst()) {
                let distance = layout.nodes[right].x - layout.nodes[left].x
                if distance < (width(left) + width(right)) / 2 { Issue.record("\(left) and \(right) overlap") }
            }
        }
        for (node, point) in layout.nodes.enumerated() {
            #expect(point.x - width(node) / 2 > -0.01 && point.x + width(node) / 2 < layout.width + 0.01)
            #expect(point.y - Self.height / 2 > -0.01 && point.y + Self.height / 2 < layout.height + 0.01)
        }
        // Rows of different parts may share a line, but two lines must not run into each other.
        let ends = edges.isEmpty ? 0 : Set(layout.segments.filter(\.isLast).map(\.end)).count
        #expect(edges.isEmpty == (ends == 0))
    }
}
