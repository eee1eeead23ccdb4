import FlowmancerCore
import FlowmancerDatabases
import FlowmancerSystem
import GRDB
import Glibc

/// The runs of all jobs.
enum RunTable {
    private static let now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"

    /// Puts a new run on record, and takes old ones off.
    ///
    /// - Parameters:
    ///   - start: When it began, if that was earlier.
    ///   - count: How many runs of the job are kept.
    static func begin(
        _ job: String,
        id: RunID?,
        since start: String?,
        isRestart: Bool,
        keeping count: Int,
        _ db: Database
    ) throws -> StoredRun {
        let name = DatabaseText.encode(job)
        // Whoever begins a run has the job's lock: the process of a run that is still open is dead.
        try db.execute(
            sql: "UPDATE runs SET outcome = 'interrupted' WHERE job = ? AND outcome IS NULL",
            arguments: [name]
        )
        let startedAt = try start ?? String.fetchOne(db, sql: "SELECT \(now)") ?? ""
        try db.execute(
            sql: "INSERT INTO runs (job, run_id, is_restart, host, process, started_at) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [name, id?.description, isRestart, hostName, Int(getpid()), startedAt]
        )
        let run = StoredRun(id: db.lastInsertedRowID, job: job, isComplete: true, startedAt: startedAt)
        try prune(name, keeping: count, db)
        return run
    }

    /// Whether the database knows a run of this process.
    static func isOnRecord(_ run: StoredRun, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (
                    SELECT 1 FROM runs WHERE id = ? AND job = ? AND host = ? AND process = ? AND started_at = ?
                )
                """,
            arguments: [run.id, DatabaseText.encode(run.job), hostName, Int(getpid()), run.startedAt]
        ) ?? false
    }

    /// Records how a run ended, unless that is known.
    static func end(_ run: StoredRun, _ outcome: RunOutcome, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE runs SET ended_at = coalesce(ended_at, \(now)), outcome = ? WHERE id = ? AND outcome IS NULL",
            arguments: [outcome.rawValue, run.id]
        )
    }

    /// Returns who began the last run of a job that has not ended: "process 4711, since …".
    static func holder(of job: String, _ db: Database) throws -> String? {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT host, process, strftime('%s', started_at) FROM runs
                WHERE job = ? AND outcome IS NULL ORDER BY id DESC LIMIT 1
                """,
            arguments: [DatabaseText.encode(job)]
        )
        guard let row, let host = row[0] as String?, let process = row[1] as Int?,
            let seconds = (row[2] as String?).flatMap(Int.init)
        else { return nil }
        let place = host == hostName ? "" : " on \(host)"
        return "process \(process)\(place), since \(LocalTime(secondsSince1970: seconds))"
    }

    private static func prune(_ job: String, keeping count: Int, _ db: Database) throws {
        let old = try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM runs WHERE job = ?1 AND id NOT IN (SELECT run FROM checkpoints WHERE job = ?1)
                ORDER BY id DESC LIMIT -1 OFFSET ?2
                """,
            arguments: [job, count]
        )
        for run in old {
            try CheckpointTable.removeResumption(of: run, db)
            try db.execute(sql: "DELETE FROM tasks WHERE run = ?", arguments: [run])
            try db.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [run])
        }
    }

    private static let hostName: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()
}
