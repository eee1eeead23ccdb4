public import FlowmancerCore

/// Stores no progress: for jobs that always begin from the beginning, and should leave nothing behind.
///
/// ```yaml
/// checkpointer:
///   checkpointer: NoCheckpointer
/// ```
///
/// Nothing keeps several runs of the job apart either: they may run at the same time.
public struct NoCheckpointer: FlowCheckpointer {
    public static let abstract = "Stores no progress."

    /// Creates a checkpointer.
    public init() {}

    /// Does nothing.
    public func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {}

    /// Finds nothing.
    public func readCheckpoint(for name: String) async throws -> CheckpointContents {
        throw NoCheckpointAvailableError(name)
    }

    /// Does nothing.
    public func clearCheckpoint(for name: String) async throws {}
}
