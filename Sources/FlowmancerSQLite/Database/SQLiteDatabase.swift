import GRDB
import GRDBSQLite
import Glibc
import Synchronization
import SystemPackage

/// A database that is open.
///
/// It keeps a write-ahead log: a commit is a write(2) at its end, which outlives the process, and others can read meanwhile.
/// The log is made durable, and carried over into the database itself, by ``synchronize()``, never by a commit: the
/// engine waits for commits.
final class SQLiteDatabase: Sendable {
    let place: DatabasePlace
    private let patience: Duration
    private let queue: DatabaseQueue
    private let log: WriteAheadLog
    private let files: DatabaseFiles

    private init(
        _ place: DatabasePlace,
        patience: Duration,
        queue: DatabaseQueue,
        log: WriteAheadLog,
        files: DatabaseFiles
    ) {
        self.place = place
        self.patience = patience
        self.queue = queue
        self.log = log
        self.files = files
    }

    // MARK: Opening

    /// One database is opened at a time in this process: only then nobody has locks on a file that was just created.
    private static let opening = Mutex<Void>(())

    /// Opens the database, and creates or migrates it if need be.
    ///
    /// - Parameter patience: How long a lock that another program has on the database is waited for.
    static func open(_ place: DatabasePlace, patience: Duration) throws -> SQLiteDatabase {
        let file = try opening.withLock { _ in try place.prepare() }
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                let log = WriteAheadLog(path: file + "-wal")
                let queue = try DatabaseQueue(path: file, configuration: configuration(patience))
                // In one transaction: another process may be creating the database meanwhile.
                let isComplete = try queue.read { try place.use.isComplete($0, place) }
                try queue.inDatabase { try Self.setUp($0, log, place) }
                if !isComplete { try place.use.migrate(queue) }
                return SQLiteDatabase(
                    place,
                    patience: patience,
                    queue: queue,
                    log: log,
                    files: DatabaseFiles(file)
                )
            } catch let error as DatabaseError {
                // Another process may be creating or migrating it: neither waits for the other in all cases.
                guard DatabaseUse.mayBeInProgress(error), ContinuousClock.now < deadline else {
                    throw SQLiteDatabaseError(error, at: place, patience: patience)
                }
                usleep(20_000)
            }
        }
    }

    private static func configuration(_ patience: Duration) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience / .seconds(1))
        configuration.foreignKeysEnabled = false
        configuration.label = "flowmancer.database"
        return configuration
    }

    private static func setUp(_ db: Database, _ log: WriteAheadLog, _ place: DatabasePlace) throws {
        guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
            throw SQLiteDatabaseError(.noWAL, at: place)
        }
        // The log is synchronised before it is overwritten, so that the database is never torn.
        try db.execute(sql: "PRAGMA synchronous = NORMAL")
        try db.execute(sql: "PRAGMA trusted_schema = OFF")
        try db.execute(sql: "PRAGMA cell_size_check = ON")
        if let connection = db.sqliteConnection { log.observe(connection) }
    }

    // MARK: Use

    /// Performs a transaction, and commits it.
    ///
    /// - Throws: ``SQLiteDatabaseError``, also if the files are no longer in place.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        if let loss = files.loss { throw SQLiteDatabaseError(.filesLost(loss), at: place) }
        return try worded {
            var result: Value?
            try queue.inDatabase { db in
                try db.inTransaction(.immediate) {
                    result = try body(db)
                    return .commit
                }
            }
            guard let result else { throw SQLiteDatabaseError(.closed, at: place) }
            return result
        }
    }

    /// Reads a state of the database that no writer changes meanwhile.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try worded { try queue.read(body) }
    }

    private func worded<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw SQLiteDatabaseError(error, at: place, patience: patience)
        }
    }

    // MARK: The disk

    /// Whether the disk refused to take what was written.
    var isUntrustworthy: Bool { log.hasFailed }

    /// Whether a file of it was removed or replaced.
    var isLost: Bool { files.loss != nil }

    /// Whether it is time to carry over what is in the log: ``synchronize()`` does.
    var isLong: Bool { log.isLong }

    /// Waits until the disk has everything that was committed before the call.
    ///
    /// Other threads may write meanwhile, but for moments in which the log has become very long.
    func synchronize() throws {
        if let loss = files.loss { throw SQLiteDatabaseError(.filesLost(loss), at: place) }
        do throws(Errno) {
            try log.synchronize()
        } catch {
            throw SQLiteDatabaseError(.unusableFile(error), at: place)
        }
        guard isLong else { return }
        try worded {
            try carryOver { try log.checkpoint() }
            // While others write, the log never becomes empty. This is the rest, and the next write starts it anew.
            if log.isTooLong { try carryOver { try queue.inDatabase { _ = try $0.checkpoint(.passive) } } }
        }
    }

    /// Ends the use of the database for everybody who has it.
    ///
    /// SQLite shares what it has of a file among all its connections in a process: while one goes on with a log that was
    /// removed, none can be opened that sees the new one.
    func close() {
        log.close()
        try? queue.close()
    }

    /// Whoever reads for a long time, or is at the same work, keeps the log from being carried over: it waits there.
    private func carryOver(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        }
    }
}
