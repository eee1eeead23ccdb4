/// Records the progress of a run between two checkpoints.
///
/// The engine appends every step before it acts on it. It calls ``append(_:)`` from one thread and ``synchronize()`` from
/// another. It waits for `append` without a limit, so a journal that blocks there blocks the run.
///
/// A journal that fails or is due for compaction is replaced: the engine opens the next one, and then closes the old one.
/// Both are open for a moment.
public protocol CheckpointJournal: Sendable {
    /// Passes entries to the operating system, in order, so that they survive a crash of this process.
    func append(_ entries: [JournalEntry]) throws
    /// Makes everything that was appended so far survive a power failure.
    func synchronize() throws
    /// Whether the journal has become so long that the engine should replace it.
    var isDueForCompaction: Bool { get }
    /// Closes the journal. What it stored remains.
    func close() throws
}
