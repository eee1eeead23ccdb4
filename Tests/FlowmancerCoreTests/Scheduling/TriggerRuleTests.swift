import FlowmancerCore
import Testing

/// How the ends of dependencies decide about a task.
@Suite struct TriggerRuleTests {
    /// By the outcomes of two dependencies: what becomes of the task that depends on them.
    @Test(
        arguments: [
            (.allCompleted, "start", "default", "default"), (.anyCompleted, "start", "start", "default"),
            (.allFailed, "skip", "skip", "start"), (.anyFailed, "skip", "start", "start"),
            (.allFinished, "start", "start", "start"),
        ] as [(TriggerRule, String, String, String)]
    )
    func aRuleIsDecidedByAllVotes(rule: TriggerRule, none: String, one: String, both: String) {
        for (outcomes, expected) in [
            ([AttemptOutcome.succeeded, .succeeded], none), ([.succeeded, .failed(.error)], one),
            ([.failed(.error), .failed(.error)], both),
        ] {
            var run = SchedulerFixture("a", "b", "c < a b", traits: ["c": NodeTraits(rule: rule)])
            _ = run.begin()
            let first = run.ended("a", outcomes[0])
            #expect(!first.contains { $0.contains("c") && $0 != "c P>D 0" })
            let last = run.ended("b", outcomes[1])
            let step = ["start": "start c 1", "default": "c P>D 0", "skip": "c P>S 0"][expected]!
            #expect((first + last).contains(step), "\(rule) after \(outcomes)")
        }
    }

    @Test func onlyTheFirstFailureIsNotWaitedForByAllOthers() {
        var run = SchedulerFixture("a", "b", "c < a b", "d < a b", traits: ["d": NodeTraits(rule: .anyFailed)])
        _ = run.begin()
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>F 1", "c P>D 0"])
        #expect(run.ended("b", .succeeded).last == "start d 1")
    }

    @Test func aFailureThatIsAllowedIsCompletedForSomeRules() {
        var run = SchedulerFixture(
            "a",
            "b < a",
            "c < a",
            "d < a",
            "e < a",
            traits: [
                "a": NodeTraits(allowsFailure: true), "c": NodeTraits(rule: .anyCompleted),
                "d": NodeTraits(rule: .anyFailed), "e": NodeTraits(rule: .allFailed),
            ]
        )
        _ = run.begin()
        #expect(
            run.ended("a", .failed(.error)) == [
                "a P>R 1", "a R>F 1", "start b 1", "start c 1", "start d 1", "start e 1",
            ]
        )
        #expect(run.scheduler.allowsFailure(of: 0))
        #expect(!run.scheduler.allowsFailure(of: 1))
    }

    @Test func aTaskThatIsAllowedToFailIsStillNotAllowedToDefault() {
        var run = SchedulerFixture("a", "b < a", "c < b", traits: ["b": NodeTraits(allowsFailure: true)])
        _ = run.begin()
        #expect(run.ended("a", .failed(.error)).suffix(3) == ["b P>D 0", "c P>D 0", "finish"])
    }

    @Test func theReasonNamesTheDependency() {
        var run = SchedulerFixture("a", "b < a", "c < b", "d < a", traits: ["d": NodeTraits(rule: .allCompleted)])
        _ = run.begin()
        let names = ["a", "b", "c", "d"]
        let reasons = run.scheduler.handle(.ended(0, .failed(.error))).compactMap { action -> String? in
            guard case .transition(let step) = action, let reason = step.reason else { return nil }
            return "\(names[step.task]): \(reason.text { names[$0] })"
        }
        #expect(
            reasons == [
                "b: its dependency 'a' failed", "d: its dependency 'a' failed", "c: its dependency 'b' was not run",
            ]
        )
    }

    // MARK: max_failures

    @Test func afterTooManyFailuresOnlyThoseStartThatReact() {
        var run = SchedulerFixture(
            "a",
            "b",
            "c",
            "cleanup < b",
            "later < b",
            traits: ["cleanup": NodeTraits(rule: .allFinished)],
            settings: SchedulerSettings(concurrency: 2, lookahead: 2, maxFailures: 1)
        )
        #expect(run.begin().suffix(2) == ["start b 1", "start a 1"])
        _ = run.started("b")
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>F 1", "c P>D 0", "later P>D 0"])
        #expect(run.ended("b", .succeeded) == ["b R>C 1", "start cleanup 1"])
        #expect(run.ended("cleanup", .succeeded).last == "finish")
    }

    @Test func aTaskThatHasBegunKeepsItsRetries() {
        var run = SchedulerFixture(
            "a",
            "b",
            policies: ["b": RetryPolicy(maxAttempts: 2)],
            settings: SchedulerSettings(maxFailures: 1)
        )
        _ = run.begin()
        _ = run.started("b")
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>F 1"])
        #expect(run.ended("b", .failed(.error)) == ["b R>P 1", "start b 2"])
        #expect(run.ended("b", .succeeded).last == "finish")
    }

    @Test func failuresThatAreAllowedDoNotCount() {
        var run = SchedulerFixture(
            "a",
            "b < a",
            traits: ["a": NodeTraits(allowsFailure: true)],
            settings: SchedulerSettings(maxFailures: 1)
        )
        _ = run.begin()
        #expect(run.ended("a", .failed(.error)).last == "start b 1")
    }
}
