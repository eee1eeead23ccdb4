import FlowmancerCore
import Testing

/// Attempts that are lost with the machine on which they ran.
@Suite struct SchedulerLossTests {
    private static func fixture(_ policy: RetryPolicy) -> SchedulerFixture {
        SchedulerFixture("a", policies: ["a": policy])
    }

    @Test func aLostAttemptDoesNotCount() {
        var run = Self.fixture(RetryPolicy(maxAttempts: 1, backoff: Backoff(first: .seconds(9)), causes: [.timeout]))
        _ = run.begin()
        _ = run.started("a")
        #expect(run.handle(.lost(0, reason: "gone")) == ["a R>P 1", "start a 2"])
        _ = run.started("a")
        #expect(run.handle(.lost(0, reason: "gone")) == ["a R>P 2", "start a 3"])
        #expect(run.ended("a", .succeeded).first == "a P>R 3")
        #expect(run.states == "C")
    }

    @Test func theReasonIsTold() {
        var run = Self.fixture(RetryPolicy())
        _ = run.begin()
        let reasons = run.scheduler.handle(.lost(0, reason: "the machine is gone")).compactMap { action in
            if case .transition(let step) = action { step.reason?.text { "\($0)" } } else { nil }
        }
        #expect(reasons == ["the machine is gone"])
    }

    @Test func oneTooManyCountsAsACrash() {
        var run = Self.fixture(RetryPolicy(maxAttempts: 2, maxLosses: 1, causes: [.crash]))
        _ = run.begin()
        #expect(run.handle(.lost(0, reason: "gone")).last == "start a 2")
        #expect(run.handle(.lost(0, reason: "gone")).last == "start a 3")
        // The second attempt that counts was the last one.
        _ = run.handle(.lost(0, reason: "gone"))
        #expect(run.states == "F")
    }

    @Test func pausesAndResourcesGoByTheAttemptsThatCount() {
        let backoff = Backoff(first: .seconds(1), factor: 10)
        let demand = ResourceDemand([ResourceAmount(0, 1)], [ResourceAmount(0, 2)])
        var run = SchedulerFixture(
            "a",
            traits: ["a": NodeTraits(policy: RetryPolicy(maxAttempts: 3, backoff: backoff), demand: demand)],
            settings: SchedulerSettings(resources: [Resource("r", amount: 1)])
        )
        _ = run.begin()
        #expect(run.handle(.lost(0, reason: "gone")).last == "start a 2")
        #expect(run.ended("a", .failed(.error)).last == "back off a 1.0 seconds")
        // Its second attempt that counts asks for more than there is.
        _ = run.elapsed("a")
        #expect(run.states == "F")
    }

    @Test func whatIsLostDuringAnAbortIsAborted() {
        var run = Self.fixture(RetryPolicy())
        _ = run.begin()
        _ = run.started("a")
        _ = run.abort()
        _ = run.handle(.lost(0, reason: "gone"))
        #expect(run.states == "A")
    }

    @Test func whatIsLostAfterItsLimitIsATimeout() {
        var run = Self.fixture(RetryPolicy(maxAttempts: 2, causes: [.crash], timeout: .limited(to: .seconds(1))))
        _ = run.begin()
        _ = run.started("a")
        _ = run.overran("a", attempt: 1)
        _ = run.handle(.lost(0, reason: "gone"))
        #expect(run.states == "F")
    }

    @Test func whatNobodyHasIsNotLost() {
        var run = SchedulerFixture("a", "b < a")
        _ = run.begin()
        #expect(run.handle(.lost(1, reason: "gone")).isEmpty)
    }
}
