public import FlowmancerCore
import FlowmancerSystem
import FoundationEssentials

/// Stores the progress of a job in a file.
///
/// The file is a journal. Its first line holds the state at the start of the run. Every step of the run is appended
/// before the engine acts on it. A killed process loses nothing. A power failure loses at most the last second. Every
/// line has a checksum, and nothing in the file is ever executed.
///
/// Only the user can read the file and its directory. While a job is running, a second run of the job is refused.
///
/// ```yaml
/// checkpointer:
///   checkpointer: FileCheckpointer
///   parameters:
///     checkpoint_dir: ./my_checkpoints
/// ```
public struct FileCheckpointer: FlowCheckpointer {
    public static let abstract = "Keeps checkpoints in files."

    /// The directory for checkpoints, one file per job.
    @Parameter("The directory for checkpoints, one file per job.")
    public var checkpointDir = "./.flowmancer"

    /// Creates a checkpointer with default parameters.
    public init() {}

    /// Replaces the checkpoint of a job. It survives a power failure when this method returns.
    public func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
        _ = try files(for: name).replace(with: Self.header(contents, for: name).bytes, isDurable: true)
    }

    /// Returns the checkpoint of a job, with all recorded steps.
    ///
    /// - Throws: `NoCheckpointAvailableError` if there is none, ``CheckpointDamagedError`` if the file is damaged.
    public func readCheckpoint(for name: String) async throws -> CheckpointContents {
        try files(for: name).read()
    }

    /// Removes the checkpoint of a job if there is one.
    public func clearCheckpoint(for name: String) async throws {
        try files(for: name).remove()
    }

    /// Locks the job until the run ends or its process dies.
    ///
    /// - Throws: `CheckpointLockedError` if another run of the job has the lock.
    public func acquireLock(for name: String) async throws -> (any CheckpointLock)? {
        let now = TimestampWriter.split(Date()).seconds
        return try FileCheckpointLock.acquire(in: checkpointDir, name: name, now: now)
    }

    /// Replaces the checkpoint of a job, and returns a journal for the steps that follow.
    ///
    /// The first synchronisation of the journal makes the new checkpoint durable. The earlier checkpoint is kept
    /// until then.
    public func openJournal(
        for name: String,
        startingFrom contents: CheckpointContents
    ) async throws -> (any CheckpointJournal)? {
        let files = files(for: name)
        let (header, checksum) = Self.header(contents, for: name)
        let (file, directory) = try files.replace(with: header, isDurable: false)
        return FileCheckpointJournal(
            path: files.checkpointPath,
            file: file,
            directory: directory,
            headerSize: header.count,
            checksum: checksum
        )
    }

    private func files(for name: String) -> CheckpointFiles {
        CheckpointFiles(directory: checkpointDir, name: name)
    }

    private static func header(_ contents: CheckpointContents, for name: String) -> (bytes: [UInt8], checksum: UInt32) {
        var contents = contents
        contents.name = name
        var buffer: [UInt8] = []
        let checksum = CheckpointEncoder.appendHeader(contents, to: &buffer)
        return (buffer, checksum)
    }
}
