import FlowmancerSystem
import GRDB
import GRDBSQLite
import Glibc
import Synchronization
import SystemPackage

/// The write-ahead log of a database: its length, and that it reaches the disk.
final class WriteAheadLog: Sendable {
    /// Carried over into the database from this many pages on: about 4 MB, as SQLite does by itself.
    private static let longLength = 1_000
    /// Not to be exceeded by much, whatever others do: about 64 MB.
    private static let maximumLength = 16_000

    private struct State {
        /// Opened once there is a log to synchronise.
        var file: OwnedDescriptor?
        /// Why a synchronisation failed: the system may have thrown the data away, and says so only once.
        var failure: Errno?
        /// A connection for the work that no commit may wait for.
        var assistant: DatabaseQueue?
    }

    private let path: String
    /// The length in pages after the last commit.
    private let length = Atomic<Int>(0)
    private let state = Mutex(State())

    init(path: String) {
        self.path = path
    }

    /// Follows the commits of a connection, which no longer carries the log over by itself. The log has to outlive the
    /// connection's last commit.
    func observe(_ connection: SQLiteConnection) {
        sqlite3_wal_hook(
            connection,
            { log, _, _, pages in
                if let log {
                    let log = Unmanaged<WriteAheadLog>.fromOpaque(log).takeUnretainedValue()
                    log.length.store(Int(pages), ordering: .relaxed)
                }
                return SQLITE_OK
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    var hasFailed: Bool { state.withLock { $0.failure != nil } }
    var isLong: Bool { length.load(ordering: .relaxed) > Self.longLength }
    var isTooLong: Bool { length.load(ordering: .relaxed) > Self.maximumLength }

    /// Waits until the disk has the log.
    ///
    /// After a failure every further call fails, too, until the database is opened anew.
    func synchronize() throws(Errno) {
        let (known, failure) = state.withLock { ($0.file, $0.failure) }
        if let failure { throw failure }
        do throws(Errno) {
            if let known {
                guard fdatasync(known.rawValue) == 0 else { throw Errno.current }
            } else {
                // The first time, its name has to become durable, too.
                let file = try OwnedDescriptor(path, O_RDONLY | O_NOFOLLOW)
                guard fdatasync(file.rawValue) == 0 else { throw Errno.current }
                let directory = try OwnedDescriptor(
                    FilePath(path).removingLastComponent().string,
                    O_RDONLY | O_DIRECTORY
                )
                guard fsync(directory.rawValue) == 0 else { throw Errno.current }
                state.withLock { $0.file = file }
            }
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
    }

    /// Ends the connection for the work that no commit waits for.
    func close() {
        state.withLock { state in
            try? state.assistant?.close()
            state.assistant = nil
        }
    }

    /// Carries the log over into the database while others go on writing.
    func checkpoint() throws {
        let assistant = try state.withLock { state in
            if let assistant = state.assistant { return assistant }
            let file = String(path.dropLast("-wal".count))
            let assistant = try DatabaseQueue(path: file)
            state.assistant = assistant
            return assistant
        }
        _ = try assistant.inDatabase { try $0.checkpoint(.passive) }
    }
}
