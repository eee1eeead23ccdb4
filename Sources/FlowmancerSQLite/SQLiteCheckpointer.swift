public import FlowmancerCore
package import FlowmancerDatabases
import FlowmancerFaults

/// Stores the progress of jobs, and their past runs, in an SQLite database.
///
/// Every step of a run is committed before the engine acts on it. A killed process loses nothing. A power failure
/// loses at most the last second. Several jobs can share a database. Other programs can read the database at any
/// time, also while a job is running. The article "Keeping checkpoints in a database" describes its tables.
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
    public static let abstract = "Keeps checkpoints and the history of runs in an SQLite database."

    /// The database file. It is created if it is missing.
    @Parameter("The database file. It is created if it is missing.")
    public var checkpointDatabase = "./.flowmancer/checkpoints.sqlite"

    @Parameter("How many runs of a job to keep, including the current one.")
    package var keepRuns = RunCount.standard

    private var database: CheckpointDatabase?
    /// The runs that this instance records, by job.
    private var runs: [String: StoredRun] = [:]
    /// What was recorded of the tasks of these runs, by job.
    private var histories: [String: AttemptHistory] = [:]
    private var isRestart = false
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
    /// - Throws: `NoCheckpointAvailableError`, or ``SQLiteCheckpointError`` if the database is damaged.
    public func readCheckpoint(for name: String) async throws -> CheckpointContents {
        guard try DatabasePlace(checkpointDatabase).exists, let contents = try openDatabase().readCheckpoint(of: name)
        else { throw NoCheckpointAvailableError(name) }
        return contents
    }

    /// Removes the checkpoint of a job. The record of its runs stays.
    ///
    /// A file that SQLite cannot read is renamed; its new name ends with `.damaged`.
    public func clearCheckpoint(for name: String) async throws {
        let place = try DatabasePlace(checkpointDatabase)
        guard try place.exists else { return }
        FaultPoint.pass("checkpoint.remove")
        do {
            let own = runs[name]
            try openDatabase().write { try CheckpointTable.clear(name, endedBy: own, $0) }
        } catch let error as SQLiteCheckpointError where error.code == .damaged {
            database = nil
            try place.moveAside()
        }
        FaultPoint.pass("checkpoint.removed")
        runs[name] = nil
        histories[name] = nil
    }

    /// Locks the job until the run ends or its process dies.
    ///
    /// - Throws: `CheckpointLockedError` if another run of the job has the lock.
    public func acquireLock(for name: String) async throws -> (any CheckpointLock)? {
        let place = try DatabasePlace(checkpointDatabase)
        guard let lock = try SQLiteCheckpointLock.acquire(for: name, beside: place) else {
            let holder = try? openDatabase().read { try RunTable.holder(of: name, $0) }
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
        let history = histories[name] ?? AttemptHistory()
        histories[name] = history
        return SQLiteCheckpointJournal(database, run, history, startingFrom: contents)
    }

    // MARK: The life of a run

    /// Records that the run continues an earlier one.
    public func onRestart() async throws { isRestart = true }

    /// Records how the run ended.
    public func onSuccess() async throws { try end(.succeeded) }

    /// Records how the run ended.
    public func onFailure() async throws { try end(.failed) }

    /// Records how the run ended.
    public func onAbort() async throws { try end(.aborted) }

    /// Closes the database.
    public func onDestroy() async throws {
        runs = [:]
        histories = [:]
        database = nil
    }

    private func end(_ outcome: RunOutcome) throws {
        guard let database, !runs.isEmpty else { return }
        try database.write { db in for run in runs.values { try RunTable.end(run, outcome, db) } }
    }

    // MARK: The database

    private func openDatabase() throws -> CheckpointDatabase {
        if let database, database.isLost {
            database.close()
        } else if let database, !database.isUntrustworthy {
            return database
        }
        // What the disk did not take may be missing although it can still be read: everything is written once more.
        runs = runs.mapValues { $0.madeIncomplete }
        database = nil
        let opened = try CheckpointDatabase.open(DatabasePlace(checkpointDatabase), patience: patience)
        database = opened
        return opened
    }

    @discardableResult
    private func store(
        _ contents: CheckpointContents,
        for name: String,
        in database: CheckpointDatabase
    ) throws -> StoredRun {
        let (known, history, isRestart, keepRuns) = (runs[name], histories[name], isRestart, keepRuns)
        let run = try database.write { db in
            var run: StoredRun
            if let known, try known.isComplete || RunTable.isOnRecord(known, db) {
                run = known
            } else {
                // A database that took the place of another during the run knows nothing of it.
                let start = known?.startedAt
                run = try RunTable.begin(
                    name,
                    id: contents.runID,
                    since: start,
                    isRestart: isRestart,
                    keeping: keepRuns.value,
                    db
                )
            }
            try CheckpointTable.replace(run, with: contents, history, db)
            run.isComplete = true
            return run
        }
        runs[name] = run
        return run
    }
}
