import FlowmancerCore
import FlowmancerTerminal
import FoundationEssentials
import TestSupport
import Testing

/// Groups in the progress display.
@Suite struct ProgressGroupTests {
    private let renderer = ProgressRenderer(style: .plain)
    private let wide = TerminalSize(columns: 80, rows: 24)

    private func now(_ second: Double) -> Date { Date(timeIntervalSince1970: second) }

    /// A run of a task and a group of items, of which some have ended.
    private func run(items: Int) -> FakeRun {
        var run = FakeRun(.terminal, tasks: 1)
        run.change("t0", .running, at: 1)
        for number in 0..<items { run.change("load[\(number)]", .pending, at: 2, group: "load") }
        for number in 0..<items / 2 {
            run.change("load[\(number)]", .running, at: 2, group: "load")
            run.change("load[\(number)]", number == 3 ? .failed : .completed, at: 3, group: "load")
        }
        for number in items / 2..<items / 2 + 2 { run.change("load[\(number)]", .running, at: 3, group: "load") }
        return run
    }

    @Test func aGroupIsOneLineWithCounts() {
        let lines = renderer.lines(run(items: 20).model, now: now(5), size: wide)
        #expect(lines[0].contains("47 %  10/21 tasks, 0:05"), "\(lines)")
        #expect(lines[2...] == ["  ▸ t0  0:04", "  ▸ load  10/20 done, 2 running, 1 failed"])
    }

    @Test func theTotalGrowsWithTheGroup() {
        var run = FakeRun(.terminal, tasks: 1)
        run.change("t0", .running, at: 0)
        run.change("t0", .completed, at: 1)
        #expect(run.model.total == 1 && run.model.fraction == 1)
        for number in 0..<3 { run.change("load[\(number)]", .pending, at: 1, group: "load") }
        #expect(run.model.total == 4 && run.model.fraction == 0.25)
        #expect(run.model.progress(ofGroup: "load")?.total == 3)
    }

    @Test func theTasksOfAJobWithinTheJobAreTasks() {
        var run = FakeRun(.terminal)
        run.change("publish/build", .running, at: 0, group: "publish")
        for item in ["a", "b"] {
            run.change("each[\(item)]/fetch", .running, at: 1, group: "each[\(item)]")
            run.change("each[\(item)]/load", .pending, at: 1, group: "each[\(item)]")
        }
        let lines = renderer.lines(run.model, now: now(1), size: wide)
        #expect(lines[2...] == ["  ▸ publish/build  0:01", "  ▸ each  0/4 done, 2 running"])
    }

    @Test(arguments: [
        (60, "  ▸ load  10/20 done, 2 running, 1 failed"), (38, "  ▸ load  10/20 done, 2 running"),
        (21, "  ▸ load  10/20 done"), (14, "  ▸ …  10/20 done"),
    ])
    func onANarrowTerminalLessIsSaid(columns: Int, line: String) {
        let lines = renderer.lines(run(items: 20).model, now: now(5), size: TerminalSize(columns: columns, rows: 24))
        #expect(lines.last == line)
    }

    @Test func ofAGroupOnlySomeFailuresAreListed() {
        var run = FakeRun(.terminal, tasks: 1)
        var list = FailureList()
        for number in 0..<1_000 {
            run.change("load[\(number)]", .pending, at: 1, group: "load")
        }
        for number in 0..<30 {
            list.apply(run.event("load[\(number)]", .failed, at: 1, group: "load"), log: nil)
        }
        list.apply(run.event("t0", .failed, at: 2), log: nil)
        #expect(
            list.lines(renderer, progress: run.model.progress) == [
                "31 tasks failed:", "  load[0] (attempt 1)", "  load[1] (attempt 1)", "  load[2] (attempt 1)",
                "  t0 (attempt 1)", "  load: 30 of 1,000 failed",
            ]
        )
    }
}
