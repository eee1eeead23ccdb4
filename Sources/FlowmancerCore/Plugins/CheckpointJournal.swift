/// One step of a run's progress.
public enum JournalEntry: Sendable, Hashable {
    /// A task entered a state. The number of the attempt may be dropped: ``CheckpointContents`` do not have it.
    case state(task: String, ExecutionState, attempt: Int)
    /// A value of the shared dictionary was set.
    case set(key: String, JSONText)
    /// A value of the shared dictionary was removed.
    case remove(key: String)
}

/// Records the progress of a run between two checkpoints.
///
/// The engine appends every step before it acts on it, from one thread; it calls ``synchronize()`` from another. It waits
/// for `append` however long that takes: a journal that blocks there blocks the run. A journal that fails, or is due for
/// compaction, is closed when the next one was opened, so that two of them may be open for a moment.
public protocol CheckpointJournal: Sendable {
    /// Hands entries to the system, in order, so that they outlive this process.
    func append(_ entries: [JournalEntry]) throws
    /// Makes everything appended so far outlive a power failure.
    func synchronize() throws
    /// Whether the journal is so long that it should be started anew.
    var isDueForCompaction: Bool { get }
    /// Ends the use of the journal; its storage stays.
    func close() throws
}
