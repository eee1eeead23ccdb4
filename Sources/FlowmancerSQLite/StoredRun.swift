/// A run of a job in the database.
struct StoredRun: Sendable, Hashable {
    let id: Int64
    let job: String
    /// Whether what is stored of it can be relied on, so that only changes need to be written.
    let isComplete: Bool
}

/// How a run ended.
enum RunOutcome: String, Sendable, CaseIterable {
    case succeeded, failed, aborted
    /// Its process died.
    case interrupted
}
