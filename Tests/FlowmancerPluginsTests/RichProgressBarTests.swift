import FlowmancerCore
import FlowmancerPlugins
import FlowmancerTerminal
import FoundationEssentials
import TestSupport
import Testing

@Suite struct RichProgressBarTests {
    private let terminal = FakeTerminal()

    private func run(isTerminal: Bool) async throws {
        let progress = RichProgressBar(
            console: terminal.console(isTerminal: isTerminal),
            now: { Date(timeIntervalSince1970: 4) },
            pause: { await Task.yield() }
        )
        try await progress.onCreate()
        var run = FakeRun()
        for task in ["a", "b", "c"] { try await progress.update(run.event(task, .pending, at: 0)) }
        for (task, state) in [("a", ExecutionState.running), ("b", .running), ("a", .completed), ("b", .failed)] {
            var event = run.event(task, state, at: state == .running ? 1 : 3)
            if state == .failed {
                event.failure = AttemptFailure(reason: "the command exited with code 3", lastLines: ["no such host"])
            }
            try await progress.update(event)
            await progress.redraw()
        }
        if isTerminal { #expect(terminal.screen.contains("  1 completed, 1 failed, 1 pending")) }
        try await progress.update(run.event("c", .defaulted, at: 3))
        try await progress.onDestroy()
    }

    @Test func aPipeGetsPlainLines() async throws {
        try await run(isTerminal: false)
        #expect(
            terminal.written == """
                completed a after 2.0 s
                failed b (attempt 1) after 2.0 s: the command exited with code 3
                    │ no such host
                not run: c ('b' failed)
                1 task failed:
                  b (attempt 1): the command exited with code 3
                    │ no such host
                job failed: 1 completed, 1 failed, 1 not run in 4.0 s

                """
        )
    }

    @Test func aTerminalKeepsFailuresAndTheSummary() async throws {
        try await run(isTerminal: true)
        #expect(
            terminal.screen == [
                "failed b (attempt 1) after 2.0 s: the command exited with code 3",
                "    │ no such host",
                "not run: c ('b' failed)",
                "1 task failed:",
                "  b (attempt 1): the command exited with code 3",
                "    │ no such host",
                "job failed: 1 completed, 1 failed, 1 not run in 4.0 s",
            ]
        )
    }

    @Test func whatHoldsTasksBackIsToldWithoutAFurtherEvent() async throws {
        let (pauses, pause) = AsyncStream<Void>.makeStream()
        let progress = RichProgressBar(
            console: terminal.console(isTerminal: false),
            now: { Date(timeIntervalSince1970: 4) },
            pause: { for await _ in pauses { break } }
        )
        var run = FakeRun()
        for task in ["a", "b", "c"] { try await progress.update(run.event(task, .pending, at: 0)) }
        try await progress.update(run.event("a", .running, at: 1))
        try await progress.update(run.event("a", .failed, at: 2))
        try await progress.update(run.event("b", .defaulted, at: 2))
        try await progress.update(run.event("c", .defaulted, at: 2))
        #expect(!terminal.written.contains("not run"))
        pause.yield()
        while !terminal.written.contains("not run: b, c ('a' failed)\n") { await Task.yield() }
    }

    @Test func runsOfThePastSayHowMuchTimeIsLeft() async throws {
        var past = PastRuns()
        past.add(["a": 100, "b": 200])
        let durations = try await past.durations
        var job = JobDefinition(name: "job")
        job.tasks["a"] = TaskDefinition("T")
        job.tasks["b"] = TaskDefinition("T")
        job.tasks["b"]?.dependencies = ["a"]
        var info = RunInfo(job: job, startedAt: Date(timeIntervalSince1970: 0))
        info.pastDurations = { durations }
        let progress = RichProgressBar(
            console: terminal.console(isTerminal: true),
            now: { Date(timeIntervalSince1970: 4) },
            pause: { await Task.yield() }
        )
        var context = FlowContext.current
        context.runInfo = info
        try await FlowContext.$taskLocal.withValue(context) {
            try await progress.onCreate()
            var run = FakeRun()
            for task in ["a", "b"] { try await progress.update(run.event(task, .pending, at: 0)) }
            try await progress.update(run.event("a", .running, at: 0))
            while !terminal.screen.contains(where: { $0.hasSuffix("0/2 tasks, 0:04, about 5 min left") }) {
                await Task.yield()
            }
            try await progress.onDestroy()
        }
    }

    @Test func aFullOutputIsSaidWithTheNumberOfLostLines() async throws {
        terminal.state.withLock { $0.failure = .noSpace }
        let progress = RichProgressBar(
            console: terminal.console(errors: FakeTerminal(), isTerminal: false),
            now: { Date(timeIntervalSince1970: 4) },
            pause: { await Task.yield() }
        )
        try await progress.onCreate()
        var run = FakeRun()
        try await progress.update(run.event("a", .running, at: 1))
        await #expect(throws: ConsoleError(.output, .noSpace)) {
            try await progress.update(run.event("a", .completed, at: 2))
        }
        let failure = await #expect(throws: (any Error).self) { try await progress.onDestroy() }
        let text = "\(try #require(failure))"
        #expect(text.hasPrefix("2 lines were lost: cannot write to standard output: No space left"), "\(text)")
    }

    @Test func aRunWithoutEventsSaysNothing() async throws {
        let progress = RichProgressBar(console: terminal.console(), now: { Date() }, pause: { await Task.yield() })
        try await progress.onCreate()
        try await progress.onDestroy()
        #expect(terminal.written == "")
    }
}
