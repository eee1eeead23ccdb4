/// Keeps the progress of a job, so that `--restart` can continue it.
///
/// The three methods of the original suffice: ``writeCheckpoint(_:for:)`` is then called every
/// `checkpointer_interval_seconds` and at the end of a run. A checkpointer that also opens a journal loses nothing
/// between two checkpoints.
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowCheckpointer: PluginLifecycle {
    /// Replaces what is stored for a job, atomically: a reader sees the old contents or the new.
    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws
    /// Returns what is stored for a job.
    ///
    /// - Throws: ``NoCheckpointAvailableError`` if nothing is.
    func readCheckpoint(for name: String) async throws -> CheckpointContents
    /// Removes what is stored for a job.
    func clearCheckpoint(for name: String) async throws

    /// Makes sure that no other run of the job uses the same storage, or throws ``CheckpointLockedError``.
    ///
    /// - Returns: A lock that is held until it is released or its process ends; `nil` if there is nothing to lock.
    func acquireLock(for name: String) async throws -> (any CheckpointLock)?
    /// Starts a journal with the state from which the run begins.
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

/// Keeps other runs of a job away from its checkpoint.
public protocol CheckpointLock: Sendable {
    /// Lets others in.
    func release()
}

/// Says that nothing is stored for a job.
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

/// Says that another run of the job is under way.
public struct CheckpointLockedError: Error, Sendable, CustomStringConvertible {
    /// The name of the job.
    public var name: String
    /// Who holds the lock, as far as that is known: "process 4711".
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
