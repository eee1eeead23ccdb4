import FlowmancerCore
import FlowmancerTerminal
import FoundationEssentials
import TestSupport
import Testing

@Suite struct ProgressTests {
    private let renderer = ProgressRenderer(style: .plain)

    private func now(_ second: Double) -> Date { Date(timeIntervalSince1970: second) }

    @Test func aTaskThatFailsWithoutAnAttemptSaysWhy() {
        let event = ExecutionEvent(
            runID: .unknown,
            jobName: "job",
            taskName: "gate",
            timestamp: now(1),
            attempt: 0,
            from: .pending,
            to: .failed,
            reason: "`when` cannot be evaluated"
        )
        #expect(renderer.line(for: event, beginning: nil) == "failed gate: `when` cannot be evaluated")
        var failures = FailureList()
        failures.apply(event, log: nil)
        #expect(failures.lines(renderer) == ["1 task failed:", "  gate: `when` cannot be evaluated"])
    }

    @Test func smallJobsAreToldTaskByTask() {
        var run = FakeRun(tasks: 5)
        run.change("t0", .running, at: 1)
        run.change("t1", .running, at: 1)
        run.change("t0", .completed, at: 2.5)
        run.change("t1", .pending, at: 2)
        run.change("t1", .running, at: 3, attempt: 2)
        run.change("t1", .failed, at: 70, attempt: 2)
        run.change("t2", .defaulted, at: 70)
        run.change("t3", .running, at: 70)
        run.change("t3", .aborted, at: 71)
        run.change("t4", .aborted, at: 71)
        run.tellRest()
        #expect(
            run.told == [
                "completed t0 after 1.5 s",
                "failed t1 (attempt 1) after 1.0 s, will be retried",
                "failed t1 (attempt 2) after 1 min 7 s",
                "not run: t2 ('t1' failed)",
                "aborted t3 after 1.0 s",
                "not run: t4 (the run was aborted)",
            ]
        )
        #expect(
            renderer.summary(run.model, now: now(71.25))
                == "job was aborted: 1 completed, 1 failed, 1 not run, 2 aborted, 1 retry in 1 min 11 s"
        )
    }

    @Test func anAllowedFailureIsNoneOfTheJob() {
        var run = FakeRun(tasks: 3)
        var list = FailureList()
        run.change("t0", .running, at: 1)
        run.change("t0", .failed, at: 2, isAllowed: true, failure: AttemptFailure(reason: "exit code 1"))
        run.change("t1", .completed, at: 3)
        run.change("t2", .skipped, at: 3)
        // Another one failed in an earlier run.
        run.change("t3", .failed, at: 3, attempt: 0, isAllowed: true)
        #expect(run.told.first == "failed (allowed) t0 (attempt 1) after 1.0 s: exit code 1")
        #expect(run.model.unsuccessful == 0)
        #expect(
            renderer.summary(run.model, now: now(3))
                == "job succeeded: 1 completed, 1 skipped, 2 failed as allowed in 3.0 s"
        )
        var event = run.event("t0", .failed, at: 2)
        event.isAllowedFailure = true
        event.failure = AttemptFailure(reason: "exit code 1")
        list.apply(event, log: nil)
        list.apply(run.event("t4", .failed, at: 2), log: nil)
        #expect(
            list.lines(renderer) == [
                "1 task failed as allowed:", "  t0 (attempt 1): exit code 1", "1 task failed:", "  t4 (attempt 1)",
            ]
        )
    }

    /// What did not run, did so because of another failure.
    @Test func nothingIsNotRunBecauseOfAnAllowedFailure() {
        var run = FakeRun(tasks: 4)
        run.change("t0", .failed, at: 1)
        run.change("t1", .failed, at: 2, isAllowed: true)
        run.change("t2", .defaulted, at: 2)
        run.tellRest()
        #expect(run.told.last == "not run: t2 ('t0' failed)")
    }

    @Test func largeJobsAreToldInTenths() {
        var run = FakeRun(tasks: 200)
        for number in 0..<200 {
            run.change("t\(number)", .running, at: Double(number))
            run.change("t\(number)", .completed, at: Double(number) + 0.5)
        }
        #expect(run.told.count == 9)
        #expect(run.told.first == "10 % (20 of 200 tasks) after 19.5 s")
        #expect(run.told.last == "90 % (180 of 200 tasks) after 3 min 0 s")
        #expect(renderer.summary(run.model, now: now(200)) == "job succeeded: 200 completed in 3 min 20 s")
    }

    @Test func tasksThatDoNotRunForOneReasonAreOneLine() {
        var run = FakeRun(.terminal, tasks: 1_000)
        for (failed, last) in [(0, 10), (11, 15), (16, 999)] {
            run.change("t\(failed)", .running, at: 1)
            run.change("t\(failed)", .failed, at: 2)
            for number in failed + 1...last { run.change("t\(number)", .defaulted, at: 2) }
        }
        run.tellRest()
        #expect(
            run.told == [
                "failed t0 (attempt 1) after 1.0 s",
                "not run: t1, t2, t3 and 7 more ('t0' failed)",
                "failed t11 (attempt 1) after 1.0 s",
                "not run: t12, t13, t14, t15 ('t11' failed)",
                "failed t16 (attempt 1) after 1.0 s",
                "not run: t17, t18, t19 and 980 more ('t16' failed)",
            ]
        )
    }

    /// Where no failure was seen that they have in common.
    @Test func whatTheEventSaysIsTold() {
        var run = FakeRun(.terminal, tasks: 3)
        run.change("t0", .defaulted, at: 1, reason: "its dependency 'old' failed")
        run.change("t1", .defaulted, at: 1, reason: "its dependency 'old' failed")
        run.change("t2", .defaulted, at: 1)
        run.tellRest()
        #expect(
            run.told == ["not run: t0, t1 (its dependency 'old' failed)", "not run: t2 (a dependency did not succeed)"]
        )
    }

    @Test func anAbortOfAThousandTasksIsOneLine() {
        var run = FakeRun(tasks: 1_000)
        run.change("t0", .running, at: 1)
        for number in 1..<1_000 { run.change("t\(number)", .aborted, at: 2) }
        run.change("t0", .aborted, at: 3)
        let told = run.told.filter { !$0.contains("%") }
        #expect(told == ["not run: t1, t2, t3 and 996 more (the run was aborted)", "aborted t0 after 2.0 s"])
    }

    @Test func aFailureSaysWhyWithItsLastLinesAndItsLog() {
        var run = FakeRun(tasks: 1)
        let failure = AttemptFailure(
            reason: "it broke\nin \u{1B}[31mtwo\u{1B}[0m ways",
            lastLines: ["1", "2", "10%\r20%\r", "four\r", "\u{1B}[2Jfive"]
        )
        run.change("t0", .running, at: 1)
        run.change("t0", .pending, at: 2, failure: failure, log: "/logs/t0.log")
        #expect(
            run.told == [
                "failed t0 (attempt 1) after 1.0 s, will be retried: it broke",
                "    in \\u{1B}[31mtwo\\u{1B}[0m ways",
                "    │ 20%", "    │ four", "    │ \\u{1B}[2Jfive",
                "    log: /logs/t0.log",
            ]
        )
    }

    @Test func theLastLinesOfManyFailuresAreNotAllQuoted() {
        var run = FakeRun(tasks: 100)
        let failure = AttemptFailure(reason: "no", lastLines: ["line"])
        var list = FailureList()
        for number in 0..<100 {
            run.change("t\(number)", .running, at: 1)
            run.change("t\(number)", .failed, at: 2, failure: failure)
            var event = run.event("t\(number)", .failed, at: 2)
            event.failure = failure
            list.apply(event, log: nil)
        }
        #expect(run.told.count { $0.hasPrefix("failed") } == 100)
        #expect(run.told.count { $0.hasSuffix("line") } == ProgressNarrator.namedTasks)
        let lines = list.lines(renderer)
        #expect(lines.first == "100 tasks failed:" && lines.last == "  and 80 more")
        #expect(lines.count == 2 + 2 * FailureList.listedTasks)
        #expect(FailureList().lines(renderer) == [])
    }

    @Test func noEstimateIsMadeWhileATaskOutlivesAllOthers() {
        var run = FakeRun(tasks: 10_000)
        run.change("t0", .running, at: 0)
        for number in 1..<9_999 {
            run.change("t\(number)", .running, at: Double(number) / 1_000)
            run.change("t\(number)", .completed, at: Double(number) / 1_000 + 0.01)
            if number == 5_000 { #expect(run.model.remainingSeconds(at: now(5)) == 5) }
        }
        #expect(run.model.remainingSeconds(at: now(60)) == nil)
        run.change("t0", .completed, at: 61)
        run.change("t9999", .running, at: 61)
        #expect((0.005...0.01).contains(run.model.remainingSeconds(at: now(61)) ?? 0))
    }

    @Test(arguments: [
        (0, "5 s"), (0.01, "5 s"), (7.4, "5 s"), (7.6, "10 s"), (57.4, "55 s"), (57.6, "1 min"), (149, "2 min"),
        (3_560, "59 min"), (3_580, "1 h"), (4_300, "1 h 10 min"), (34_000, "9 h 30 min"), (36_001, "10 h"),
        (259_100, "3 d"), (1_000_000, "12 d"), (.infinity, "5 s"), (.nan, "5 s"), (-3, "5 s"),
    ])
    func estimatesAreNeverZeroNorAbsurd(_ seconds: Double, _ expected: String) {
        #expect(ProgressRenderer.left(seconds) == expected)
    }

    @Test func aRestartStartsFromWhatIsDone() {
        var run = FakeRun()
        for number in 0..<100 { run.change("t\(number)", number < 70 ? .completed : .pending, at: 0) }
        #expect(run.told == [])
        #expect(run.model.done == 70)
        #expect(run.model.remainingSeconds(at: now(100)) == nil)
        for number in 70..<80 {
            run.change("t\(number)", .running, at: 10)
            run.change("t\(number)", .completed, at: 20)
        }
        #expect(run.told == ["80 % (80 of 100 tasks) after 20.0 s"])
        #expect(run.model.remainingSeconds(at: now(20)) == 20)
    }

    @Test func onTheTerminalOnlyBadNewsIsTold() {
        var run = FakeRun(.terminal, tasks: 2)
        run.change("t0", .running, at: 1)
        run.change("t0", .completed, at: 2)
        run.change("t1", .running, at: 2)
        run.change("t1", .failed, at: 3)
        #expect(run.told == ["failed t1 (attempt 1) after 1.0 s"])
    }

    @Test func noEstimateIsMadeFromTooLittle() {
        var run = FakeRun(tasks: 10)
        for number in 0..<2 {
            run.change("t\(number)", .running, at: 0)
            run.change("t\(number)", .completed, at: 1)
        }
        #expect(run.model.remainingSeconds(at: now(100)) == nil)
        run.change("t2", .running, at: 0)
        run.change("t2", .completed, at: 1)
        #expect(run.model.remainingSeconds(at: now(2)) == nil)
        #expect(run.model.remainingSeconds(at: now(6)) == 14)
    }

    @Test func thePictureShowsCountsAndRunningTasks() {
        var run = FakeRun(tasks: 20)
        for number in 0..<10 { run.change("t\(number)", .running, at: Double(number)) }
        run.change("t0", .completed, at: 10)
        run.change("t1", .pending, at: 10)
        run.change("t1", .running, at: 11, attempt: 2)
        let lines = renderer.lines(run.model, now: now(75), size: TerminalSize(columns: 80, rows: 24))
        let bar = String(repeating: "━", count: 1) + String(repeating: "─", count: 29)
        #expect(lines[0] == "job \(bar) 5 %  1/20 tasks, 1:15")
        #expect(lines[1] == "  9 running, 1 completed, 10 pending, 1 retry")
        #expect(
            lines[2...9]
                == ["1:13", "1:12", "1:11", "1:10", "1:09", "1:08", "1:07", "1:06"].enumerated().map {
                    "  ▸ t\($0.offset + 2)  \($0.element)"
                }[...]
        )
        #expect(lines[10...] == ["  … and 1 more"])
    }

    @Test(arguments: [
        TerminalSize(columns: 1, rows: 1), TerminalSize(columns: 10, rows: 2), TerminalSize(columns: 20, rows: 5),
        TerminalSize(columns: 40, rows: 8), TerminalSize(columns: 500, rows: 100),
    ])
    func thePictureFitsTheTerminal(_ size: TerminalSize) {
        var run = FakeRun()
        let names = (0..<30).map { "日本語\n\u{1B}[2J👩‍👩‍👧 \($0) " + String(repeating: "x", count: $0 * 10) }
        for name in names { run.change(name, .running, at: 0) }
        let lines = renderer.lines(run.model, now: now(5), size: size)
        #expect(lines.count <= max(2, size.rows - 1))
        for line in lines {
            #expect(!line.utf8.contains(0x1B) && !line.utf8.contains(10))
            if size.columns >= 40 { #expect(DisplayWidth.of(line) <= size.columns) }
        }
    }

    @Test func anEmptyRunHasNoPicture() {
        #expect(renderer.lines(ProgressModel(), now: now(5), size: TerminalSize(columns: 80, rows: 24)) == [])
    }

    @Test(arguments: [(0, "0:00"), (59.9, "0:59"), (725, "12:05"), (3_723, "1:02:03"), (-5, "0:00"), (.nan, "0:00")])
    func clocksAreReadable(_ seconds: Double, _ expected: String) {
        #expect(ProgressRenderer.clock(seconds) == expected)
    }

    @Test(arguments: [
        (0.04, "0.0 s"), (0.44, "0.4 s"), (12.34, "12.3 s"), (59.94, "59.9 s"), (59.96, "1 min 0 s"),
        (125, "2 min 5 s"), (3_725, "1 h 2 min"),
    ])
    func durationsAreReadable(_ seconds: Double, _ expected: String) {
        #expect(ProgressRenderer.duration(seconds) == expected)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (10_020, "10,020")])
    func largeNumbersAreGrouped(_ number: Int, _ expected: String) {
        #expect(ProgressRenderer.grouped(number) == expected)
    }

    @Test func aLostEventDoesNotUpsetTheCounts() {
        var model = ProgressModel()
        var run = FakeRun()
        model.apply(run.event("a", .pending, at: 0))
        _ = run.event("a", .running, at: 1)
        model.apply(run.event("a", .completed, at: 2))
        #expect(model.count(.pending) == 0 && model.count(.running) == 0 && model.count(.completed) == 1)
        #expect(model.total == 1 && model.runningCount == 0)
    }
}
