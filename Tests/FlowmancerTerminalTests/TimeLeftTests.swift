import FlowmancerCore
import FlowmancerTerminal
import FoundationEssentials
import TestSupport
import Testing

/// How long a run still takes, as people are told.
struct TimeLeftTests {
    private func now(_ second: Double) -> Date { Date(timeIntervalSince1970: second) }

    /// A run of `a` and `b`, one after the other, of which the past is known.
    private func run(_ seconds: [String: Double]) async throws -> FakeRun {
        var past = PastRuns()
        past.add(seconds)
        let shape = RunShape(tasks: [RecordedTask(name: "a"), RecordedTask(name: "b", dependencies: [0])])
        var run = FakeRun()
        run.model.use(TimeLeft.Past(RunNodes(shape), try await past.durations))
        for task in ["a", "b"] { run.change(task, .pending, at: 0) }
        run.change("a", .running, at: 0)
        return run
    }

    private func left(_ run: inout FakeRun, at second: Double) -> Double? {
        run.model.lookAhead(at: now(second))
        return run.model.secondsLeft(at: now(second))
    }

    @Test func thePastSaysHowMuchTimeIsLeft() async throws {
        var run = try await run(["a": 100, "b": 200])
        #expect(left(&run, at: 4) == 296)
        let size = TerminalSize(columns: 100, rows: 20)
        let lines = ProgressRenderer(style: .plain).lines(run.model, now: now(4), size: size)
        #expect(lines[0].hasSuffix("0/2 tasks, 0:04, about 5 min left"), "\(lines)")
    }

    @Test func itDoesNotJumpBecauseOfALittle() async throws {
        var run = try await run(["a": 100, "b": 200])
        #expect(left(&run, at: 0) == 300)
        run.change("a", .completed, at: 110)
        run.change("b", .running, at: 110)
        #expect(left(&run, at: 110) == 190)
        // But it does for what matters.
        run.change("b", .pending, at: 200)
        run.change("b", .running, at: 200, attempt: 2)
        #expect(left(&run, at: 200) == 200)
    }

    @Test func ofARunThatIsLateNothingIsSaid() async throws {
        var run = try await run(["a": 100, "b": 200])
        run.change("a", .completed, at: 100)
        run.change("b", .running, at: 100)
        #expect(left(&run, at: 299) == 1)
        // What was told is not told again.
        #expect(run.model.secondsLeft(at: now(300)) == nil && run.model.secondsLeft(at: now(301)) == nil)
        for second in [300.0, 310, 1_000] { #expect(left(&run, at: second) == nil, "\(second)") }
    }

    @Test func itIsNeverAskedTooOften() async throws {
        var run = try await run(["a": 100, "b": 200])
        #expect(left(&run, at: 0) == 300)
        run.change("a", .completed, at: 0.5)
        run.change("b", .running, at: 0.5)
        #expect(left(&run, at: 0.5) == 299.5)
        #expect(left(&run, at: 1) == 199.5)
        // A clock that is set back keeps nobody from looking.
        #expect(left(&run, at: -1_000) == 200)
    }

    /// Where the past knows nothing, the pace of the run says how long it takes.
    @Test func thePaceCountsWhereThePastKnowsNothing() async throws {
        var run = try await run(["a": 1, "other": 1])
        #expect(left(&run, at: 0) == nil)
        run.change("a", .completed, at: 10)
        for task in ["c", "d", "e", "f"] { run.change(task, .pending, at: 10) }
        for task in ["c", "d"] {
            run.change(task, .running, at: 10)
            run.change(task, .completed, at: 15)
        }
        #expect(left(&run, at: 15) == 15)
    }
}
