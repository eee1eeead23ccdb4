import Testing

@testable import FlowmancerGraph

@Suite struct LayeredGraphTests {
    private func graph(_ rowOf: [Int], _ edges: [(from: Int, to: Int)], bendLimit: Int = 1_000) -> LayeredGraph {
        LayeredGraph(rowOf: rowOf, extents: rowOf.map { _ in 10 }, edges: edges, bendLimit: bendLimit)
    }

    /// The nodes that edges lead to from a place, through bends.
    private func ends(below place: Int, in graph: LayeredGraph) -> [Int] {
        graph.places[place].below.flatMap { below in
            graph.places[below].node.map { [$0] } ?? ends(below: below, in: graph)
        }.sorted()
    }

    @Test func longEdgesFromOneNodeShareTheirBends() {
        let graph = graph([0, 2, 3, 3], [(0, 1), (0, 2), (0, 3)])
        #expect(graph.places.count == 4 + 2)
        #expect(ends(below: 0, in: graph) == [1, 2, 3])
    }

    @Test func longEdgesToOneNodeShareTheirBends() {
        let graph = graph([0, 0, 1, 3], [(0, 3), (1, 3), (2, 3)])
        #expect(graph.places.count == 4 + 2)
        for node in 0...2 { #expect(ends(below: node, in: graph) == [3]) }
    }

    @Test func everyStepLeadsToTheNextRow() {
        let rowOf = [0, 1, 1, 2, 4, 5]
        let edges = [(0, 1), (0, 4), (1, 5), (2, 5), (2, 3), (3, 4), (0, 5)]
        let graph = graph(rowOf, edges)
        for place in graph.places {
            for below in place.below { #expect(graph.places[below].row == place.row + 1) }
        }
        for node in rowOf.indices {
            #expect(ends(below: node, in: graph) == edges.filter { $0.0 == node }.map(\.1).sorted())
        }
    }

    @Test func whatEveryNodeLeadsToCostsNoMoreThanTheLimit() {
        let count = 60
        var edges: [(from: Int, to: Int)] = []
        for to in 0..<count { for from in 0..<to { edges.append((from, to)) } }
        let graph = graph(Array(0..<count), edges, bendLimit: 100)
        #expect(graph.places.count <= count + 100)
        let drawn = (0..<count).reduce(0) { $0 + ends(below: $1, in: graph).count }
        #expect(drawn + graph.direct.count == edges.count)
        #expect(graph.direct.count > 0 && drawn > count)
    }
}
