import FlowmancerCore
import Synchronization

@testable import FlowmancerEngine

/// A checkpointer with journals that a test controls.
final class FakeCheckpointer: FlowCheckpointer {
    private let journals: Mutex<[FakeJournal]>
    /// Opened when a checkpoint was written.
    let isWritten = Latch()
    /// Opened when a journal is asked for.
    let isAsked = Latch()
    /// Has to be opened before a journal is there.
    let gate = Latch()

    convenience init() { self.init([]) }

    /// - Parameter journals: Those that are opened in the course of a run, in order.
    init(_ journals: [FakeJournal]) {
        self.journals = Mutex(journals)
    }

    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws { isWritten.open() }
    func readCheckpoint(for name: String) async throws -> CheckpointContents { throw NoCheckpointAvailableError(name) }
    func clearCheckpoint(for name: String) async throws {}

    func openJournal(
        for name: String,
        startingFrom contents: CheckpointContents
    ) async throws -> (any CheckpointJournal)? {
        isAsked.open()
        await gate.wait(atMost: .seconds(600))
        return journals.withLock { $0.isEmpty ? FakeJournal() : $0.removeFirst() }
    }

    /// The checkpointer as a run has it.
    func hosted(_ report: @escaping @Sendable (RunNotice) -> Void = { _ in }) -> HostedCheckpointer {
        HostedCheckpointer(self, jobName: "job", context: .current, report: report)
    }
}

/// A journal in memory.
final class FakeJournal: CheckpointJournal {
    struct Failure: Error {}

    private let recorded = Mutex<[JournalEntry]>([])
    private let isDue = Mutex(false)
    private let isFull = Mutex(false)
    /// Opened when the journal is closed.
    let isClosed = Latch()
    /// Opened when the journal is synchronised.
    let isSynchronising = Latch()
    /// How a synchronisation ends, once that is known.
    private let outcome: @Sendable () throws -> Void

    init(synchronising outcome: @escaping @Sendable () throws -> Void = {}) {
        self.outcome = outcome
    }

    var entries: [JournalEntry] { recorded.withLock { $0 } }

    /// Has the journal started anew at the next opportunity.
    func becomeDue() { isDue.withLock { $0 = true } }

    /// Has the journal take nothing more.
    func fillUp() { isFull.withLock { $0 = true } }

    var isDueForCompaction: Bool { isDue.withLock { $0 } }

    func append(_ entries: [JournalEntry]) throws {
        guard !isFull.withLock(\.self) else { throw Failure() }
        recorded.withLock { $0 += entries }
    }

    func synchronize() throws {
        isSynchronising.open()
        try outcome()
    }

    func close() throws { isClosed.open() }
}
