import GRDB

/// The tables of a history, and how they come to be.
///
/// They have a version of their own, beside that of checkpoints in the same file.
enum HistorySchema {
    private static let version = 1

    /// Whether the file has the tables of a history.
    static func exists(_ db: Database) throws -> Bool { try db.tableExists("history_version") }

    /// Returns whether the tables are up to date, and throws if they were made by a newer version.
    static func isComplete(_ db: Database, _ place: DatabasePlace) throws -> Bool {
        guard try exists(db) else { return false }
        let found = try Int.fetchOne(db, sql: "SELECT max(version) FROM history_version") ?? 0
        if found > version { throw SQLiteDatabaseError(.futureVersion, at: place) }
        return try found == version && !CheckpointSchema.hasFormerRuns(db)
    }

    /// Creates the tables, and takes in the runs that a checkpointer kept in the same file before there were histories.
    static func migrate(_ queue: DatabaseQueue) throws {
        if try queue.read(CheckpointSchema.hasFormerRuns) { try CheckpointSchema.migrator.migrate(queue) }
        try queue.inDatabase { db in
            try db.inTransaction(.immediate) {
                try create(db)
                return .commit
            }
        }
    }

    /// Creates the tables unless they are there.
    static func create(_ db: Database) throws {
        guard try !exists(db) else { return }
        try db.execute(sql: "PRAGMA application_id = \(DatabaseUse.applicationID)")
        try db.execute(
            sql: """
                CREATE TABLE history_version (version INTEGER NOT NULL) STRICT;
                INSERT INTO history_version VALUES (\(version));

                CREATE TABLE history_runs (
                    number INTEGER PRIMARY KEY AUTOINCREMENT,
                    id TEXT NOT NULL UNIQUE,
                    job TEXT NOT NULL,
                    state TEXT,
                    started_at INTEGER NOT NULL,
                    ended_at INTEGER,
                    record TEXT NOT NULL,
                    conclusion TEXT,
                    checksum INTEGER NOT NULL,
                    shape TEXT NOT NULL,
                    shape_checksum INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX history_runs_of_job ON history_runs (job, id);

                CREATE TABLE history_events (
                    run INTEGER NOT NULL,
                    number INTEGER NOT NULL,
                    json TEXT NOT NULL,
                    checksum INTEGER NOT NULL,
                    PRIMARY KEY (run, number)
                ) STRICT, WITHOUT ROWID;

                CREATE VIEW history_summaries AS
                    SELECT id, job, state, \(time("started_at")) AS started_at, \(time("ended_at")) AS ended_at,
                        (ended_at - started_at) / 1e6 AS seconds, record ->> 'host' AS host,
                        conclusion ->> 'reason' AS reason
                    FROM history_runs ORDER BY id;

                CREATE VIEW history_attempts AS
                    SELECT r.id AS run, r.job, e.task, e.attempt,
                        CASE max(e.target) FILTER (WHERE e.source = 'R')
                            WHEN 'C' THEN 'completed' WHEN 'A' THEN 'aborted' WHEN 'F' THEN 'failed' WHEN 'P' THEN 'failed'
                            ELSE 'running' END AS state,
                        \(time("min(e.at) FILTER (WHERE e.target = 'R')")) AS started_at,
                        \(time("max(e.at) FILTER (WHERE e.source = 'R')")) AS ended_at,
                        max(e.failure) AS reason
                    FROM history_runs r JOIN (
                        SELECT run, json ->> 'at' AS at, json ->> 'task' AS task, json ->> 'attempt' AS attempt,
                            json ->> 'from' AS source, json ->> 'to' AS target, json ->> 'failure' AS failure
                        FROM history_events
                    ) e ON e.run = r.number
                    WHERE e.source = 'R' OR e.target = 'R'
                    GROUP BY r.number, e.task, e.attempt;
                """
        )
    }

    /// A time as people read it.
    private static func time(_ microseconds: String) -> String {
        "strftime('%Y-%m-%d %H:%M:%f', (\(microseconds)) / 1e6, 'unixepoch')"
    }
}
