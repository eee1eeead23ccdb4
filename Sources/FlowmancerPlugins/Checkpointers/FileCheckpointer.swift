import FoundationEssentials
public import FlowmancerCore

/// Keeps the progress of a job in a file.
///
/// The file is a journal: it starts with what was known when the run began, and every step of the run is appended
/// before the engine acts on it. A process that is killed at any instant loses nothing; a power failure loses what was
/// not synchronised, a second at most. Every line has a checksum, and nothing in the file can be executed.
///
/// The file and its directory are readable only for their user. A second run of the job is refused while one is under
/// way.
///
/// ```yaml
/// checkpointer:
///   checkpointer: FileCheckpointer
///   parameters:
///     checkpoint_dir: ./my_checkpoints
/// ```
public struct FileCheckpointer: FlowCheckpointer {
    public static let abstract = "Keeps checkpoints in files."

    /// The directory that holds the checkpoints, one file a job.
    @Parameter("The directory that holds the checkpoints, one file a job.")
    public var checkpointDir = "./.flowmancer"

    /// Creates a checkpointer with default parameters.
    public init() {}

    /// Replaces the checkpoint of a job; it survives a power failure when this returns.
    public func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
        _ = try files(for: name).replace(with: Self.header(contents, for: name).bytes, isDurable: true)
    }

    /// Returns the contents of the checkpoint of a job, with all steps that were appended to it.
    ///
    /// - Throws: `NoCheckpointAvailableError`, or ``CheckpointDamagedError`` if the file is not as it was written.
    public func readCheckpoint(for name: String) async throws -> CheckpointContents {
        try files(for: name).read()
    }

    /// Removes the checkpoint of a job if there is one.
    public func clearCheckpoint(for name: String) async throws {
        try files(for: name).remove()
    }

    /// Refuses a second run of a job until the first one ends or dies.
    public func acquireLock(for name: String) async throws -> (any CheckpointLock)? {
        let now = TimestampWriter.split(Date()).seconds
        return try FileCheckpointLock.acquire(in: checkpointDir, name: name, now: now)
    }

    /// Replaces the checkpoint of a job and returns it to append to.
    ///
    /// The first synchronisation of the journal makes a new checkpoint durable; an earlier one is kept until the disk
    /// has the new one.
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
