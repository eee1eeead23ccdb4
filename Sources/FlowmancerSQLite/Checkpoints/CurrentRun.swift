import FlowmancerDatabases
import FlowmancerSystem
import GRDB
import Glibc

/// The run of a job that its checkpoint is of.
struct CurrentRun: Sendable, Hashable {
    let id: Int64
    let job: String
    /// Whether what is stored of it can be relied on, so that only changes need to be written.
    var isComplete: Bool
    /// As it is in the database: tells the run from one that has its number in another database.
    let startedAt: String

    /// The run, of which everything has to be written once more.
    var madeIncomplete: CurrentRun { CurrentRun(id: id, job: job, isComplete: false, startedAt: startedAt) }

    /// Puts a run on record.
    ///
    /// - Parameter start: When it began, if that was earlier.
    static func begin(_ job: String, since start: String?, _ db: Database) throws -> CurrentRun {
        let name = DatabaseText.encode(job)
        let startedAt = try start ?? String.fetchOne(db, sql: "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')") ?? ""
        try db.execute(
            sql: "INSERT INTO current_runs (job, host, process, started_at) VALUES (?, ?, ?, ?)",
            arguments: [name, hostName, Int(getpid()), startedAt]
        )
        return CurrentRun(id: db.lastInsertedRowID, job: job, isComplete: true, startedAt: startedAt)
    }

    /// Whether the database knows the run as one of this process.
    func isOnRecord(_ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (
                    SELECT 1 FROM current_runs WHERE id = ? AND job = ? AND host = ? AND process = ? AND started_at = ?
                )
                """,
            arguments: [id, DatabaseText.encode(job), Self.hostName, Int(getpid()), startedAt]
        ) ?? false
    }

    /// Takes a run off the record.
    static func remove(_ run: Int64, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM current_runs WHERE id = ?", arguments: [run])
    }

    /// Returns who has the lock of a job, if that can be the run that its checkpoint is of: "process 4711, since …".
    static func holder(of job: String, _ db: Database) throws -> String? {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT host, process, strftime('%s', started_at) FROM current_runs
                WHERE job = ? ORDER BY id DESC LIMIT 1
                """,
            arguments: [DatabaseText.encode(job)]
        )
        guard let row, let host = row[0] as String?, let process = row[1] as Int?,
            let seconds = (row[2] as String?).flatMap(Int.init)
        else { return nil }
        // The run may be over, and the lock that of one that has not stored anything yet.
        if host == hostName, kill(pid_t(truncatingIfNeeded: process), 0) != 0, errno == ESRCH { return nil }
        let place = host == hostName ? "" : " on \(host)"
        return "process \(process)\(place), since \(LocalTime(secondsSince1970: seconds))"
    }

    private static let hostName: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()
}
