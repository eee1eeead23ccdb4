import FlowmancerCore
import FlowmancerDatabases
import FlowmancerSystem
import GRDB

/// Says from which run a restart of a job goes on, and how many rows there must be of it.
struct CheckpointRow {
    let job: String
    let run: Int64
    /// How many tasks there are at least: the journal may add some.
    let tasks: Int
    let fingerprints: Int
    let jobFile: String?
    let runID: RunID?

    private var checksum: Int {
        // Names and paths have no NUL, and a path begins with a slash.
        let others = [jobFile, runID?.description].compactMap { $0 }.map { "\0\($0)" }.joined()
        return Int(CRC32C.checksum(Array("\(job)\0\(run)\0\(tasks)\0\(fingerprints)\(others)".utf8)))
    }

    /// Returns the row of a job; `nil` if there is none.
    ///
    /// - Throws: ``Damaged`` if that cannot be told, since a row is not as it was written.
    static func find(_ job: String, _ db: Database) throws -> CheckpointRow? {
        let sql = "SELECT job, run, tasks, fingerprints, checksum, job_file, run_id FROM checkpoints"
        let rows = try Row.fetchAll(db, sql: sql)
        let name = DatabaseText.encode(job)
        var result: CheckpointRow?
        for row in rows {
            guard let job = String.fromDatabaseValue(row[0]), let run = Int64.fromDatabaseValue(row[1]),
                let tasks = Int.fromDatabaseValue(row[2]), let fingerprints = Int.fromDatabaseValue(row[3])
            else { throw Damaged() }
            let jobFile = String.fromDatabaseValue(row[5])
            let found = CheckpointRow(
                job: job,
                run: run,
                tasks: tasks,
                fingerprints: fingerprints,
                jobFile: jobFile,
                runID: String.fromDatabaseValue(row[6]).flatMap(RunID.init)
            )
            guard found.checksum == Int.fromDatabaseValue(row[4]) else { throw Damaged() }
            if Array(job.utf8) == Array(name.utf8) { result = found }
        }
        return result
    }

    /// A row is not as it was written.
    struct Damaged: Error {}

    /// Inserts the row, or replaces that of the same job.
    func store(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO checkpoints (job, run, tasks, fingerprints, checksum, job_file, run_id)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [job, run, tasks, fingerprints, checksum, jobFile, runID?.description]
        )
    }
}
