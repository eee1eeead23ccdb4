import FlowmancerCore
import Testing

@testable import FlowmancerGraph

/// Groups and jobs within the job.
@Suite struct GroupDrawingTests {
    /// `list`, then `load` for each of two items, then `publish` with two tasks, and `each` with a task for three items.
    private static var job: JobDefinition {
        var job = JobDefinition(name: "j")
        job.tasks["list"] = TaskDefinition("Shell")
        job.tasks["load"] = TaskDefinition("Load")
        job.tasks["load"]?.forEach = ForEach(["eu", "us"])
        job.tasks["load"]?.dependencies = ["list"]
        job.tasks["publish"] = TaskDefinition("")
        job.tasks["publish"]?.subJob = SubJob(file: "./publish.yaml")
        job.tasks["publish"]?.dependencies = ["load"]
        job.tasks["publish"]?.when = "$STATE{load} == 'completed'"
        for name in ["build", "upload"] {
            job.tasks["publish/\(name)"] = TaskDefinition("Shell")
            job.tasks["publish/\(name)"]?.parent = "publish"
        }
        job.tasks["publish/upload"]?.dependencies = ["build"]
        job.tasks["each"] = TaskDefinition("")
        job.tasks["each"]?.subJob = SubJob()
        job.tasks["each"]?.forEach = ForEach([1, 2, 3])
        job.tasks["each/fetch"] = TaskDefinition("Shell")
        job.tasks["each/fetch"]?.parent = "each"
        return job
    }

    private static let keys: [String: [String]] = ["load": ["eu", "us"], "each": ["1", "2", "3"]]

    private static func expanded(_ graph: JobGraph) -> JobGraph {
        graph.expanding { keys[$0] }
    }

    @Test func nodesStandInTheirBoxes() {
        let graph = JobGraph(Self.job)
        #expect(graph.nodes.map(\.kind) == [.task, .group, .job, .task, .task, .jobs, .task])
        #expect(graph.nodes.map(\.box) == [nil, nil, nil, 2, 2, nil, 5])
        let labels = graph.nodes.indices.map { graph.label(of: $0) }
        #expect(labels == ["list", "load", "publish", "build", "upload", "each", "fetch"])
        #expect(graph.nodes[2].condition == "$STATE{load} == 'completed'")
    }

    @Test func mermaidHasSubgraphs() {
        let text = GraphFormat.mermaid.draw(JobGraph(Self.job))
        #expect(text.contains("    t1[[\"load<br/>for each of 2 items\"]]"), "\(text)")
        #expect(text.contains("    subgraph t2[\"publish<br/>when "))
        #expect(text.contains("        t3[\"build\"]\n        t4[\"upload\"]\n    end"))
        #expect(text.contains("t1 --> t2"))
    }

    @Test func dotHasClusters() {
        let text = GraphFormat.dot.draw(JobGraph(Self.job))
        #expect(text.contains("subgraph cluster_t2 {"), "\(text)")
        #expect(text.contains("t1 -> t3 [lhead=cluster_t2];"))
        #expect(text.contains("shape=box3d"))
        #expect(text.contains("compound=true"))
    }

    @Test func svgHasStacks() {
        let text = GraphFormat.svg.draw(JobGraph(Self.job))
        // The sheets of the group and of the stacked box, and one rectangle for everything else and the background.
        #expect(text.ranges(of: "<rect").count == 3 + 3 + 5 + 1)
        #expect(text.contains(">for each of 3 items</text>"))
        #expect(text.contains(">when $STATE{load} == &#39;completed&#39;</text>"))
    }

    @Test func membersOfGroupsAreShownInBoxes() {
        let graph = Self.expanded(JobGraph(Self.job))
        let names = graph.nodes.map(\.name)
        #expect(
            names == [
                "list", "load", "load[eu]", "load[us]", "publish", "publish/build", "publish/upload", "each", "each[1]",
                "each[1]/fetch", "each[2]", "each[2]/fetch", "each[3]", "each[3]/fetch",
            ]
        )
        #expect(graph.nodes.map { $0.box.map { names[$0] } }[9] == "each[1]")
        #expect(graph.nodes[1].kind == .members && graph.nodes[8].kind == .job && graph.nodes[2].kind == .task)
        #expect(graph.edges.map { [names[$0.from], names[$0.to]] }.contains(["load", "publish"]))
        for format in GraphFormat.allCases { #expect(format.draw(graph).contains("load[eu]") || format == .mermaid) }
    }

    @Test func ofAVeryLargeGroupOnlySomeMembersAreShown() {
        var job = JobDefinition(name: "j")
        job.tasks["load"] = TaskDefinition("Load")
        job.tasks["load"]?.forEach = ForEach(["x"])
        let graph = JobGraph(job).expanding { _ in (0..<100_000).map(String.init) }
        #expect(graph.nodes.count == JobGraph.shownMembers + 2)
        #expect(graph.nodes.last?.name == "99500 more")
    }

    @Test func longConditionsAreCut() {
        var job = JobDefinition(name: "j")
        job.tasks["a"] = TaskDefinition("Shell")
        job.tasks["a"]?.when = TaskCondition("$DICT{x} == '\(String(repeating: "long", count: 40))'")
        let text = GraphFormat.svg.draw(JobGraph(job))
        #expect(text.contains("…</text>"))
        #expect(text.contains("longlong&#39;)</title>"))
    }
}
