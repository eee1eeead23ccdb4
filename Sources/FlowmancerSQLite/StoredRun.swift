/// A run of a job in the database.
struct StoredRun: Sendable, Hashable {
    let id: Int64
    let job: String
    /// Whether what is stored of it can be relied on, so that only changes need to be written.
    var isComplete: Bool
    /// As it is in the database: tells the run from one that has its number in another database.
    let startedAt: String

    /// The run, of which everything has to be written once more.
    var madeIncomplete: StoredRun { StoredRun(id: id, job: job, isComplete: false, startedAt: startedAt) }
}

/// How a run ended.
enum RunOutcome: String, Sendable, CaseIterable {
    case succeeded, failed, aborted
    /// Its process died.
    case interrupted
}
