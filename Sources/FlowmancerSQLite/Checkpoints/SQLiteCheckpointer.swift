public import FlowmancerCore
import FlowmancerFaults

/// Stores the progress of jobs in an SQLite database.
///
/// Every step of a run is committed before the engine acts on it. A killed process loses nothing. A power failure
/// loses at most the last second. Several jobs can share a database. Other programs can read the database at any
/// time, also while a job is running.
///
/// Only the user can read the database and its directory. While a job is running, a second run of the job is refused.
///
/// ```yaml
/// checkpointer:
///   checkpointer: SQLiteCheckpointer
///   parameters:
///     checkpoint_database: ./my_checkpoints.sqlite
/// ```
public actor SQLiteCheckpointer: FlowCheckpointer {
    public static let abstract = "Keeps checkpoints in an SQLite database."

    /// The database file. It is created if it is missing.
    @Parameter("The database file. It is created if it is missing.")
    public var checkpointDatabase = "./.flowmancer/checkpoints.sqlite"

    private var database: SQLiteDatabase?
    /// The runs that this instance records, by job.
    private var runs: [String: CurrentRun] = [:]
    private let patience: Duration

    /// Creates a checkpointer with default parameters.
    public init() {
        patience = .seconds(5)
    }

    /// - Parameter patience: How long a lock that another program has on the database is waited for.
    package init(checkpointDatabase: String, patience: Duration) {
        self.patience = patience
        _checkpointDatabase = Parameter(wrappedValue: checkpointDatabase)
    }

    // MARK: Checkpoints

    /// Replaces the checkpoint of a job. It survives a power failure when this method returns.
    public func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
        let database = try openDatabase()
        FaultPoint.pass("checkpoint.write")
        try store(contents, for: name, in: database)
        FaultPoint.pass("checkpoint.written")
        try database.synchronize()
        FaultPoint.pass("checkpoint.synchronized")
    }

    /// Returns the checkpoint of a job, with all recorded steps.
    ///
    /// - Throws: `NoCheckpointAvailableError`, or ``SQLiteDatabaseError`` if the database is damaged.
    public func readCheckpoint(for name: String) async throws -> CheckpointContents {
        let place = try self.place
        guard try place.exists else { throw NoCheckpointAvailableError(name) }
        let contents = try openDatabase().read { db in
            try CheckpointTable.checkIntegrity(place, db)
            return try CheckpointTable.read(name, place, db)
        }
        guard let contents else { throw NoCheckpointAvailableError(name) }
        return contents
    }

    /// Removes the checkpoint of a job.
    ///
    /// A file that SQLite cannot read is renamed; its new name ends with `.damaged`.
    public func clearCheckpoint(for name: String) async throws {
        let place = try self.place
        guard try place.exists else { return }
        FaultPoint.pass("checkpoint.remove")
        do {
            let own = runs[name]
            try openDatabase().write { try CheckpointTable.clear(name, endedBy: own, $0) }
        } catch let error as SQLiteDatabaseError where error.code == .damaged {
            database = nil
            try place.moveAside()
        }
        FaultPoint.pass("checkpoint.removed")
        runs[name] = nil
    }

    /// Locks the job until the run ends or its process dies.
    ///
    /// - Throws: `CheckpointLockedError` if another run of the job has the lock.
    public func acquireLock(for name: String) async throws -> (any CheckpointLock)? {
        let place = try self.place
        guard let lock = try SQLiteCheckpointLock.acquire(for: name, beside: place) else {
            let holder = try? openDatabase().read { try CurrentRun.holder(of: name, $0) }
            throw CheckpointLockedError(name: name, holder: holder ?? "its process is not known")
        }
        FaultPoint.pass("lock.taken")
        return lock
    }

    /// Replaces the checkpoint of a job, and returns a journal for the steps that follow.
    public func openJournal(
        for name: String,
        startingFrom contents: CheckpointContents
    ) async throws -> (any CheckpointJournal)? {
        let database = try openDatabase()
        FaultPoint.pass("checkpoint.write")
        let run = try store(contents, for: name, in: database)
        FaultPoint.pass("checkpoint.written")
        return SQLiteCheckpointJournal(database, run, startingFrom: contents)
    }

    /// Closes the database.
    public func onDestroy() async throws {
        runs = [:]
        database = nil
    }

    // MARK: The database

    private var place: DatabasePlace {
        get throws(SQLiteDatabaseError) { try DatabasePlace(checkpointDatabase, for: .checkpoints) }
    }

    private func openDatabase() throws -> SQLiteDatabase {
        if let database, database.isLost {
            database.close()
        } else if let database, !database.isUntrustworthy {
            return database
        }
        // What the disk did not take may be missing although it can still be read: everything is written once more.
        runs = runs.mapValues { $0.madeIncomplete }
        database = nil
        let opened = try SQLiteDatabase.open(self.place, patience: patience)
        database = opened
        return opened
    }

    @discardableResult
    private func store(
        _ contents: CheckpointContents,
        for name: String,
        in database: SQLiteDatabase
    ) throws -> CurrentRun {
        let known = runs[name]
        let run = try database.write { db in
            var run: CurrentRun
            if let known, try known.isComplete || known.isOnRecord(db) {
                run = known
            } else {
                // A database that took the place of another during the run knows nothing of it.
                run = try CurrentRun.begin(name, since: known?.startedAt, db)
            }
            try CheckpointTable.replace(run, with: contents, db)
            run.isComplete = true
            return run
        }
        runs[name] = run
        return run
    }
}
