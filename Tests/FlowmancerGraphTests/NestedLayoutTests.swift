import TestSupport
import Testing

@testable import FlowmancerGraph

@Suite struct NestedLayoutTests {
    private static let gaps = NestedLayout.Gaps(nodes: 20, rows: 30, margin: 10)

    private struct Rectangle {
        var left, right, top, bottom: Double

        init(_ layout: NestedLayout, _ node: Int) {
            let (centre, size) = (layout.nodes[node], layout.sizes[node])
            (left, right) = (centre.x - size.width / 2, centre.x + size.width / 2)
            (top, bottom) = (centre.y - size.height / 2, centre.y + size.height / 2)
        }

        func contains(_ other: Rectangle) -> Bool {
            left < other.left && other.right < right && top < other.top && other.bottom < bottom
        }

        func overlaps(_ other: Rectangle) -> Bool {
            left < other.right && other.left < right && top < other.bottom && other.top < bottom
        }
    }

    private func layout(_ boxes: [Int?], _ edges: [(from: Int, to: Int)]) -> NestedLayout {
        let sizes = boxes.indices.map { NestedLayout.Size(width: 60 + Double($0 % 5) * 30, height: 40) }
        return NestedLayout(boxes: boxes, edges: edges, sizes: sizes, gaps: Self.gaps)
    }

    @Test func aBoxIsAroundItsTasksAndBelowWhatItWaitsFor() {
        // 0 → box 1 with 2 → 3 → 4 outside.
        let layout = layout([nil, nil, 1, 1, nil], [(0, 1), (2, 3), (3, 4)])
        let rectangles = layout.nodes.indices.map { Rectangle(layout, $0) }
        #expect(rectangles[1].contains(rectangles[2]) && rectangles[1].contains(rectangles[3]))
        #expect(rectangles[0].bottom < rectangles[1].top && rectangles[1].bottom < rectangles[4].top)
        #expect(rectangles[2].bottom < rectangles[3].top)
        // The edge of a task in the box leads from the box.
        #expect(layout.segments.contains { $0.start.y == rectangles[1].bottom })
    }

    @Test func edgesAreLiftedToWhereTheyCanBeDrawn() {
        let boxes: [Int?] = [nil, 0, 0, nil, 3, 4]
        let edges = LiftedEdges([(1, 2), (2, 5), (1, 5), (0, 1), (5, 3)], boxes: boxes).edges
        #expect(edges[0]?.map { [$0.from, $0.to] } == [[1, 2]])
        // Twice the same is once; what is between a box and its contents is nothing.
        #expect(edges[nil]?.map { [$0.from, $0.to] } == [[0, 3]])
        #expect(edges.count == 2)
    }

    @Test func anEmptyBoxIsItsHeading() {
        let layout = layout([nil], [])
        #expect(layout.height == 40 && layout.width == 60)
    }

    @Test(arguments: 0..<40)
    func whatStandsInABoxStaysThereAndNothingOverlaps(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...60, using: &generator)
        var boxes: [Int?] = [nil]
        for node in 1..<max(2, count) {
            boxes.append(generator.chance(60) ? Int.random(in: 0..<node, using: &generator) : nil)
        }
        // Only between siblings, and forward: there are no cycles.
        var edges: [(from: Int, to: Int)] = []
        for to in boxes.indices {
            for from in 0..<to where boxes[from] == boxes[to] && generator.chance(30) { edges.append((from, to)) }
        }
        let layout = layout(boxes, edges)
        let rectangles = layout.nodes.indices.map { Rectangle(layout, $0) }
        for (node, box) in boxes.enumerated() {
            if let box, !rectangles[box].contains(rectangles[node]) { Issue.record("\(node) is not in \(box)") }
            for other in 0..<node where boxes[other] == box && rectangles[node].overlaps(rectangles[other]) {
                Issue.record("\(node) and \(other) overlap")
            }
            #expect(rectangles[node].left > -0.01 && rectangles[node].right < layout.width + 0.01)
            #expect(rectangles[node].top > -0.01 && rectangles[node].bottom < layout.height + 0.01)
        }
        for edge in edges { #expect(rectangles[edge.from].bottom < rectangles[edge.to].top) }
    }
}
