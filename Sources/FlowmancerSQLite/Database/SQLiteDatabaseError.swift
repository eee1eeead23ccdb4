import FlowmancerCore
import GRDB
import SystemPackage

/// An error that says why a database of checkpoints or of runs cannot be used.
public struct SQLiteDatabaseError: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Hashable { case damaged, foreign, futureVersion, busy, full, unusable }
        private let value: Value

        /// The database, or a row in it, is damaged.
        public static let damaged = Code(value: .damaged)
        /// The file belongs to another program.
        public static let foreign = Code(value: .foreign)
        /// The database was written by a newer Flowmancer.
        public static let futureVersion = Code(value: .futureVersion)
        /// Another program has locked the database.
        public static let busy = Code(value: .busy)
        /// There is no space left on the disk.
        public static let full = Code(value: .full)
        /// The file cannot be opened, read or written.
        public static let unusable = Code(value: .unusable)
    }

    /// The facts that the message is made of.
    enum Problem: Sendable {
        case noDatabase
        case damagedFile(String)
        case damagedRow(String, completed: [String])
        case foreign
        case futureVersion
        case busy(Duration)
        case full
        case unusableFile(Errno)
        case readOnly
        case noWAL
        case filesLost(DatabaseFiles.Loss)
        case closed
        case failure(String)
    }

    /// The path of the database file.
    public let path: String
    private let use: DatabaseUse
    private let problem: Problem

    init(_ problem: Problem, at place: DatabasePlace) {
        path = place.path
        use = place.use
        self.problem = problem
    }

    /// What is wrong.
    public var code: Code {
        switch problem {
        case .noDatabase, .damagedFile, .damagedRow: .damaged
        case .foreign: .foreign
        case .futureVersion: .futureVersion
        case .busy: .busy
        case .full: .full
        case .unusableFile, .readOnly, .noWAL, .filesLost, .closed, .failure: .unusable
        }
    }

    /// The error message: the file, what is wrong, and what to do.
    public var description: String {
        "the \(use.noun) '\(path.printable)' cannot be used: \(explanation); \(advice)"
    }

    private var explanation: String {
        switch problem {
        case .noDatabase: "it is not an SQLite database"
        case .damagedFile(let detail): "it is damaged (SQLite says: \(detail))"
        case .damagedRow(let row, let completed):
            "\(row) is damaged (completed according to the intact rows: \(Self.listed(completed)))"
        case .foreign: "it belongs to another program"
        case .futureVersion: "it was written by a newer Flowmancer"
        case .busy(let patience): "another program has kept it locked for \(patience.text)"
        case .full: "there is no space left on the disk"
        case .unusableFile(.fileExists): "it is a link, or not a regular file"
        case .unusableFile(.illegalByteSequence): "its path is not valid UTF-8, as SQLite needs it"
        case .unusableFile(let reason): "\(reason)"
        case .readOnly: "it cannot be written"
        case .noWAL: "its file system does not allow a write-ahead log"
        case .filesLost(.database): "it was removed, or replaced by another file, while it was in use"
        case .filesLost(.log(let suffix)):
            "its file '\(path)\(suffix)' was removed, or replaced by another one, while it was in use"
        case .closed: "it was closed"
        case .failure(let detail): "SQLite says: \(detail)"
        }
    }

    private var advice: String {
        switch problem {
        case .noDatabase, .damagedFile:
            use == .history
                ? "move the file away: the next run makes a new one"
                : "move the file away, or run with --discard-checkpoint, which renames it to '\(path).damaged'"
        case .damagedRow: "run with --discard-checkpoint to start from the beginning"
        case .foreign: "choose another file with '\(use.setting)'"
        case .futureVersion: "upgrade Flowmancer, or choose another file with '\(use.setting)'"
        case .busy: "stop that program, which 'fuser \(path)' shows"
        case .full: "free some space, or choose a file on another disk with '\(use.setting)'"
        case .unusableFile(.permissionDenied), .unusableFile(.notPermitted), .unusableFile(.readOnlyFileSystem),
            .readOnly:
            "make the file and its directory writable for this user, or choose another file with '\(use.setting)'"
        case .unusableFile: "check the path, or choose another file with '\(use.setting)'"
        case .noWAL: "choose a file on a local disk with '\(use.setting)'"
        case .filesLost: "do not move or remove it, '\(path)-wal' or '\(path)-shm' while a job is running"
        case .closed, .failure: "check the disk, or choose another file with '\(use.setting)'"
        }
    }

    private static func listed(_ tasks: [String]) -> String {
        let shown = tasks.sorted().prefix(20).joined(separator: ", ")
        if tasks.isEmpty { return "none" }
        return tasks.count > 20 ? "\(shown), … (\(tasks.count) tasks)" : shown
    }
}

extension SQLiteDatabaseError {
    /// Puts an error of SQLite into words.
    init(_ error: DatabaseError, at place: DatabasePlace, patience: Duration) {
        let problem: Problem =
            switch error.resultCode {
            // The index of the log could not be made longer.
            case _ where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: .full
            case .SQLITE_NOTADB: .noDatabase
            case .SQLITE_CORRUPT: .damagedFile(error.message ?? "\(error.resultCode)")
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(patience)
            case .SQLITE_FULL: .full
            case .SQLITE_READONLY, .SQLITE_PERM: .readOnly
            case .SQLITE_CANTOPEN: .unusableFile(.permissionDenied)
            default: .failure(error.message ?? "\(error.extendedResultCode)")
            }
        self.init(problem, at: place)
    }
}
