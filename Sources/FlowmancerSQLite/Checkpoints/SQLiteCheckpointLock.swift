import FlowmancerCore
import FlowmancerFaults
import GRDB
import GRDBSQLite
import Glibc
import Synchronization

/// A lock on the checkpoint of a job: an exclusive transaction on a database of its own, beside that of the checkpoints.
///
/// SQLite holds it by a lock on the file, which the system frees when the process ends, however it ends; a process that was
/// forked does not inherit it. The transaction writes nothing, and keeps nobody from the checkpoints themselves.
final class SQLiteCheckpointLock: CheckpointLock {
    private let path: String
    private let queue: Mutex<DatabaseQueue?>

    private init(path: String, queue: DatabaseQueue) {
        self.path = path
        self.queue = Mutex(queue)
    }

    /// Takes the lock.
    ///
    /// - Returns: `nil` if another run has it.
    static func acquire(for job: String, beside place: DatabasePlace) throws -> SQLiteCheckpointLock? {
        let lockPlace = try place.lock(for: job)
        while true {
            do {
                let path = try lockPlace.prepare()
                FaultPoint.pass("lock.opened")
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try queue.inDatabase { try $0.execute(sql: "BEGIN EXCLUSIVE") }
                // The holder before may have removed the file after it was opened here: then the lock is on nothing.
                guard try queue.inDatabase(isInPlace) else { continue }
                return SQLiteCheckpointLock(path: path, queue: queue)
            } catch let error as DatabaseError {
                if error.resultCode == .SQLITE_BUSY { return nil }
                throw SQLiteDatabaseError(error, at: lockPlace, patience: patience)
            }
        }
    }

    func release() {
        queue.withLock { queue in
            guard let open = queue else { return }
            // Removed while it is locked: whoever opened it before sees that it has gone, and makes another one.
            FaultPoint.pass("lock.release")
            unlink(path)
            FaultPoint.pass("lock.removed")
            try? open.close()
            queue = nil
        }
    }

    /// The system frees the lock of a process that is killed a moment after the kill.
    private static let patience = Duration.milliseconds(200)

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience / .seconds(1))
        configuration.allowsUnsafeTransactions = true
        configuration.label = "flowmancer.lock"
        // Nothing is written, so there need not be a file to undo it.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA journal_mode = MEMORY") }
        return configuration
    }

    private static func isInPlace(_ db: Database) throws -> Bool {
        var hasMoved: Int32 = 0
        let code = sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        return hasMoved == 0
    }
}
