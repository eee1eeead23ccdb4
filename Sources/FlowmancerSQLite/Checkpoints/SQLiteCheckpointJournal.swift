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
        var database: SQLiteDatabase?
        var spellings: KeySpellings
        var holders: OutputHolders
    }

    private let run: CurrentRun
    private let place: DatabasePlace
    private let state: Mutex<State>

    /// - Parameter start: What is stored already.
    init(_ database: SQLiteDatabase, _ run: CurrentRun, startingFrom start: CheckpointContents) {
        self.run = run
        place = database.place
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
            guard let database = state.database else { throw SQLiteDatabaseError(.closed, at: place) }
            var (spellings, holders) = (state.spellings, state.holders)
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
