import FlowmancerCore
import Testing

/// Nodes that are prepared, and groups.
@Suite struct SchedulerGroupTests {
    private static let items = NodeTraits(isPrepared: true, group: GroupTraits(.items))
    private static let job = NodeTraits(group: GroupTraits(.job))

    /// Members such as `"a"` or `"b < a"`.
    private static func members(
        _ nodes: String...,
        traits: NodeTraits = NodeTraits(),
        origins: [TaskOrigin] = []
    ) -> Preparation.Decision {
        let graph = TaskGraph(
            nodes.map { node in
                let words = node.split(separator: " ").map(String.init)
                return (words[0], Array(words.dropFirst(2)))
            }
        )
        return .expand(NodePlan(graph, traits: TraitsTable(repeating: traits, count: nodes.count), origins: origins))
    }

    // MARK: Preparation

    @Test(
        arguments: [
            (.run, ["record a", "start a 1"]), (.skip, ["record a", "a P>S 0", "start b 1"]),
            (.complete, ["record a", "a P>C 0", "start b 1"]), (.fail, ["record a", "a P>F 0", "b P>D 0", "finish"]),
        ] as [(Preparation.Decision, [String])]
    )
    func whatIsFoundOutIsRecordedAndFollowed(decision: Preparation.Decision, actions: [String]) {
        var run = SchedulerFixture("a", "b < a", traits: ["a": NodeTraits(isPrepared: true)])
        #expect(run.begin().last == "prepare a")
        #expect(run.prepared("a", decision, because: "chance") == actions)
        #expect(run.prepared("a", .fail) == [])
    }

    @Test func retriesAreNotPreparedAgain() {
        let traits = NodeTraits(policy: RetryPolicy(maxAttempts: 2), isPrepared: true)
        var run = SchedulerFixture("a", traits: ["a": traits])
        _ = run.begin()
        _ = run.prepared("a", .run)
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>P 1", "start a 2"])
    }

    @Test func whatAnEarlierRunFoundOutIsNotAskedForAgain() {
        let preparation = Preparation(Self.members("x", "y"), record: JSONText(rawValue: "[]"))
        var again = SchedulerFixture("a", "b < a", traits: ["b": Self.items], preparations: ["b": preparation])
        _ = again.begin()
        let actions = again.scheduler.handle(.ended(0, .succeeded))
        #expect(actions.contains(.expanded(1, members: 2..<4)))
        #expect(actions.suffix(2) == [.start(2, attempt: 1, .now), .start(3, attempt: 1, .now)])
        #expect(!actions.contains { if case .prepare = $0 { true } else if case .record = $0 { true } else { false } })
    }

    @Test func anAbortEndsPreparation() {
        var run = SchedulerFixture("a", traits: ["a": NodeTraits(isPrepared: true)])
        _ = run.begin()
        #expect(run.abort() == ["a P>A 0", "finish"])
        #expect(run.prepared("a", .run) == [])
    }

    // MARK: Items

    @Test func whoDependsOnAGroupWaitsForAllItems() {
        var run = SchedulerFixture("g", "after < g", traits: ["g": Self.items])
        _ = run.begin()
        #expect(
            run.prepared("g", Self.members("1", "2")) == [
                "record g", "expand g to 2", "g[1] _>P 0", "g[2] _>P 0", "start g[1] 1", "start g[2] 1",
            ]
        )
        #expect(run.ended("g[2]", .succeeded) == ["g[2] P>R 1", "g[2] R>C 1"])
        #expect(run.ended("g[1]", .succeeded) == ["g[1] P>R 1", "g[1] R>C 1", "start after 1"])
        #expect(run.states == "CPCC")
    }

    @Test func theFirstFailedItemDefaultsWhoNeedsAll() {
        var run = SchedulerFixture(
            "g",
            "all < g",
            "any < g",
            "failed < g",
            traits: ["g": Self.items, "any": NodeTraits(rule: .anyCompleted), "failed": NodeTraits(rule: .anyFailed)]
        )
        _ = run.begin()
        _ = run.prepared("g", Self.members("1", "2"))
        #expect(run.ended("g[1]", .failed(.error)) == ["g[1] P>R 1", "g[1] R>F 1", "all P>D 0"])
        #expect(run.ended("g[2]", .succeeded).suffix(2) == ["start any 1", "start failed 1"])
        #expect(run.states == "FDPPFC")
    }

    @Test func aGroupWithoutItemsIsCompleted() {
        var run = SchedulerFixture("g", "after < g", traits: ["g": Self.items])
        _ = run.begin()
        #expect(run.prepared("g", Self.members()) == ["record g", "expand g to 0", "g P>C 0", "start after 1"])
    }

    @Test(
        arguments: [
            ([.completed, .skipped], "C"), ([.skipped, .skipped], "S"), ([.completed, .completed], "C"),
        ] as [([TaskOrigin], String)]
    )
    func itemsThatAreDoneCount(origins: [TaskOrigin], state: String) {
        var run = SchedulerFixture("g", traits: ["g": Self.items])
        _ = run.begin()
        #expect(run.prepared("g", Self.members("1", "2", origins: origins)).last == "finish")
        #expect(run.states.first.map(String.init) == state)
    }

    @Test func itemsMayExpandThemselves() {
        var run = SchedulerFixture("g", traits: ["g": Self.items])
        _ = run.begin()
        _ = run.prepared("g", Self.members("1", "2", traits: Self.items))
        #expect(run.prepared("g[2]", Self.members("x")).last == "start g[2][x] 1")
        #expect(run.prepared("g[1]", .skip) == ["record g[1]", "g[1] P>S 0"])
        #expect(run.ended("g[2][x]", .succeeded).last == "finish")
        #expect(run.states == "CSCC")
    }

    @Test func anAbortEndsAGroupWithItsLastItem() {
        var run = SchedulerFixture("g", "after < g", traits: ["g": Self.items])
        _ = run.begin()
        _ = run.prepared("g", Self.members("1", "2"))
        _ = run.started("g[1]")
        #expect(run.abort() == ["after P>A 0", "cancel g[1]", "withdraw g[2]", "g[2] P>A 0"])
        #expect(run.states == "PARA")
        #expect(run.ended("g[1]", .succeeded) == ["g[1] R>C 1", "finish"])
        #expect(run.states == "AACA")
    }

    @Test func noMoreItemsRunAtOnceThanTheGroupAllows() {
        var traits = Self.items
        traits.group?.concurrency = .attempts(2)
        var run = SchedulerFixture("g", "other", traits: ["g": traits], limit: 3, lookahead: 3)
        _ = run.begin()
        #expect(run.prepared("g", Self.members("1", "2", "3")).suffix(2) == ["start g[1] 1", "start g[2] 1"])
        #expect(run.ended("other", .succeeded) == ["other P>R 1", "other R>C 1"])
        #expect(run.ended("g[1]", .succeeded).last == "start g[3] 1")
    }

    /// Chains of `a` and `b` for three items, of which two may be under way.
    private static func chains(_ origins: [String: TaskOrigin] = [:]) -> SchedulerFixture {
        SchedulerFixture(
            "each",
            "e1",
            "e2",
            "e3",
            "a1",
            "b1 < a1",
            "a2",
            "b2 < a2",
            "a3",
            "b3 < a3",
            origins: origins,
            traits: [
                "each": NodeTraits(group: GroupTraits(.items, concurrency: .members(2))), "e1": Self.job,
                "e2": Self.job,
                "e3": Self.job,
            ],
            containers: [
                "e1": "each", "e2": "each", "e3": "each", "a1": "e1", "b1": "e1", "a2": "e2", "b2": "e2", "a3": "e3",
                "b3": "e3",
            ]
        )
    }

    @Test func aChainThatBeganEndsBeforeAnotherBegins() {
        var run = Self.chains()
        #expect(run.begin().filter { $0.hasPrefix("start") } == ["start a1 1", "start a2 1"])
        #expect(run.ended("a1", .succeeded).last == "start b1 1")
        #expect(run.ended("a2", .failed(.error)).suffix(2) == ["b2 P>D 0", "start a3 1"])
        #expect(run.ended("b1", .succeeded).last == "b1 R>C 1")
        #expect(run.ended("a3", .succeeded).last == "start b3 1")
        #expect(run.ended("b3", .succeeded).last == "finish")
    }

    @Test func aChainThatBeganInAnEarlierRunIsTheFirst() {
        var run = Self.chains(["a3": .completed])
        #expect(run.begin().filter { $0.hasPrefix("start") } == ["start a1 1", "start b3 1"])
    }

    @Test func anAbortEndsWhatIsHeldBack() {
        var run = Self.chains()
        _ = run.begin()
        _ = run.started("a1")
        _ = run.started("a2")
        _ = run.abort()
        _ = run.ended("a1", .aborted)
        #expect(run.ended("a2", .aborted).last == "finish")
        #expect(!run.states.contains("P"))
    }

    @Test func tooManyFailuresInAGroupEndItAlone() {
        var traits = Self.items
        traits.group?.maxFailures = 1
        traits.group?.concurrency = .attempts(1)
        var run = SchedulerFixture("g", "other", traits: ["g": traits])
        _ = run.begin()
        _ = run.prepared("g", Self.members("1", "2", "3"))
        #expect(run.ended("g[1]", .failed(.error)) == ["g[1] P>R 1", "g[1] R>F 1", "g[2] P>D 0", "g[3] P>D 0"])
        #expect(run.states == "FPFDD")
    }

    // MARK: Jobs within jobs

    @Test func theTasksOfASubJobWaitForIt() {
        var run = SchedulerFixture(
            "first",
            "sub < first",
            "x",
            "y < x",
            "after < sub",
            traits: ["sub": Self.job],
            containers: ["x": "sub", "y": "sub"]
        )
        #expect(run.begin().last == "start first 1")
        #expect(run.ended("first", .succeeded).last == "start x 1")
        #expect(run.ended("x", .succeeded).last == "start y 1")
        #expect(run.ended("y", .succeeded).last == "start after 1")
        #expect(run.states == "CCCCP")
    }

    @Test func aSubJobThatIsNotEnteredPassesThatOn() {
        var run = SchedulerFixture(
            "first",
            "sub < first",
            "x",
            "after < x",
            traits: ["sub": Self.job],
            containers: ["x": "sub"]
        )
        _ = run.begin()
        #expect(
            run.ended("first", .failed(.error)).suffix(4) == ["sub P>D 0", "x P>D 0", "after P>D 0", "finish"]
        )
    }

    @Test func aSubJobHasOneVote() {
        var run = SchedulerFixture(
            "sub",
            "x",
            "y",
            "completed < sub",
            "failed < sub",
            traits: [
                "sub": Self.job, "completed": NodeTraits(rule: .anyCompleted), "failed": NodeTraits(rule: .allFailed),
            ],
            containers: ["x": "sub", "y": "sub"]
        )
        _ = run.begin()
        _ = run.ended("x", .succeeded)
        #expect(run.ended("y", .failed(.error)).suffix(2) == ["completed P>D 0", "start failed 1"])
        #expect(run.states == "FCFDP")
    }

    @Test func aSubJobMayFail() {
        var traits = Self.job
        traits.allowsFailure = true
        var run = SchedulerFixture(
            "sub",
            "x",
            "y < x",
            "after < sub",
            traits: ["sub": traits],
            containers: ["x": "sub", "y": "sub"]
        )
        _ = run.begin()
        // Within the sub-job, too, the failure is allowed.
        #expect(run.ended("x", .failed(.error)).last == "start y 1")
        #expect(run.ended("y", .succeeded).last == "start after 1")
        #expect(run.states == "FFCP")
        #expect(run.scheduler.allowsFailure(of: 1))
    }
}
