import FlowmancerCore
import Testing

/// Grace periods, and what becomes of attempts that do not end.
@Suite struct SchedulerKillTests {
    private static let grace = SchedulerSettings(grace: .seconds(9))
    private static let limited = ["a": RetryPolicy(maxAttempts: 2, timeout: .limited(to: .seconds(3)))]

    @Test func theGracePeriodBeginsWithTheFirstCancellation() {
        var run = SchedulerFixture("a", "b", "c < a", settings: Self.grace)
        _ = run.begin()
        _ = run.started("a")
        _ = run.started("b")
        #expect(run.abort() == ["cancel a", "grace 9.0 seconds", "cancel b", "c P>A 0"])
        #expect(run.elapsed(.abortGrace) == ["kill a abortGrace(9.0 seconds)", "kill b abortGrace(9.0 seconds)"])
        #expect(run.elapsed(.abortGrace) == [])
        #expect(run.ended("a", .aborted) == ["a R>A 1"])
        #expect(run.ended("b", .succeeded) == ["b R>C 1", "finish"])
    }

    @Test func withoutCancellationThereIsNoGracePeriod() {
        var run = SchedulerFixture("a", settings: Self.grace)
        _ = run.begin()
        #expect(run.abort() == ["withdraw a", "a P>A 0", "finish"])
        #expect(run.elapsed(.abortGrace) == [])
    }

    @Test func whatTurnsOutToHaveBegunIsCancelledToo() {
        var run = SchedulerFixture("a", "b", settings: Self.grace)
        _ = run.begin()
        _ = run.held("b")
        #expect(run.abort() == ["withdraw a", "a P>A 0", "cancel b", "grace 9.0 seconds"])
        #expect(run.started("a") == ["cancel a"])
        #expect(run.returned("b") == ["withdraw b", "b P>A 0", "finish"])
    }

    @Test func theSecondAbortKillsAtOnceAlsoBeforeTheFirstIsCarriedOut() {
        var run = SchedulerFixture("a", "b", "c < a", settings: Self.grace)
        _ = run.begin()
        _ = run.started("a")
        _ = run.held("b")
        var actions: [SchedulerAction] = []
        run.scheduler.handle(.abort, &actions)
        run.scheduler.handle(.abort, &actions)
        #expect(
            actions == [
                .announce(.aborting, running: [0]), .announce(.killing, running: [0]), .kill(0, .request),
            ]
        )
        #expect(run.started("b") == ["b P>R 1", "kill b lateStart", "c P>A 0"])
        #expect(run.ended("a", .aborted) + run.ended("b", .aborted) == ["a R>A 1", "b R>A 1", "finish"])
    }

    @Test func theThirdAbortChangesNothing() {
        var run = SchedulerFixture("a", settings: Self.grace)
        _ = run.begin()
        _ = run.started("a")
        _ = run.abort()
        #expect(run.abort() == ["kill a request"])
        #expect(run.abort() + run.elapsed(.abortGrace) == [])
    }

    @Test func anAttemptThatOverranIsKilledAfterItsGrace() {
        var run = SchedulerFixture("a", policies: Self.limited, settings: Self.grace)
        _ = run.begin()
        _ = run.started("a")
        #expect(run.scheduler.exceededLimit(of: 0) == nil)
        #expect(run.overran("a", attempt: 1) == ["cancel a after 3.0 seconds", "grace of a 9.0 seconds"])
        #expect(run.scheduler.exceededLimit(of: 0) == .seconds(3))
        #expect(
            run.elapsed(.limitGrace(0, attempt: 1)) == ["kill a overrun(limit: 3.0 seconds, grace: 9.0 seconds)"]
        )
        #expect(run.scheduler.exceededLimit(of: 0) == nil)
        #expect(run.ended("a", .aborted) == ["a R>P 1", "start a 2"])
        _ = run.started("a")
        #expect(run.elapsed(.limitGrace(0, attempt: 1)) == [])
    }

    @Test func anAbortKillsWhatOverranOnlyOnce() {
        var run = SchedulerFixture("a", policies: Self.limited, settings: Self.grace)
        _ = run.begin()
        _ = run.started("a")
        _ = run.overran("a", attempt: 1)
        #expect(run.abort() == [])
        #expect(run.abort() == ["kill a request"])
        #expect(run.scheduler.exceededLimit(of: 0) == nil)
        #expect(run.elapsed(.limitGrace(0, attempt: 1)) == [])
        #expect(run.ended("a", .succeeded) == ["a R>A 1", "finish"])
    }

    /// Nobody has to wait for a clock of something that is over.
    @Test func noClockOutlivesWhatItIsFor() {
        var run = SchedulerFixture(
            "a",
            "b",
            policies: [
                "a": Self.limited["a"]!, "b": RetryPolicy(maxAttempts: 2, backoff: Backoff(first: .seconds(1))),
            ],
            settings: Self.grace
        )
        _ = run.begin()
        _ = run.started("a")
        #expect(run.scheduler.handle(.ended(0, .failed(.error))).contains(.forget(.limit(0, attempt: 1))))
        _ = run.overran("a", attempt: 2)
        _ = run.started("a")
        _ = run.overran("a", attempt: 2)
        _ = run.ended("b", .failed(.error))
        #expect(run.scheduler.handle(.abort).contains(.forget(.backoff(1))))
        #expect(run.scheduler.handle(.ended(0, .aborted)).contains(.forget(.limitGrace(0, attempt: 2))))
    }
}
