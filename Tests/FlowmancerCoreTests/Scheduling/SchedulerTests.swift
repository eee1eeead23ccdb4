import FlowmancerCore
import Testing

@Suite struct SchedulerTests {
    // MARK: Order

    @Test func aTaskRunsFromBeginningToEnd() {
        var run = SchedulerFixture("a")
        #expect(run.states == "_")
        #expect(run.begin() == ["a _>P 0", "start a 1"])
        #expect(run.states == "P")
        #expect(run.started("a") == ["a P>R 1"])
        #expect(run.states == "R")
        #expect(run.ended("a", .succeeded) == ["a R>C 1", "finish"])
        #expect(run.states == "C")
    }

    @Test func aJobWithoutTasksFinishesAtOnce() {
        var run = SchedulerFixture()
        #expect(run.begin() == ["finish"])
        #expect(run.abort() == [])
    }

    @Test func aTaskWaitsForAllItsDependencies() {
        var run = SchedulerFixture("c < a b", "a", "b", "d")
        #expect(run.begin() == ["c _>P 0", "a _>P 0", "b _>P 0", "d _>P 0", "start a 1", "start b 1", "start d 1"])
        #expect(run.ended("b", .succeeded) == ["b P>R 1", "b R>C 1"])
        #expect(run.ended("a", .succeeded) == ["a P>R 1", "a R>C 1", "start c 1"])
    }

    @Test func anEndWithoutAStartImpliesTheStart() {
        var run = SchedulerFixture("a")
        _ = run.begin()
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>F 1", "finish"])
    }

    @Test func tasksStartInTheOrderInWhichTheyBecameReady() {
        var run = SchedulerFixture("a", "b", "c", "d < a", limit: 1)
        #expect(run.begin().suffix(1) == ["start a 1"])
        #expect(run.ended("a", .succeeded).last == "start b 1")
        #expect(run.ended("b", .succeeded).last == "start c 1")
        #expect(run.ended("c", .succeeded).last == "start d 1")
        #expect(run.ended("d", .succeeded).last == "finish")
    }

    // MARK: Limit

    @Test(arguments: [(-1, 4), (0, 4), (1, 1), (2, 2), (3, 3), (4, 4), (100, 4)])
    func noMoreThanTheLimitStartAtOnce(limit: Int, starts: Int) {
        var run = SchedulerFixture("a", "b", "c", "d", limit: limit)
        #expect(run.begin().filter { $0.hasPrefix("start") }.count == starts)
    }

    @Test func aTaskThatBacksOffLeavesItsPlaceToOthers() {
        let policy = RetryPolicy(maxAttempts: 2, backoff: Backoff(first: .seconds(3)))
        var run = SchedulerFixture("a", "b", policies: ["a": policy], limit: 1)
        _ = run.begin()
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>P 1", "back off a 3.0 seconds", "start b 1"])
        #expect(run.elapsed("a") == [])
        #expect(run.ended("b", .succeeded) == ["b P>R 1", "b R>C 1", "start a 2"])
    }

    // MARK: Time limits

    @Test(arguments: [AttemptOutcome.succeeded, .failed(.error), .aborted])
    func anAttemptThatOverranHasFailedHoweverItEnds(outcome: AttemptOutcome) {
        var run = SchedulerFixture("a", "b < a", policies: ["a": RetryPolicy(timeout: .limited(to: .seconds(3)))])
        _ = run.begin()
        #expect(run.started("a") == ["a P>R 1", "limit a 1 3.0 seconds"])
        #expect(run.overran("a", attempt: 1) == ["cancel a after 3.0 seconds"])
        #expect(run.states == "RP")
        #expect(run.ended("a", outcome) == ["a R>F 1", "b P>D 0", "finish"])
    }

    @Test func everyAttemptHasTheWholeLimit() {
        let policy = RetryPolicy(maxAttempts: 2, timeout: .limited(to: .seconds(3)))
        var run = SchedulerFixture("a", policies: ["a": policy])
        _ = run.begin()
        _ = run.started("a")
        _ = run.overran("a", attempt: 1)
        #expect(run.ended("a", .aborted) == ["a R>P 1", "start a 2"])
        #expect(run.started("a") == ["a P>R 2", "limit a 2 3.0 seconds"])
        #expect(run.ended("a", .succeeded) == ["a R>C 2", "finish"])
    }

    @Test func aLimitIsThatOfItsOwnAttempt() {
        let policy = RetryPolicy(maxAttempts: 2, timeout: .limited(to: .seconds(3)))
        var run = SchedulerFixture("a", policies: ["a": policy])
        _ = run.begin()
        #expect(run.overran("a", attempt: 1) == [])
        _ = run.ended("a", .failed(.error))
        #expect(run.overran("a", attempt: 1) == [])
        _ = run.started("a")
        #expect(run.overran("a", attempt: 1) == [])
        #expect(run.overran("a", attempt: 2) == ["cancel a after 3.0 seconds"])
        #expect(run.overran("a", attempt: 2) == [])
    }

    @Test func withoutALimitNothingOverruns() {
        var run = SchedulerFixture("a")
        _ = run.begin()
        #expect(run.started("a") == ["a P>R 1"])
        #expect(run.overran("a", attempt: 1) == [])
    }

    @Test(arguments: [AttemptOutcome.succeeded, .failed(.error), .aborted])
    func anAbortHasTheLastWordOnWhatOverran(outcome: AttemptOutcome) {
        let policy = RetryPolicy(maxAttempts: 2, timeout: .limited(to: .seconds(3)))
        var run = SchedulerFixture("a", policies: ["a": policy])
        _ = run.begin()
        _ = run.started("a")
        _ = run.overran("a", attempt: 1)
        #expect(run.abort() == [])
        #expect(run.ended("a", outcome) == ["a R>A 1", "finish"])
    }

    @Test func nothingOverrunsOnceTheRunIsAborted() {
        var run = SchedulerFixture("a", policies: ["a": RetryPolicy(timeout: .limited(to: .seconds(3)))])
        _ = run.begin()
        _ = run.started("a")
        #expect(run.abort() == ["cancel a"])
        #expect(run.overran("a", attempt: 1) == [])
        #expect(run.ended("a", .succeeded) == ["a R>C 1", "finish"])
    }

    // MARK: Retries

    @Test func aFailedAttemptIsRepeatedUntilNoneIsLeft() {
        var run = SchedulerFixture("a", policies: ["a": RetryPolicy(maxAttempts: 3)])
        _ = run.begin()
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>P 1", "start a 2"])
        #expect(run.ended("a", .failed(.error)) == ["a P>R 2", "a R>P 2", "start a 3"])
        #expect(run.ended("a", .failed(.error)) == ["a P>R 3", "a R>F 3", "finish"])
    }

    @Test func aRetryThatSucceedsCompletesTheTask() {
        var run = SchedulerFixture("a", "b < a", policies: ["a": RetryPolicy(maxAttempts: 3)])
        _ = run.begin()
        _ = run.ended("a", .failed(.error))
        #expect(run.ended("a", .succeeded) == ["a P>R 2", "a R>C 2", "start b 1"])
    }

    @Test func aRetryQueuesBehindTasksThatAreReady() {
        var run = SchedulerFixture("a", "b", policies: ["a": RetryPolicy(maxAttempts: 2)], limit: 1)
        _ = run.begin()
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>P 1", "start b 1"])
        #expect(run.ended("b", .succeeded) == ["b P>R 1", "b R>C 1", "start a 2"])
    }

    @Test func backoffPassesBeforeEveryRetry() {
        let policy = RetryPolicy(maxAttempts: 3, backoff: Backoff(first: .milliseconds(1_500)))
        var run = SchedulerFixture("a", policies: ["a": policy])
        _ = run.begin()
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>P 1", "back off a 1.5 seconds"])
        #expect(run.states == "P")
        #expect(run.elapsed("a") == ["start a 2"])
        #expect(run.ended("a", .failed(.error)) == ["a P>R 2", "a R>P 2", "back off a 1.5 seconds"])
        #expect(run.elapsed("a") == ["start a 3"])
        #expect(run.ended("a", .failed(.error)) == ["a P>R 3", "a R>F 3", "finish"])
    }

    // MARK: Failures of dependencies

    @Test func aFailureDefaultsEverythingBelowIt() {
        var run = SchedulerFixture("a", "b < a", "c < b", "d < a c", "e")
        _ = run.begin()
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>F 1", "b P>D 0", "d P>D 0", "c P>D 0"])
        #expect(run.states == "FDDDP")
        #expect(run.ended("e", .succeeded) == ["e P>R 1", "e R>C 1", "finish"])
    }

    @Test func aTaskIsDefaultedOnceAlsoIfSeveralDependenciesFail() {
        var run = SchedulerFixture("a", "b", "c < a b")
        _ = run.begin()
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>F 1", "c P>D 0"])
        #expect(run.ended("b", .failed(.error)) == ["b P>R 1", "b R>F 1", "finish"])
    }

    @Test func aDefaultedTaskStaysSoWhenAnotherDependencyCompletes() {
        var run = SchedulerFixture("a", "b", "c < a b")
        _ = run.begin()
        _ = run.ended("a", .failed(.error))
        #expect(run.ended("b", .succeeded) == ["b P>R 1", "b R>C 1", "finish"])
        #expect(run.states == "FCD")
    }

    @Test func aRetryDefaultsNothingYet() {
        var run = SchedulerFixture("a", "b < a", policies: ["a": RetryPolicy(maxAttempts: 2)])
        _ = run.begin()
        _ = run.ended("a", .failed(.error))
        #expect(run.states == "PP")
    }

    @Test func anAttemptAbortedByItselfDefaultsEverythingBelowIt() {
        var run = SchedulerFixture("a", "b < a", "c < b", "d", policies: ["a": RetryPolicy(maxAttempts: 9)])
        _ = run.begin()
        #expect(run.ended("a", .aborted) == ["a P>R 1", "a R>A 1", "b P>D 0", "c P>D 0"])
        #expect(run.ended("d", .succeeded) == ["d P>R 1", "d R>C 1", "finish"])
    }

    // MARK: Origins

    @Test func aSkippedTaskCountsAsSatisfied() {
        var run = SchedulerFixture("a", "b < a", origins: ["a": .skipped])
        #expect(run.begin() == ["a _>P 0", "b _>P 0", "a P>S 0", "start b 1"])
    }

    @Test func aCompletedTaskIsNotRunAgain() {
        var run = SchedulerFixture("a", "b < a", origins: ["a": .completed])
        #expect(run.begin() == ["a _>C 0", "b _>P 0", "start b 1"])
        #expect(run.ended("b", .succeeded).last == "finish")
    }

    @Test func aSkippedTaskDoesNotWaitForWhatItDependsOn() {
        var run = SchedulerFixture("a", "b < a", "c < b", origins: ["b": .skipped])
        #expect(run.begin() == ["a _>P 0", "b _>P 0", "c _>P 0", "b P>S 0", "start a 1", "start c 1"])
        #expect(run.ended("a", .failed(.error)) == ["a P>R 1", "a R>F 1"])
        #expect(run.ended("c", .succeeded) == ["c P>R 1", "c R>C 1", "finish"])
    }

    @Test func aRunInWhichAllIsDoneFinishesAtOnce() {
        var run = SchedulerFixture("a", "b < a", origins: ["a": .completed, "b": .skipped])
        #expect(run.begin() == ["a _>C 0", "b _>P 0", "b P>S 0", "finish"])
    }

    @Test func aFailureThatWasAllowedIsNotRepeated() {
        let allowed = NodeTraits(allowsFailure: true)
        var run = SchedulerFixture(
            "a",
            "b < a",
            "c < a",
            origins: ["a": .failed],
            traits: ["a": allowed, "c": NodeTraits(rule: .anyFailed)]
        )
        #expect(run.begin() == ["a _>F 0", "b _>P 0", "c _>P 0", "start b 1", "start c 1"])
        _ = run.ended("b", .succeeded)
        #expect(run.ended("c", .failed(.error)).last == "finish")
        #expect(run.outcome == RunOutcome(run.names, [.failed, .completed, .failed], allowedFailures: [0]))
        #expect(run.outcome.failureCount == 1)
    }

    // MARK: Aborts

    @Test func anAbortSettlesEveryTaskByItsPhase() {
        var run = SchedulerFixture(
            "running",
            "failed",
            "pausing",
            "dispatched",
            "ready",
            "waiting < running",
            "done",
            policies: ["pausing": RetryPolicy(maxAttempts: 2, backoff: Backoff(first: .seconds(1)))],
            origins: ["done": .completed],
            limit: 2
        )
        _ = run.begin()
        _ = run.started("running")
        _ = run.ended("failed", .failed(.error))
        #expect(run.ended("pausing", .failed(.error)).last == "start dispatched 1")
        #expect(run.states == "RFPPPPC")
        #expect(
            run.abort() == [
                "cancel running", "pausing P>A 1", "withdraw dispatched", "dispatched P>A 0", "ready P>A 0",
                "waiting P>A 0",
            ]
        )
        #expect(run.states == "RFAAAAC")
        #expect(run.ended("running", .aborted) == ["running R>A 1", "finish"])
    }

    @Test func anAbortSettlesTasksThatTheLimitHeldBack() {
        var run = SchedulerFixture("a", "b", "c", limit: 1)
        _ = run.begin()
        #expect(run.abort() == ["withdraw a", "a P>A 0", "b P>A 0", "c P>A 0", "finish"])
    }

    @Test func anAbortNamesTheLastAttemptOfARetryThatTheLimitHeldBack() {
        var run = SchedulerFixture("a", "b", policies: ["a": RetryPolicy(maxAttempts: 2)], limit: 1)
        _ = run.begin()
        #expect(run.ended("a", .failed(.error)).last == "start b 1")
        #expect(run.abort() == ["a P>A 1", "withdraw b", "b P>A 0", "finish"])
    }

    @Test(arguments: [(AttemptOutcome.succeeded, "C"), (.failed(.error), "F"), (.aborted, "A")])
    func anAttemptUnderWayAtAnAbortEndsAsItDoes(outcome: AttemptOutcome, state: String) {
        var run = SchedulerFixture("a", "b < a", policies: ["a": RetryPolicy(maxAttempts: 5)])
        _ = run.begin()
        _ = run.started("a")
        #expect(run.abort() == ["cancel a", "b P>A 0"])
        #expect(run.ended("a", outcome) == ["a R>\(state) 1", "finish"])
    }

    @Test func anAbortWithdrawsARetryThatWasHandedOut() {
        var run = SchedulerFixture("a", policies: ["a": RetryPolicy(maxAttempts: 2)])
        _ = run.begin()
        _ = run.ended("a", .failed(.error))
        #expect(run.abort() == ["withdraw a", "a P>A 1", "finish"])
    }

    @Test func whatComesAfterAnAbortStartsNothing() {
        let policy = RetryPolicy(maxAttempts: 2, backoff: Backoff(first: .seconds(1)))
        var run = SchedulerFixture("a", "b", policies: ["a": policy])
        _ = run.begin()
        _ = run.ended("a", .failed(.error))
        _ = run.started("b")
        #expect(run.abort() == ["a P>A 1", "cancel b"])
        #expect(run.elapsed("a") == [])
        #expect(run.abort() == ["kill b request"])
        #expect(run.abort() == [])
        // A worker may have taken it up before it heard of that.
        #expect(run.started("a") == ["cancel a"])
        #expect(run.ended("a", .succeeded) == [])
        #expect(run.ended("b", .failed(.error)) == ["b R>F 1", "finish"])
        #expect(run.states == "AF")
    }

    // MARK: Attempts that a worker holds

    @Test func moreAreHandedOutThanMayRun() {
        var run = SchedulerFixture("a", "b", "c", "d", limit: 1, lookahead: 2)
        #expect(run.begin().suffix(3) == ["start a 1", "start b 1 behind", "start c 1 behind"])
        _ = run.started("a")
        #expect(run.ended("a", .succeeded) == ["a R>C 1", "admit b", "start d 1 behind"])
    }

    @Test func whatIsHeldIsPendingUntilItBegins() {
        var run = SchedulerFixture("a", "b")
        _ = run.begin()
        #expect(run.held("b") == [])
        #expect(run.states == "PP")
        #expect(run.started("b") == ["b P>R 1"])
    }

    @Test func whatIsGivenBackIsStillHandedOut() {
        var run = SchedulerFixture("a")
        _ = run.begin()
        _ = run.held("a")
        #expect(run.returned("a") == [])
        #expect(run.abort() == ["withdraw a", "a P>A 0", "finish"])
    }

    @Test func anAbortWaitsForWhatIsHeld() {
        var run = SchedulerFixture("a", "b", "c")
        _ = run.begin()
        for task in ["a", "b", "c"] { _ = run.held(task) }
        #expect(run.abort() == ["cancel a", "cancel b", "cancel c"])
        #expect(run.returned("a") == ["withdraw a", "a P>A 0"])
        #expect(run.started("b") == ["b P>R 1"])
        #expect(run.ended("b", .aborted) == ["b R>A 1"])
        #expect(run.ended("c", .succeeded) == ["c P>R 1", "c R>C 1", "finish"])
        #expect(run.states == "AAC")
    }

    // MARK: Events out of turn

    @Test func repeatedAndLateEventsChangeNothing() {
        var run = SchedulerFixture("a", "b < a")
        #expect(run.started("a") == [])
        #expect(run.ended("a", .failed(.error)) == [])
        _ = run.begin()
        #expect(run.begin() == [])
        #expect(run.elapsed("a") == [])
        #expect(run.started("b") == [])
        #expect(run.ended("b", .succeeded) == [])
        _ = run.started("a")
        #expect(run.started("a") == [])
        #expect(run.ended("a", .succeeded) == ["a R>C 1", "start b 1"])
        #expect(run.ended("a", .failed(.error)) == [])
        _ = run.ended("b", .succeeded)
        #expect(run.begin() + run.abort() + run.started("b") + run.ended("b", .failed(.error)) == [])
        #expect(run.states == "CC")
    }
}
