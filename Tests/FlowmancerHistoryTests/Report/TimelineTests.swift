import FlowmancerCore
import Testing

@testable import FlowmancerHistory

@Suite struct TimelineTests {
    @Test func everyAttemptHasABar() {
        var run = MadeUpRun([RecordedTask(name: "a"), RecordedTask(name: "b"), RecordedTask(name: "never")])
        run.change("b", to: .running, at: 1)
        run.change("b", to: .pending, at: 2, failure: AttemptFailure(reason: "no"))
        run.attempt("a", 2...10)
        run.attempt("b", 5...6, number: 2)
        run.end(.succeeded, at: 10)
        let timeline = Timeline(run.report())
        #expect(timeline.columns == nil)
        #expect(timeline.span == .seconds(10))
        #expect(
            timeline.rows == [
                .init(
                    tasks: [1],
                    bars: [
                        .init(start: 0.1, length: 0.1, state: .failed),
                        .init(start: 0.5, length: 0.6 - 0.5, state: .completed),
                    ]
                ),
                .init(tasks: [0], bars: [.init(start: 0.2, length: 0.8, state: .completed)]),
            ]
        )
    }

    @Test func whatStillRunsLastsUntilNow() {
        var run = MadeUpRun([RecordedTask(name: "a")])
        run.life = .alive
        run.change("a", to: .running, at: 5)
        let timeline = Timeline(run.report(madeAfter: 20))
        #expect(timeline.rows.first?.bars == [.init(start: 0.25, length: 0.75, state: .running)])
    }

    /// Bars of rows that several tasks share are exactly where one of them ran, as exactly as columns allow.
    @Test func tasksThatShareARowHideNoFailure() {
        var run = MadeUpRun((0..<2_000).map { RecordedTask(name: "t\($0)") })
        for number in 0..<2_000 {
            let begin = Double(number) / 20
            run.attempt("t\(number)", begin...begin + 0.01, end: number == 777 ? .failed : .completed)
        }
        run.end(.failed, at: 200)
        let timeline = Timeline(run.report())
        #expect(timeline.rows.count <= Timeline.mostRows)
        #expect(timeline.rows.flatMap(\.tasks) == Array(0..<2_000))
        #expect(timeline.columns != nil)
        let failed = timeline.rows.flatMap { row in row.bars.filter { $0.state == .failed }.map { (row, $0) } }
        #expect(failed.count == 1)
        #expect(failed.first?.0.tasks.contains(777) == true)
        // Nothing ran in the second half.
        #expect(timeline.rows.flatMap(\.bars).allSatisfy { $0.start + $0.length < 0.51 })
    }

    @Test(arguments: [
        (0.01, 0.002), (1, 0.2), (10, 2), (61, 10), (3_600, 600), (86_400, 21_600), (8_640_000, 1_296_000),
    ])
    func theAxisHasMarksThatPeopleCountIn(length: Double, step: Double) {
        var run = MadeUpRun([RecordedTask(name: "a")])
        run.attempt("a", 0...length)
        run.end(.succeeded, at: length)
        #expect(Timeline(run.report()).step / .seconds(1) == step)
    }
}
