public import FlowmancerCore
import FlowmancerDatabases
import FlowmancerFaults
import GRDB

/// Keeps runs in an SQLite database.
///
/// Events are committed at most a tenth of a second after they happened. A killed process loses no more than that, and a
/// power failure nothing of a run that has ended. Any number of runs and readers use the database at the same time. Other
/// programs can read it, too. Every row has a checksum.
///
/// Only the user can read the database and its directory.
///
/// ```yaml
/// history:
///   history: SQLiteHistory
///   parameters:
///     keep_runs: 1000
/// ```
public actor SQLiteHistory: FlowHistory {
    public static let abstract = "Keeps runs in an SQLite database."

    /// The database file. It is created if it is missing.
    @Parameter("The database file. It is created if it is missing.")
    public var historyDatabase = "./.flowmancer/history.sqlite"

    /// How many runs of each job are kept. A negative number keeps all of them.
    @Parameter("How many runs of each job are kept; a negative number keeps all of them.")
    public var keepRuns = 50

    private var database: SQLiteDatabase?

    /// How long a lock that another program has on the database is waited for.
    private static let patience = Duration.seconds(10)

    /// Creates a history with default parameters.
    public init() {}

    package init(historyDatabase: String) {
        _historyDatabase = Parameter(wrappedValue: historyDatabase)
    }

    /// Puts a new run on record, and removes the oldest runs of the job if there are too many.
    public func beginRun(_ run: RunRecord, _ shape: RunShape) async throws -> (any RunRecorder)? {
        let (database, count) = (try openDatabase(), keepRuns)
        FaultPoint.pass("history.begin")
        try database.write { db in
            let number = try HistoryTable.begin(run, shape, db)
            if count >= 0 { try HistoryTable.removeOldRuns(of: run.jobName, keeping: count, except: number, db) }
        }
        FaultPoint.pass("history.begun")
        let place = database.place
        return SQLiteRunRecorder(run, shape, in: database) { try SQLiteDatabase.open(place, patience: Self.patience) }
    }

    /// Returns runs, the newest first.
    public func runs(_ query: RunQuery) async throws -> RunPage {
        guard let database = try openExistingDatabase() else { return RunPage() }
        let runs = database.runs
        let page = try database.read { db in
            let rows = try HistoryTable.find(query, db)
            return try runs.page(query) { try rows.next().map(HistoryTable.stored) }
        }
        return try runs.confirmed(page, query)
    }

    /// Opens a run.
    public func openRun(_ id: RunID, after number: Int) async throws -> (any RunReader)? {
        guard let database = try openExistingDatabase() else { return nil }
        guard let run = try database.read({ try HistoryTable.number(of: id, $0) }) else { return nil }
        return SQLiteRunReader(id, run, in: database, after: number)
    }

    /// Removes a run.
    public func removeRun(_ id: RunID) async throws {
        try openExistingDatabase()?.write { try HistoryTable.remove(id, $0) }
    }

    /// Closes the database.
    public func onDestroy() async throws { database = nil }

    // MARK: The database

    /// Who only reads creates nothing.
    private func openExistingDatabase() throws -> SQLiteDatabase? {
        guard try DatabasePlace(historyDatabase, for: .history).exists else { return nil }
        return try openDatabase()
    }

    private func openDatabase() throws -> SQLiteDatabase {
        if let database, database.isLost {
            database.close()
        } else if let database, !database.isUntrustworthy {
            return database
        }
        database = nil
        let opened = try SQLiteDatabase.open(DatabasePlace(historyDatabase, for: .history), patience: Self.patience)
        database = opened
        return opened
    }
}
