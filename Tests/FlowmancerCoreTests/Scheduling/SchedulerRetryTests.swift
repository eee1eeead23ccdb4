import FlowmancerCore
import Testing

/// Which failures are retried, after which pauses.
@Suite struct SchedulerRetryTests {
    private static let crash = AttemptOutcome.failed(.crash(signal: 9))

    /// The reasons of transitions.
    private func reasons(_ actions: [SchedulerAction]) -> [String] {
        actions.compactMap { action in
            guard case .transition(let step) = action else { return nil }
            return step.reason?.text { "\($0)" }
        }
    }

    @Test func onlyWhatIsListedIsRetried() {
        let policy = RetryPolicy(maxAttempts: 3, causes: [.crash])
        var run = SchedulerFixture("a", policies: ["a": policy])
        _ = run.begin()
        #expect(run.ended("a", Self.crash) == ["a P>R 1", "a R>P 1", "start a 2"])
        _ = run.started("a")
        let actions = run.scheduler.handle(.ended(0, .failed(.exit(code: 3))))
        #expect(reasons(actions) == ["no further attempt: 'retry_on' does not list exit code 3"])
        #expect(run.states == "F" && actions.contains(.finish))
    }

    @Test func theLastAttemptNeedsNoReason() {
        var run = SchedulerFixture("a", policies: ["a": RetryPolicy(maxAttempts: 1, causes: [.crash])])
        _ = run.begin()
        #expect(reasons(run.scheduler.handle(.ended(0, .failed(.error)))) == [])
    }

    @Test(arguments: [(RetryCause.timeout, "P"), (.error, "F"), (.crash, "F")])
    func whatExceedsItsLimitIsATimeoutHoweverItEnds(cause: RetryCause, state: String) {
        let policy = RetryPolicy(maxAttempts: 2, causes: [cause], timeout: .limited(to: .seconds(5)))
        var run = SchedulerFixture("a", policies: ["a": policy])
        _ = run.begin()
        _ = run.started("a")
        _ = run.overran("a", attempt: 1)
        let refusal = run.scheduler.refusal(of: 0, attempt: 1, after: Self.crash)
        #expect((refusal == nil) == (state == "P"))
        _ = run.ended("a", Self.crash)
        #expect(run.states == state)
    }

    @Test func anAbortIsNoReasonAgainstAttempts() {
        var run = SchedulerFixture("a", policies: ["a": RetryPolicy(maxAttempts: 2, causes: [.timeout])])
        _ = run.begin()
        _ = run.started("a")
        #expect(run.scheduler.refusal(of: 0, attempt: 1, after: Self.crash) == .unlisted(.crash(signal: 9)))
        #expect(run.scheduler.refusal(of: 0, attempt: 1, after: .succeeded) == nil)
        #expect(run.scheduler.refusal(of: 0, attempt: 2, after: Self.crash) == nil)
        _ = run.abort()
        #expect(run.scheduler.refusal(of: 0, attempt: 1, after: Self.crash) == nil)
        #expect(reasons(run.scheduler.handle(.ended(0, Self.crash))) == [])
    }

    @Test func pausesGrow() {
        let policy = RetryPolicy(maxAttempts: 4, backoff: Backoff(first: .seconds(1), factor: 2, max: .seconds(3)))
        var run = SchedulerFixture("a", policies: ["a": policy])
        _ = run.begin()
        var pauses: [String] = []
        for _ in 1...3 {
            _ = run.started("a")
            pauses.append(run.ended("a", .failed(.error)).last ?? "")
            _ = run.elapsed("a")
        }
        #expect(pauses == ["back off a 1.0 seconds", "back off a 2.0 seconds", "back off a 3.0 seconds"])
    }

    /// The scheduler stays deterministic: who has the clocks draws the pause.
    @Test func chanceIsLeftToOthers() {
        let backoff = Backoff(first: .seconds(1), jitter: 1)
        var run = SchedulerFixture("a", policies: ["a": RetryPolicy(maxAttempts: 2, backoff: backoff)])
        _ = run.begin()
        let pause = RetryPause.random(.seconds(1) ... .seconds(2), atMost: .seconds(Duration.longestSetting))
        #expect(run.scheduler.handle(.ended(0, .failed(.error))).contains(.wakeAtRandom(.backoff(0), pause)))
        #expect(run.elapsed("a") == ["start a 2"])
    }
}
