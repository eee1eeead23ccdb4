import FlowmancerCore
import Testing

/// Which attempts start, and when: places, resources, priorities.
@Suite struct SchedulerAdmissionTests {
    // MARK: Places

    @Test func whatBeginsByItselfTakesOverThePlaceOfTheOneBefore() {
        var run = SchedulerFixture("a", "b", "c", "d", limit: 1, lookahead: 2)
        _ = run.begin()
        _ = run.started("a")
        _ = run.held("b")
        #expect(run.turn(.ended(0, .succeeded), .started(1)) == ["a R>C 1", "b P>R 1", "start d 1 behind"])
        #expect(run.ended("b", .succeeded) == ["b R>C 1", "admit c"])
    }

    @Test func whatIsGivenBackIsAdmittedWhenThereIsAPlace() {
        var run = SchedulerFixture("a", "b", limit: 1, lookahead: 1)
        _ = run.begin()
        _ = run.started("a")
        _ = run.held("b")
        #expect(run.returned("b") == [])
        #expect(run.ended("a", .failed(.error)) == ["a R>F 1", "admit b"])
    }

    /// Otherwise it would keep others from the workers that are idle.
    @Test func whatAWorkerHoldsTakesNoPlace() {
        var run = SchedulerFixture("a", "b", "c", "d", limit: 2, lookahead: 1)
        _ = run.begin()
        _ = run.started("a")
        _ = run.started("b")
        _ = run.held("c")
        #expect(run.ended("b", .succeeded) == ["b R>C 1", "start d 1"])
    }

    @Test func anAbortWithdrawsWhatWasHandedOutAhead() {
        var run = SchedulerFixture("a", "b", "c", limit: 1, lookahead: 1)
        _ = run.begin()
        #expect(run.abort() == ["withdraw a", "a P>A 0", "withdraw b", "b P>A 0", "c P>A 0", "finish"])
    }

    @Test func nothingIsHandedOutPastOneThatIsLimitedOtherwise() {
        let licence = NodeTraits(demand: ResourceDemand([ResourceAmount(0, 1)]))
        var run = SchedulerFixture(
            "a",
            "b",
            "c",
            traits: ["b": licence],
            settings: SchedulerSettings(concurrency: 1, lookahead: 2, resources: [Resource("r", amount: 1)])
        )
        #expect(run.begin().suffix(1) == ["start a 1"])
        #expect(run.ended("a", .succeeded).suffix(2) == ["start b 1", "start c 1 behind"])
    }

    // MARK: Priorities

    @Test func aHigherPriorityIsFirstAmongWhatIsReady() {
        var run = SchedulerFixture(
            "a",
            "low",
            "b",
            "high",
            traits: ["low": NodeTraits(priority: -1), "high": NodeTraits(priority: 10)],
            limit: 1
        )
        #expect(run.begin().last == "start high 1")
        #expect(run.ended("high", .succeeded).last == "start a 1")
        #expect(run.ended("a", .succeeded).last == "start b 1")
        #expect(run.ended("b", .succeeded).last == "start low 1")
    }

    // MARK: Resources

    private static func asking(_ amounts: Int...) -> NodeTraits {
        NodeTraits(demand: ResourceDemand(byAttempt: amounts.map { [ResourceAmount(0, $0)] }))
    }

    @Test func anAttemptGetsAllThatItAsksForOrNothing() {
        var run = SchedulerFixture(
            "a",
            "b",
            "c",
            traits: ["a": Self.asking(2), "b": Self.asking(2), "c": Self.asking(1)],
            settings: SchedulerSettings(resources: [Resource("r", amount: 3)])
        )
        // What `c` asks for is there, but `b` waits for it.
        #expect(run.begin().suffix(1) == ["start a 1"])
        #expect(run.ended("a", .succeeded).suffix(2) == ["start b 1", "start c 1"])
    }

    @Test func aBigDemandIsNotOvertakenForEver() {
        let names = (0..<10).map { "t\($0)" }
        var traits = Dictionary(uniqueKeysWithValues: names.map { ($0, Self.asking(1)) })
        traits["big"] = Self.asking(2)
        var run = SchedulerFixture(
            "t0",
            "t1",
            "big",
            "t2",
            "t3",
            "t4",
            "t5",
            "t6",
            "t7",
            "t8",
            "t9",
            traits: traits,
            settings: SchedulerSettings(resources: [Resource("r", amount: 2)])
        )
        #expect(run.begin().suffix(2) == ["start t0 1", "start t1 1"])
        #expect(run.ended("t0", .succeeded) == ["t0 P>R 1", "t0 R>C 1"])
        #expect(run.ended("t1", .succeeded) == ["t1 P>R 1", "t1 R>C 1", "start big 1"])
        #expect(run.ended("big", .succeeded).suffix(2) == ["start t2 1", "start t3 1"])
    }

    @Test func resourcesBelongToTheAttemptAndNotToItsPause() {
        var waiting = Self.asking(1, 2)
        waiting.policy = RetryPolicy(maxAttempts: 2, backoff: Backoff(first: .seconds(1)))
        var run = SchedulerFixture(
            "a",
            "b",
            traits: ["a": waiting, "b": Self.asking(2)],
            settings: SchedulerSettings(resources: [Resource("r", amount: 2)])
        )
        #expect(run.begin().last == "start a 1")
        #expect(run.ended("a", .failed(.error)).suffix(2) == ["back off a 1.0 seconds", "start b 1"])
        // The second attempt asks for more.
        #expect(run.elapsed("a") == [])
        #expect(run.ended("b", .succeeded).last == "start a 2")
    }

    @Test func unitsHaveNames() {
        var run = SchedulerFixture(
            "a",
            "b",
            "c",
            traits: ["a": Self.asking(1), "b": Self.asking(2), "c": Self.asking(1)],
            settings: SchedulerSettings(resources: [Resource("licence", units: ["x", "y", "z"])])
        )
        _ = run.begin()
        func units(_ task: Int) -> String { run.scheduler.units(of: task).map { "\($0) \($1)" }.joined() }
        #expect(units(0) == #"licence ["x"]"#)
        #expect(units(1) == #"licence ["y", "z"]"#)
        _ = run.ended("a", .succeeded)
        #expect(units(0) == "")
        #expect(units(2) == #"licence ["x"]"#)
    }

    @Test func moreThanThereIsFailsTheTask() {
        var run = SchedulerFixture(
            "a",
            "b < a",
            traits: ["a": Self.asking(3)],
            settings: SchedulerSettings(resources: [Resource("r", amount: 2)])
        )
        #expect(run.begin().suffix(3) == ["a P>F 0", "b P>D 0", "finish"])
    }
}
