/// Stores the progress of a job, so that `--restart` can continue it.
///
/// Three methods are required. With these, the engine calls ``writeCheckpoint(_:for:)`` every
/// `checkpointer_interval_seconds` and at the end of a run. A checkpointer that also opens a journal loses nothing
/// between two checkpoints.
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowCheckpointer: PluginLifecycle {
    /// Replaces the stored contents of a job atomically: a reader sees either the old contents or the new ones.
    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws
    /// Returns the stored contents of a job.
    ///
    /// - Throws: ``NoCheckpointAvailableError`` if nothing is stored.
    func readCheckpoint(for name: String) async throws -> CheckpointContents
    /// Removes the stored contents of a job.
    func clearCheckpoint(for name: String) async throws

    /// Locks the storage of a job against other runs, or throws ``CheckpointLockedError``.
    ///
    /// - Returns: A lock that is held until it is released or its process ends; `nil` if there is nothing to lock.
    func acquireLock(for name: String) async throws -> (any CheckpointLock)?
    /// Starts a journal. Its first entry is the progress that the run starts from.
    ///
    /// - Returns: `nil` if the checkpointer keeps no journal.
    func openJournal(for name: String, startingFrom contents: CheckpointContents) async throws -> (
        any CheckpointJournal
    )?
}

extension FlowCheckpointer {
    /// Locks nothing.
    public func acquireLock(for name: String) async throws -> (any CheckpointLock)? { nil }

    /// Keeps no journal.
    public func openJournal(
        for name: String,
        startingFrom contents: CheckpointContents
    ) async throws -> (any CheckpointJournal)? { nil }
}

/// Protects the checkpoint of a job from other runs.
public protocol CheckpointLock: Sendable {
    /// Unlocks the checkpoint.
    func release()
}

/// The error of a checkpointer that has no checkpoint of a job.
public struct NoCheckpointAvailableError: Error, Sendable, CustomStringConvertible {
    /// The name of the job.
    public var name: String

    /// Creates an error.
    public init(_ name: String) {
        self.name = name
    }

    /// The error in words, with the name of the job.
    public var description: String { "no checkpoint is stored for the job '\(name.printable)'" }
}

/// The error of a checkpointer that is in use by another run of the job.
public struct CheckpointLockedError: Error, Sendable, CustomStringConvertible {
    /// The name of the job.
    public var name: String
    /// The holder of the lock, if it is known, such as `process 4711`.
    public var holder: String

    /// Creates an error.
    public init(name: String, holder: String) {
        self.name = name
        self.holder = holder
    }

    /// The error in words, with the name of the job.
    public var description: String {
        "another run of the job '\(name.printable)' is under way (\(holder)); wait for it to end, or give this job another name"
    }
}
