/// Decides whether a request that had no success is sent again, and when. A pure value.
package struct HTTPRetryPolicy: Sendable {
    /// The pause after the first attempt; it doubles with every further one.
    package var firstPause: Duration = .milliseconds(300)
    package var longestPause: Duration = .seconds(5)
    /// How often a request is sent in all.
    package var maxAttempts = 6

    package init() {}

    /// Returns the pause before the next attempt; `nil` if there is none.
    ///
    /// What the server could not do, as it says with 429 or 5xx, may work later, and so may a connection; any other answer would be the same
    /// again.
    ///
    /// - Parameters:
    ///   - outcome: What came of the last attempt.
    ///   - attempt: Its number, from 1.
    ///   - remaining: How much time is left in all.
    ///   - jitter: A random number from 0 to 1, so that many senders do not come back at once.
    package func pause(
        after outcome: HTTPOutcome,
        attempt: Int,
        remaining: Duration,
        jitter: Double
    ) -> Duration? {
        guard attempt < maxAttempts, outcome.isTemporary else { return nil }
        let doubled = firstPause * (1 << min(attempt - 1, 20))
        let own = min(doubled, longestPause) * (0.5 + min(max(jitter, 0), 1) / 2)
        var pause = own
        if case .answer(_, let retryAfter?, _) = outcome { pause = max(own, retryAfter) }
        return pause < remaining ? pause : nil
    }
}

/// What came of sending a request.
package enum HTTPOutcome: Sendable, Hashable {
    /// The server answered; `detail` is the beginning of what it said.
    case answer(status: Int, retryAfter: Duration? = nil, detail: String = "")
    /// There was no connection, or it broke.
    case noConnection(reason: String)
    /// There was no answer in time.
    case timeout(Duration)
    /// The request cannot be sent at all.
    case invalidRequest(reason: String)

    package var isSuccess: Bool {
        if case .answer(let status, _, _) = self { (200..<300).contains(status) } else { false }
    }

    fileprivate var isTemporary: Bool {
        switch self {
        case .answer(let status, _, _): status == 429 || status >= 500
        case .noConnection: true
        case .timeout, .invalidRequest: false
        }
    }
}
