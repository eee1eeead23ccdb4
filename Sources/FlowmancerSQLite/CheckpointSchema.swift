import GRDB

/// The tables, and how they come to be.
///
/// A migration that was released is never changed: a new one is added.
enum CheckpointSchema {
    /// Tells our databases from those of others: "FLOW".
    private static let applicationID = 0x464C_4F57

    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("runs", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(
                sql: """
                    CREATE TABLE runs (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        job TEXT NOT NULL,
                        is_restart INTEGER NOT NULL CHECK (is_restart IN (0, 1)),
                        host TEXT NOT NULL,
                        process INTEGER NOT NULL,
                        started_at TEXT NOT NULL,
                        ended_at TEXT,
                        outcome TEXT CHECK (outcome IN ('succeeded', 'failed', 'aborted', 'interrupted'))
                    ) STRICT;
                    CREATE INDEX runs_of_job ON runs (job, id);

                    CREATE TABLE tasks (
                        run INTEGER NOT NULL,
                        name TEXT NOT NULL,
                        state TEXT NOT NULL,
                        attempts INTEGER NOT NULL,
                        started_at TEXT,
                        ended_at TEXT,
                        checksum INTEGER NOT NULL,
                        PRIMARY KEY (run, name)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE checkpoints (
                        job TEXT PRIMARY KEY NOT NULL,
                        run INTEGER NOT NULL,
                        tasks INTEGER NOT NULL,
                        fingerprints INTEGER NOT NULL,
                        checksum INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE shared_values (
                        run INTEGER NOT NULL,
                        key TEXT NOT NULL,
                        json TEXT NOT NULL,
                        checksum INTEGER NOT NULL,
                        UNIQUE (run, key)
                    ) STRICT;

                    CREATE TABLE fingerprints (
                        run INTEGER NOT NULL,
                        name TEXT NOT NULL,
                        fingerprint TEXT NOT NULL,
                        checksum INTEGER NOT NULL,
                        PRIMARY KEY (run, name)
                    ) STRICT, WITHOUT ROWID;

                    CREATE VIEW run_summaries AS
                        SELECT id, job, started_at, ended_at, outcome,
                            round((julianday(ended_at) - julianday(started_at)) * 86400, 3) AS seconds,
                            count(tasks.name) AS tasks,
                            count(*) FILTER (WHERE state = 'completed') AS completed,
                            count(*) FILTER (WHERE state = 'failed') AS failed,
                            count(*) FILTER (WHERE state = 'defaulted') AS defaulted,
                            count(*) FILTER (WHERE state = 'aborted') AS aborted,
                            count(*) FILTER (WHERE state = 'skipped') AS skipped
                        FROM (SELECT id, job, started_at, ended_at, outcome FROM runs) LEFT JOIN
                            (SELECT run, name, state FROM tasks) AS tasks ON tasks.run = id
                        GROUP BY id ORDER BY id;
                    """
            )
        }
        migrator.registerMigration("job files", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: "ALTER TABLE checkpoints ADD COLUMN job_file TEXT")
        }
        migrator.registerMigration("run ids and decisions", foreignKeyChecks: .immediate) { db in
            try db.execute(
                sql: """
                    ALTER TABLE runs ADD COLUMN run_id TEXT;
                    ALTER TABLE checkpoints ADD COLUMN run_id TEXT;

                    CREATE TABLE decisions (
                        run INTEGER NOT NULL,
                        name TEXT NOT NULL,
                        json TEXT NOT NULL,
                        checksum INTEGER NOT NULL,
                        PRIMARY KEY (run, name)
                    ) STRICT, WITHOUT ROWID;
                    """
            )
        }
        migrator.registerMigration("outputs", foreignKeyChecks: .immediate) { db in
            try db.execute(
                sql: """
                    CREATE TABLE outputs (
                        run INTEGER NOT NULL,
                        name TEXT NOT NULL,
                        json TEXT NOT NULL,
                        checksum INTEGER NOT NULL,
                        UNIQUE (run, name)
                    ) STRICT;
                    """
            )
        }
        return migrator
    }()

    /// Returns whether the database is up to date, and throws unless it is ours, or empty, and of a version that is known.
    ///
    /// The first statement begins the read, so that what follows it sees the same state.
    static func isComplete(_ db: Database, path: String) throws -> Bool {
        let found = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard found != applicationID else {
            if try migrator.hasBeenSuperseded(db) { throw SQLiteCheckpointError(.futureVersion, path: path) }
            return try migrator.hasCompletedMigrations(db)
        }
        // What comes first when another process creates it is the list of migrations, in a transaction of its own.
        let names = try String.fetchSet(db, sql: "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        guard found == 0, names.isSubset(of: ["grdb_migrations"]) else {
            throw SQLiteCheckpointError(.foreign, path: path)
        }
        return false
    }

    /// Whether an error can come of two processes that create or migrate the database at the same time.
    ///
    /// The migrator looks for what is missing before it takes the lock. So the second one may add what already exists.
    static func mayBeInProgress(_ error: DatabaseError) -> Bool {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CONSTRAINT, .SQLITE_SCHEMA: true
        case .SQLITE_ERROR:
            ["already exists", "duplicate column"].contains { error.message?.contains($0) == true }
        default: false
        }
    }
}
