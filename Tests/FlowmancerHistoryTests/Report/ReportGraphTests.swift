import FlowmancerCore
import Testing

@testable import FlowmancerHistory

@Suite struct ReportGraphTests {
    /// `list`, then `each` for so many items.
    private func fanOut(_ count: Int) -> MadeUpRun {
        var run = MadeUpRun([
            RecordedTask(name: "list", type: "Shell"),
            RecordedTask(name: "each", type: "Shell", dependencies: [0], form: .items),
            RecordedTask(name: "last", type: "Shell", dependencies: [1]),
        ])
        run.attempt("list", 0...1)
        run.expand("each", (0..<count).map { "each[\($0)]" }, at: 1)
        for number in 0..<count { run.attempt("each[\(number)]", 2...3, end: number == 7 ? .failed : .completed) }
        run.change("last", to: .defaulted, at: 4, attempt: 0, reason: "its dependency 'each' failed")
        run.end(.failed, at: 5)
        return run
    }

    @Test func smallGroupsAreOpened() {
        let graph = ReportGraph(fanOut(10).report())
        #expect(graph.closedGroups == 0)
        #expect(graph.nodes.count == 13)
        #expect(graph.picture.contains("each[7]"))
    }

    @Test func largeGroupsStayClosedAndSayWhatIsInThem() {
        let graph = ReportGraph(fanOut(10_000).report())
        #expect(graph.closedGroups == 1)
        #expect(graph.nodes.count == 3)
        #expect(graph.picture.contains("1 failed, 9999 completed"))
    }

    @Test func statesAreNotToldByColoursAlone() {
        let picture = ReportGraph(fanOut(1).report()).picture
        #expect(picture.contains("✓ list") && picture.contains("– last"))
        #expect(picture.contains("not run"))
        #expect(picture.contains("class=\"C\"") && picture.contains("class=\"D\""))
        #expect(!picture.contains("#ffffff"))
    }

    @Test func tasksOfJobsAreInABox() {
        var run = MadeUpRun([
            RecordedTask(name: "publish", form: .job), RecordedTask(name: "publish/build", container: 0),
            RecordedTask(name: "publish/push", dependencies: [1], container: 0),
        ])
        run.attempt("publish/build", 0...1)
        run.attempt("publish/push", 1...2)
        run.end(.succeeded, at: 2)
        let graph = ReportGraph(run.report())
        #expect(graph.nodes == [0, 1, 2])
        #expect(graph.picture.contains("class=\"box C\""))
        #expect(graph.picture.contains(">✓ build<"))
    }

    @Test func ofTooManyTasksTheLayersAreDrawn() {
        let report = MadeUpRun.layers(of: 50, count: 10_000).report()
        let graph = ReportGraph(report)
        #expect(!graph.canBeDrawn)
        let profile = graph.profile
        #expect(profile.layers == 200 && profile.columns.count == 100)
        #expect(profile.columns[0].text == "layers 1 to 2: 100 completed")
        #expect(profile.columns.allSatisfy { $0.counts.total == 100 })
        let page = String(decoding: report.html, as: UTF8.self)
        #expect(page.contains("The graph has 10000 nodes in 200 layers"))
    }

    @Test func oneFailureAmongManyIsSeen() {
        var run = MadeUpRun((0..<2_000).map { RecordedTask(name: "t\($0)") })
        run.attempt("t7", 0...1, end: .failed)
        let picture = ReportGraph(run.report()).profile.picture(of: "<job>")
        let text = String(decoding: picture.bytes, as: UTF8.self)
        #expect(text.contains("&lt;job&gt;"))
        #expect(text.contains("<rect class=\"F\" x=\"0\" y=\"0\" width=\"999\" height=\"1\"/>"), "\(text)")
    }
}
