import GRDB

/// What a database is used for. Each use has tables of its own, and its own version of them: one file can have both.
enum DatabaseUse: Sendable, Hashable {
    case checkpoints, history

    /// Tells our databases from those of others: "FLOW".
    static let applicationID = 0x464C_4F57

    /// What people call the database.
    var noun: String { self == .history ? "history database" : "checkpoint database" }

    /// The parameter with its path.
    var setting: String { self == .history ? "history_database" : "checkpoint_database" }

    /// Returns whether the tables are up to date, and throws unless the file is ours, or empty, and of a version that is
    /// known.
    ///
    /// The first statement begins the read, so that what follows it sees the same state.
    func isComplete(_ db: Database, _ place: DatabasePlace) throws -> Bool {
        let found = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard found != Self.applicationID else {
            return switch self {
            case .checkpoints: try CheckpointSchema.isComplete(db, place)
            case .history: try HistorySchema.isComplete(db, place)
            }
        }
        // What comes first when another process creates it is the list of migrations, in a transaction of its own.
        let names = try String.fetchSet(db, sql: "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        guard found == 0, names.isSubset(of: ["grdb_migrations"]) else {
            throw SQLiteDatabaseError(.foreign, at: place)
        }
        return false
    }

    /// Creates the tables, or brings them up to date.
    func migrate(_ queue: DatabaseQueue) throws {
        switch self {
        case .checkpoints: try CheckpointSchema.migrator.migrate(queue)
        case .history: try HistorySchema.migrate(queue)
        }
    }

    /// Whether an error can come of two processes that create or migrate the database at the same time.
    ///
    /// The migrator looks for what is missing before it takes the lock. So the second one may add what already exists, or
    /// remove what no longer does.
    static func mayBeInProgress(_ error: DatabaseError) -> Bool {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CONSTRAINT, .SQLITE_SCHEMA: true
        case .SQLITE_ERROR:
            ["already exists", "duplicate column", "no such"].contains { error.message?.contains($0) == true }
        default: false
        }
    }
}
