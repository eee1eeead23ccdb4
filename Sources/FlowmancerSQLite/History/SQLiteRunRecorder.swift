import FlowmancerCore
import FlowmancerFaults
import GRDB
import Synchronization

/// Records the events of a run: every call is one transaction.
final class SQLiteRunRecorder: RunRecorder {
    private enum State {
        case open(SQLiteDatabase)
        /// Its files were removed or replaced, and that was said.
        case lost
        case closed
    }

    private let run: RunRecord
    private let shape: RunShape
    private let place: DatabasePlace
    private let open: @Sendable () throws -> SQLiteDatabase
    private let state: Mutex<State>

    /// - Parameter open: Opens the database anew.
    init(
        _ run: RunRecord,
        _ shape: RunShape,
        in database: SQLiteDatabase,
        open: @escaping @Sendable () throws -> SQLiteDatabase
    ) {
        self.run = run
        self.shape = shape
        self.open = open
        place = database.place
        state = Mutex(.open(database))
    }

    func append(_ events: [RecordedEvent]) throws {
        guard !events.isEmpty else { return }
        try state.withLock { state in
            let database = try database(&state)
            FaultPoint.pass("history.write")
            do {
                try database.write { db in
                    // A database that took the place of another one does not know the run.
                    let number = try HistoryTable.number(of: run.id, db) ?? HistoryTable.begin(run, shape, db)
                    try HistoryTable.append(events, to: number, run.id, db)
                    FaultPoint.pass("history.half-written")
                }
            } catch {
                if database.isLost {
                    database.close()
                    state = .lost
                }
                throw error
            }
            FaultPoint.pass("history.written")
            // What was committed is stored, whether that succeeds or not.
            if database.isLong { try? database.synchronize() }
        }
    }

    func close() throws {
        let last = state.withLock { state in
            defer { state = .closed }
            if case .open(let database) = state { return database as SQLiteDatabase? }
            return nil
        }
        FaultPoint.pass("history.close")
        try last?.synchronize()
        FaultPoint.pass("history.closed")
    }

    private func database(_ state: inout State) throws -> SQLiteDatabase {
        switch state {
        case .closed: throw SQLiteDatabaseError(.closed, at: place)
        case .open(let database) where !database.isUntrustworthy: return database
        case .open, .lost:
            let database = try open()
            state = .open(database)
            return database
        }
    }
}
