import FlowmancerCore
import FlowmancerDatabases
import FlowmancerFaults
import Synchronization

/// Records the steps of a run: every call is one transaction.
///
/// There is nothing to compact, since a task and a shared value have one row each, whatever happens to them.
final class SQLiteCheckpointJournal: CheckpointJournal {
    private struct State {
        /// `nil` after the journal was closed.
        var database: CheckpointDatabase?
        var spellings: KeySpellings
        var holders: OutputHolders
    }

    private let run: StoredRun
    private let path: String
    private let history: AttemptHistory
    private let state: Mutex<State>

    /// - Parameter start: What is stored already.
    init(
        _ database: CheckpointDatabase,
        _ run: StoredRun,
        _ history: AttemptHistory,
        startingFrom start: CheckpointContents
    ) {
        self.run = run
        self.history = history
        path = database.path
        state = Mutex(
            State(
                database: database,
                spellings: KeySpellings(start.sharedDict.keys),
                holders: OutputHolders(start.outputs.keys)
            )
        )
    }

    func append(_ entries: [JournalEntry]) throws {
        guard !entries.isEmpty else { return }
        try state.withLock { state in
            guard let database = state.database else { throw SQLiteCheckpointError(.closed, path: path) }
            var (spellings, holders) = (state.spellings, state.holders)
            history.note(entries)
            FaultPoint.pass("journal.write")
            try database.write { db in
                for entry in entries { try CheckpointTable.apply(entry, to: run.id, &spellings, &holders, db) }
                FaultPoint.pass("journal.half-written")
            }
            FaultPoint.pass("journal.written")
            (state.spellings, state.holders) = (spellings, holders)
        }
    }

    func synchronize() throws {
        guard let database = state.withLock({ $0.database }) else { return }
        try database.synchronize()
        FaultPoint.pass("journal.synchronized")
    }

    var isDueForCompaction: Bool { state.withLock { $0.database?.isUntrustworthy == true } }

    func close() throws {
        state.withLock { $0.database = nil }
    }
}
