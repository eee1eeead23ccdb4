/// Decides when a request or a mail that had no success is sent again. A pure value.
package struct DeliveryPolicy: Sendable {
    /// The pause after the first attempt; it doubles with every further one.
    package var firstPause: Duration = .milliseconds(300)
    package var longestPause: Duration = .seconds(5)
    /// How often it is sent in all.
    package var maxAttempts = 6

    package init() {}

    /// Returns the pause before the next attempt after one whose failure may pass; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - attempt: The number of the last attempt, from 1.
    ///   - requested: How long the server wants to be left alone.
    ///   - remaining: How much time is left in all.
    ///   - jitter: A random number from 0 to 1, so that many senders do not come back at once.
    package func pause(
        afterAttempt attempt: Int,
        requested: Duration = .zero,
        remaining: Duration,
        jitter: Double
    ) -> Duration? {
        guard attempt < maxAttempts else { return nil }
        let doubled = firstPause * (1 << min(attempt - 1, 20))
        let own = min(doubled, longestPause) * (0.5 + min(max(jitter, 0), 1) / 2)
        let pause = max(own, requested)
        return pause < remaining ? pause : nil
    }

    /// Returns the pause before a request is sent again; `nil` if it is not.
    ///
    /// What the server could not do, as it says with 429 or 5xx, may work later, and so may a connection; any other answer would be the same
    /// again.
    package func pause(
        after outcome: HTTPOutcome,
        attempt: Int,
        remaining: Duration,
        jitter: Double
    ) -> Duration? {
        guard outcome.isTemporary else { return nil }
        var requested = Duration.zero
        if case .answer(_, let retryAfter?, _) = outcome { requested = retryAfter }
        return pause(afterAttempt: attempt, requested: requested, remaining: remaining, jitter: jitter)
    }
}
