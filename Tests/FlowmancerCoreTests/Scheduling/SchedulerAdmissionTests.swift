@testable import FlowmancerCore
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

    @Test func whatIsHandedOutAheadHasItsResources() {
        let licence = NodeTraits(demand: ResourceDemand([ResourceAmount(0, 1)]))
        var run = SchedulerFixture(
            "a",
            "b",
            "c",
            "d",
            traits: ["b": licence, "c": licence],
            settings: SchedulerSettings(concurrency: 1, lookahead: 3, resources: [Resource("r", units: ["x"])])
        )
        // Nothing is handed out past one that would have to wait for more than a place.
        #expect(run.begin().suffix(2) == ["start a 1", "start b 1 behind"])
        #expect(run.scheduler.units(of: 1) == ["r": ["x"]])
        _ = run.held("b")
        #expect(run.turn(.ended(0, .succeeded), .started(1)) == ["a P>R 1", "a R>C 1", "b P>R 1"])
        #expect(run.ended("b", .succeeded) == ["b R>C 1", "start c 1", "start d 1 behind"])
        #expect(run.scheduler.units(of: 2) == ["r": ["x"]])
    }

    @Test func nothingIsHandedOutAheadOfWhatTheNextEndLetsGoOn() {
        var run = SchedulerFixture("a", "b < a", "c", "d < b", limit: 1, lookahead: 1)
        #expect(run.begin().suffix(1) == ["start a 1"])
        // Nothing follows `c` and `d`, and `c` is first in the job.
        #expect(run.ended("a", .succeeded).suffix(2) == ["start b 1", "start c 1 behind"])
        #expect(run.ended("b", .succeeded).suffix(2) == ["admit c", "start d 1 behind"])
        var urgent = SchedulerFixture(
            "a",
            "b",
            "c < a",
            traits: ["c": NodeTraits(priority: 1)],
            settings: SchedulerSettings(concurrency: 1, lookahead: 1)
        )
        #expect(urgent.begin().suffix(1) == ["start a 1"])
        #expect(urgent.ended("a", .succeeded).suffix(2) == ["start c 1", "start b 1 behind"])
    }

    @Test func whatIsWithdrawnGivesItsResourcesBack() {
        let licence = NodeTraits(demand: ResourceDemand([ResourceAmount(0, 1)]))
        var run = SchedulerFixture(
            "a",
            "b",
            traits: ["a": licence, "b": licence],
            settings: SchedulerSettings(concurrency: 1, lookahead: 1, resources: [Resource("r", amount: 2)])
        )
        #expect(run.begin().suffix(2) == ["start a 1", "start b 1 behind"])
        #expect(run.abort() == ["withdraw a", "a P>A 0", "withdraw b", "b P>A 0", "finish"])
        #expect(run.scheduler.admission.stock.covers([ResourceAmount(0, 2)], beyond: []))
    }

    @Test func theMembersOfALimitedGroupAreNotHandedOutAhead() {
        var run = SchedulerFixture(
            "g",
            "m",
            "n",
            traits: ["g": NodeTraits(group: GroupTraits(.job, concurrency: .attempts(5)))],
            containers: ["m": "g", "n": "g"],
            settings: SchedulerSettings(concurrency: 1, lookahead: 1)
        )
        #expect(run.begin().suffix(1) == ["start m 1"])
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

    @Test func theLongestRemainingPathIsFirstAmongEqualPriorities() {
        var run = SchedulerFixture(
            "a",
            "b",
            "c < b",
            "d",
            "e < d",
            "f < e",
            traits: ["a": NodeTraits(priority: 0)],
            limit: 1
        )
        #expect(run.begin().last == "start d 1")
        // Two follow `d`; one `b` and `e`, of which `b` is first in the job.
        #expect(run.ended("d", .succeeded).last == "start b 1")
        #expect(run.ended("b", .succeeded).last == "start e 1")
        #expect(run.ended("e", .succeeded).last == "start a 1")
        #expect(run.ended("a", .succeeded).last == "start c 1")
        #expect(run.ended("c", .succeeded).last == "start f 1")
    }

    @Test func theOrderOfTheJobDecidesLastNotThatOfArrival() {
        var run = SchedulerFixture("a", "late < first", "first", "other < second", "second", limit: 2)
        #expect(run.begin().suffix(2) == ["start first 1", "start second 1"])
        #expect(run.ended("second", .succeeded).last == "start a 1")
        #expect(run.ended("first", .succeeded).last == "start late 1")
    }

    @Test func membersAreOnThePathOfTheirGroup() {
        let graph = TaskGraph([
            ("before", []), ("group", ["before"]), ("m", []), ("n", ["m"]), ("after", ["group"]), ("alone", []),
        ])
        let traits = graph.names.map { NodeTraits(group: $0 == "group" ? GroupTraits(.job) : nil) }
        let plan = NodePlan(graph, traits: TraitsTable(traits), containers: [-1, -1, 1, 1, -1, -1])
        #expect(plan.followers(before: 0) == [3, 1, 2, 1, 0, 0])
        #expect(plan.followers(before: 5) == [8, 6, 7, 6, 5, 5])
        let flat = NodePlan(TaskGraph([("a", []), ("b", [])]), traits: TraitsTable(repeating: NodeTraits(), count: 2))
        #expect(flat.followers(before: 0) == [])
        #expect(flat.followers(before: 1) == [1, 1])
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

    /// There is always something ready that more waits for, and it could start at once.
    @Test func chainsDoNotOvertakeABigDemandForEver() {
        var traits = ["big": Self.asking(2)]
        for name in ["a", "b", "c", "d", "e", "f", "u", "v", "w", "x", "y", "z"] { traits[name] = Self.asking(1) }
        var run = SchedulerFixture(
            "big",
            "a",
            "b < a",
            "c < b",
            "d < c",
            "e < d",
            "f < e",
            "u",
            "v < u",
            "w < v",
            "x < w",
            "y < x",
            "z < y",
            traits: traits,
            settings: SchedulerSettings(resources: [Resource("r", amount: 2)])
        )
        #expect(run.begin().suffix(2) == ["start a 1", "start u 1"])
        #expect(run.ended("a", .succeeded) == ["a P>R 1", "a R>C 1"])
        #expect(run.ended("u", .succeeded).last == "start big 1")
        #expect(run.ended("big", .succeeded).suffix(2) == ["start b 1", "start v 1"])
    }

    @Test func onlyAHigherPriorityOvertakesABigDemand() {
        var urgent = Self.asking(1)
        urgent.priority = 1
        var run = SchedulerFixture(
            "a",
            "u",
            "big",
            "urgent < a",
            "long < a",
            "last < long",
            traits: [
                "a": Self.asking(1), "u": Self.asking(1), "big": Self.asking(2), "urgent": urgent,
                "long": Self.asking(1),
            ],
            settings: SchedulerSettings(resources: [Resource("r", amount: 2)])
        )
        #expect(run.begin().suffix(2) == ["start a 1", "start u 1"])
        #expect(run.ended("a", .succeeded).last == "start urgent 1")
        #expect(run.ended("u", .succeeded).last == "u R>C 1")
        #expect(run.ended("urgent", .succeeded).last == "start big 1")
        #expect(run.ended("big", .succeeded).suffix(2) == ["big R>C 1", "start long 1"])
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
        #expect(run.scheduler.units(of: 0) == ["licence": ["x"]])
        #expect(run.scheduler.units(of: 1) == ["licence": ["y", "z"]])
        _ = run.ended("a", .succeeded)
        #expect(run.scheduler.units(of: 0) == [:])
        #expect(run.scheduler.units(of: 2) == ["licence": ["x"]])
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
