import FlowmancerCore
import Testing

/// The limits of a run: its time, and how many tasks may fail.
@Suite struct SchedulerLimitTests {
    private static let limited = SchedulerSettings(timeout: .seconds(60), grace: .seconds(10))

    @Test func aRunThatTakesTooLongIsAborted() {
        var run = SchedulerFixture("a", "b < a", settings: Self.limited)
        #expect(run.begin().first == "limit 60.0 seconds")
        _ = run.started("a")
        #expect(run.scheduler.exceededRunLimit == nil)
        #expect(run.elapsed(.runLimit) == ["cancel a", "grace 10.0 seconds", "b P>A 0"])
        #expect(run.scheduler.exceededRunLimit == .seconds(60))
        #expect(run.ended("a", .failed(.error)) == ["a R>F 1", "finish"])
    }

    @Test func peopleAreToldOfTheLimitAndCanHastenTheEnd() {
        var run = SchedulerFixture("a", settings: Self.limited)
        _ = run.begin()
        _ = run.started("a")
        #expect(run.scheduler.handle(.elapsed(.runLimit)).first == .announce(.timeLimit(.seconds(60)), running: [0]))
        #expect(run.scheduler.handle(.abort).first == .announce(.killing, running: [0]))
        #expect(run.scheduler.exceededRunLimit == .seconds(60))
    }

    @Test func theLimitIsForgottenWithTheEnd() {
        var run = SchedulerFixture("a", settings: Self.limited)
        _ = run.begin()
        #expect(run.scheduler.handle(.ended(0, .succeeded)).suffix(2) == [.forget(.runLimit), .finish])
        #expect(run.elapsed(.runLimit) == [])
        #expect(run.scheduler.exceededRunLimit == nil)
    }

    @Test func anAbortBeforeTheLimitKeepsItsOwnReason() {
        var run = SchedulerFixture("a", settings: Self.limited)
        _ = run.begin()
        _ = run.started("a")
        _ = run.abort()
        #expect(run.elapsed(.runLimit) == [])
        #expect(run.scheduler.exceededRunLimit == nil)
    }

    // MARK: max_failures

    /// Without a limit of concurrency, everything is handed out at once, and most of it waits for a worker.
    @Test func whatNoWorkerHasTakenUpIsTakenBack() {
        var run = SchedulerFixture("a", "b", "c", settings: SchedulerSettings(maxFailures: 1))
        #expect(run.begin().suffix(3) == ["start a 1", "start b 1", "start c 1"])
        _ = run.started("b")
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>F 1", "withdraw c", "c P>D 0"])
        #expect(run.ended("b", .succeeded).last == "finish")
    }

    @Test func whatBeginsInTheSameTurnGoesOn() {
        var run = SchedulerFixture("a", "b", settings: SchedulerSettings(maxFailures: 1))
        _ = run.begin()
        #expect(run.turn(.ended(0, .failed(.error)), .started(1)) == ["a P>R 1", "a R>F 1", "b P>R 1"])
        #expect(run.ended("b", .succeeded) == ["b R>C 1", "finish"])
    }

    @Test func whatAWorkerBeganAllTheSameIsCancelled() {
        var run = SchedulerFixture("a", "b", "c", settings: SchedulerSettings(maxFailures: 1))
        _ = run.begin()
        _ = run.started("c")
        #expect(run.ended("a", .failed(.error)).suffix(2) == ["withdraw b", "b P>D 0"])
        #expect(run.started("b") == ["cancel b"])
    }

    @Test func whatAWorkerGivesBackLaterDoesNotBegin() {
        var run = SchedulerFixture("a", "b", settings: SchedulerSettings(maxFailures: 1))
        _ = run.begin()
        _ = run.held("b")
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>F 1"])
        #expect(run.returned("b") == ["withdraw b", "b P>D 0", "finish"])
    }

    @Test func peopleAreToldHowManyDoNotStart() {
        var run = SchedulerFixture(
            "a",
            "b",
            "c < b",
            "d < b",
            traits: ["d": NodeTraits(rule: .allFinished)],
            settings: SchedulerSettings(maxFailures: 1)
        )
        _ = run.begin()
        let actions = run.scheduler.handle(.ended(0, .failed(.error)))
        #expect(actions.contains(.announceFailures(limit: 1, notStarted: 2)))
        #expect(run.states == "FDDP")
        var last = SchedulerFixture("a", settings: SchedulerSettings(maxFailures: 1))
        _ = last.begin()
        let none = last.scheduler.handle(.ended(0, .failed(.error))).filter {
            if case .announceFailures = $0 { true } else { false }
        }
        #expect(none == [])
    }
}
