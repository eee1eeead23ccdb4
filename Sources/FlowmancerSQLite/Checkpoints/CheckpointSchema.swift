import GRDB

/// The tables of checkpoints, and how they come to be.
///
/// A migration that was released is never changed: a new one is added.
enum CheckpointSchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("runs", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: "PRAGMA application_id = \(DatabaseUse.applicationID)")
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
        // Past runs are in the tables of the history from here on, and what is left is what a restart needs.
        migrator.registerMigration("runs in the history", foreignKeyChecks: .immediate) { db in
            try FormerRunTable.moveToHistory(db)
            try db.execute(
                sql: """
                    DROP VIEW run_summaries;
                    DROP INDEX runs_of_job;
                    DELETE FROM tasks WHERE run NOT IN (SELECT run FROM checkpoints);
                    DELETE FROM runs WHERE id NOT IN (SELECT run FROM checkpoints);
                    ALTER TABLE tasks DROP COLUMN attempts;
                    ALTER TABLE tasks DROP COLUMN started_at;
                    ALTER TABLE tasks DROP COLUMN ended_at;
                    ALTER TABLE runs DROP COLUMN is_restart;
                    ALTER TABLE runs DROP COLUMN ended_at;
                    ALTER TABLE runs DROP COLUMN outcome;
                    ALTER TABLE runs DROP COLUMN run_id;
                    ALTER TABLE runs RENAME TO current_runs;
                    """
            )
        }
        return migrator
    }()

    /// Returns whether the tables are up to date, and throws if they were made by a newer version.
    static func isComplete(_ db: Database, _ place: DatabasePlace) throws -> Bool {
        if try migrator.hasBeenSuperseded(db) { throw SQLiteDatabaseError(.futureVersion, at: place) }
        return try migrator.hasCompletedMigrations(db)
    }

    /// Whether past runs may still be in tables of before there were histories.
    static func hasFormerRuns(_ db: Database) throws -> Bool {
        guard try db.tableExists("grdb_migrations") else { return false }
        return try !migrator.hasBeenSuperseded(db) && !migrator.hasCompletedMigrations(db)
    }
}
