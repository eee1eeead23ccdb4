public import Flowmancer
import FlowmancerCore
import Synchronization

/// A checkpointer that breaks its promise: it keeps a step back before it stores it. The campaign has to notice.
public struct LossyCheckpointer: FlowCheckpointer {
    private let files = FileCheckpointer()

    /// Creates a checkpointer.
    public init() {}

    /// Stores a checkpoint.
    public func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
        try await files.writeCheckpoint(contents, for: name)
    }

    /// Reads a checkpoint.
    public func readCheckpoint(for name: String) async throws -> CheckpointContents {
        try await files.readCheckpoint(for: name)
    }

    /// Removes a checkpoint.
    public func clearCheckpoint(for name: String) async throws {
        try await files.clearCheckpoint(for: name)
    }

    /// Opens a journal that is always a few steps behind.
    public func openJournal(
        for name: String,
        startingFrom contents: CheckpointContents
    ) async throws -> (any CheckpointJournal)? {
        try await files.openJournal(for: name, startingFrom: contents).map(Journal.init)
    }

    private final class Journal: CheckpointJournal {
        private let journal: any CheckpointJournal
        private let pending = Mutex<[JournalEntry]>([])

        init(_ journal: any CheckpointJournal) {
            self.journal = journal
        }

        func append(_ entries: [JournalEntry]) throws {
            let late = pending.withLock { pending in
                pending += entries
                let late = Array(pending.dropLast(5))
                pending.removeFirst(late.count)
                return late
            }
            try journal.append(late)
        }

        func synchronize() throws { try journal.synchronize() }

        var isDueForCompaction: Bool { journal.isDueForCompaction }

        func close() throws { try journal.close() }
    }
}
