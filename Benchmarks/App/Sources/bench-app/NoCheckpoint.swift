import Flowmancer

/// Keeps nothing: what a run costs without a journal.
struct NoCheckpoint: FlowCheckpointer {
    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {}

    func readCheckpoint(for name: String) async throws -> CheckpointContents {
        throw NoCheckpointAvailableError(name)
    }

    func clearCheckpoint(for name: String) async throws {}
}
