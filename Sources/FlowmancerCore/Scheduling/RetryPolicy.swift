/// How often a task is tried, in what rhythm, and how long each time.
package struct RetryPolicy: Sendable, Hashable {
    package var maxAttempts: Int
    /// How many attempts may be lost without counting.
    package var maxLosses: Int
    package var backoff: Backoff
    /// The failures after which there is another attempt; `nil` for all.
    package var causes: [RetryCause]?
    package var timeout: TimeLimit

    /// As many losses as a task may have that says nothing.
    package static let usualLosses = 3

    package init(
        maxAttempts: Int = 1,
        maxLosses: Int = usualLosses,
        backoff: Backoff = Backoff(),
        causes: [RetryCause]? = nil,
        timeout: TimeLimit = .unlimited
    ) {
        self.maxAttempts = maxAttempts
        self.maxLosses = maxLosses
        self.backoff = backoff
        self.causes = causes
        self.timeout = timeout
    }

    /// Returns why a failure is final, though there are attempts left; `nil` if it is not.
    package func refusal(after failure: FailureKind) -> RetryRefusal? {
        if case .thrown(let error) = failure, error.isPermanent { return .permanent(typeName: error.typeName) }
        guard let causes, !causes.contains(where: { $0.covers(failure) }) else { return nil }
        return .unlisted(failure)
    }
}

/// Why a task has no further attempt, though there are some left.
package enum RetryRefusal: Sendable, Hashable {
    /// The error is a ``PermanentFailure``.
    case permanent(typeName: String)
    /// `retry_on` does not have this kind of failure.
    case unlisted(FailureKind)

    /// The reason as the beginning of a sentence has it, but without a capital letter.
    package var text: String {
        switch self {
        case .permanent(let name): "no further attempt: \(TypeName.bare(name)) is a permanent failure"
        case .unlisted(let failure): "no further attempt: 'retry_on' does not list \(failure.words)"
        }
    }

    /// The same as a sentence, for the log of an attempt.
    package var remark: String { "N\(text.dropFirst())." }
}
