import FlowmancerCore
import FlowmancerDatabases
import FlowmancerSystem
import GRDB

/// The runs of a history, and their events. Every row has a checksum.
enum HistoryTable {
    // MARK: Writing

    /// Puts a run on record.
    ///
    /// - Parameter isInterrupted: Whether it is known that its process is gone.
    /// - Returns: Its number.
    static func begin(
        _ run: RunRecord,
        _ shape: RunShape,
        isInterrupted: Bool = false,
        _ db: Database
    ) throws -> Int64 {
        let (id, record) = (run.id.description, DatabaseText.encodeJSON(run.json.rawValue))
        let shape = DatabaseText.encodeJSON(shape.json.rawValue)
        try db.execute(
            sql: """
                INSERT INTO history_runs (id, job, state, started_at, record, checksum, shape, shape_checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id, DatabaseText.encode(run.jobName), isInterrupted ? RunState.interrupted.rawValue : nil,
                run.startedAt.microsecondsSince1970, record, checksum(id, record), shape, checksum(id, shape),
            ]
        )
        return db.lastInsertedRowID
    }

    /// Stores events of a run, unless they are stored.
    static func append(_ events: [RecordedEvent], to run: Int64, _ id: RunID, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO history_events (run, number, json, checksum) VALUES (?, ?, ?, ?)
                ON CONFLICT (run, number) DO NOTHING
                """
        )
        for event in events {
            let json = DatabaseText.encodeJSON(event.json.rawValue)
            try statement.execute(arguments: [run, event.number, json, checksum(run, event.number, json)])
            if let end = event.conclusion { try conclude(run, id, end, event, json, db) }
        }
    }

    private static func conclude(
        _ run: Int64,
        _ id: RunID,
        _ end: RunConclusion,
        _ event: RecordedEvent,
        _ json: String,
        _ db: Database
    ) throws {
        let sql = "SELECT record FROM history_runs WHERE number = ?"
        guard let record = try String.fetchOne(db, sql: sql, arguments: [run]) else { return }
        try db.execute(
            sql: """
                UPDATE history_runs SET state = ?, ended_at = ?, conclusion = ?, checksum = ? WHERE number = ?
                """,
            arguments: [
                DatabaseText.encode(end.state.rawValue), event.time.microsecondsSince1970, json,
                checksum(id.description, record, json), run,
            ]
        )
    }

    /// Removes the oldest runs of a job, as far as they are over.
    static func removeOldRuns(of job: String, keeping count: Int, except own: Int64, _ db: Database) throws {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT number, \(columns) FROM history_runs WHERE job = ? ORDER BY id DESC LIMIT -1 OFFSET ?
                """,
            arguments: [DatabaseText.encode(job), max(0, count)]
        )
        for row in rows where row[0] != own && isOver(row) { try remove(row[0], db) }
    }

    /// Removes a run.
    ///
    /// - Throws: `RunUnderWayError` if it is, or may be, under way.
    static func remove(_ id: RunID, _ db: Database) throws {
        let sql = "SELECT number, \(columns) FROM history_runs WHERE id = ?"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [id.description]) else { return }
        guard isOver(row) else { throw RunUnderWayError(id) }
        try remove(row[0], db)
    }

    /// Nobody writes meanwhile: a run whose process is gone has no end that is still to come.
    private static func isOver(_ row: Row) -> Bool {
        // Of a run that cannot be read it is only known whether there is an end.
        guard let run = stored(row).run(life: \.lifeHere) else { return text(row["state"]) != nil }
        return run.isOver
    }

    private static func remove(_ run: Int64, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM history_events WHERE run = ?", arguments: [run])
        try db.execute(sql: "DELETE FROM history_runs WHERE number = ?", arguments: [run])
    }

    // MARK: Reading

    private static let columns = "id, record, conclusion, checksum, state"

    private static let dialect = RunConditions.Dialect(
        placeholder: { "?\($0)" },
        job: { "job = \($0)" },
        idPart: { "instr(id, \($0)) > 0" }
    )

    /// Returns runs, as far as the database can choose them, the newest first.
    static func find(_ query: RunQuery, _ db: Database) throws -> RowCursor {
        let conditions = RunConditions(query, dialect)
        let sql = "SELECT \(columns) FROM history_runs \(conditions.clause) ORDER BY id DESC"
        return try Row.fetchCursor(db, sql: sql, arguments: StatementArguments(conditions.arguments))
    }

    /// Returns a run; `nil` if there is none.
    static func find(_ id: RunID, _ db: Database) throws -> StoredRun? {
        let sql = "SELECT \(columns) FROM history_runs WHERE id = ?"
        return try Row.fetchOne(db, sql: sql, arguments: [id.description]).map(stored)
    }

    /// Returns the number of a run; `nil` if there is none.
    static func number(of id: RunID, _ db: Database) throws -> Int64? {
        let sql = "SELECT number FROM history_runs WHERE id = ?"
        return try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: [id.description])
    }

    /// Returns the tasks of a run; `nil` if that is damaged.
    static func shape(of run: Int64, _ id: RunID, _ db: Database) throws -> RunShape? {
        let sql = "SELECT shape, shape_checksum FROM history_runs WHERE number = ?"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [run]), let shape = text(row[0]),
            checksum(id.description, shape) == Int.fromDatabaseValue(row[1])
        else { return nil }
        return RunShape(json: JSONText(rawValue: shape))
    }

    /// Returns the events of a run that follow on one.
    static func events(of run: Int64, after number: Int, atMost limit: Int, _ db: Database) throws -> [EventPassage.Row]
    {
        let sql =
            "SELECT number, json, checksum FROM history_events WHERE run = ? AND number > ? ORDER BY number LIMIT ?"
        let statement = try db.cachedStatement(sql: sql)
        return try Row.fetchAll(statement, arguments: [run, number, limit]).map { row in
            let (number, json) = (Int.fromDatabaseValue(row[0]) ?? 0, text(row[1]) ?? "")
            let isIntact = checksum(run, number, json) == Int.fromDatabaseValue(row[2])
            return EventPassage.Row(number: number, json: json, isIntact: isIntact)
        }
    }

    static func stored(_ row: Row) -> StoredRun {
        let (id, record) = (text(row["id"]) ?? "", text(row["record"]) ?? "")
        let conclusion = text(row["conclusion"])
        return StoredRun(
            id: id,
            record: record,
            conclusion: conclusion,
            isInterrupted: text(row["state"]) == RunState.interrupted.rawValue,
            isIntact: checksum(id, record, conclusion) == Int.fromDatabaseValue(row["checksum"])
        )
    }

    /// Bytes that are no text any more, or a value of another type, are none.
    private static func text(_ value: DatabaseValue) -> String? { String.fromDatabaseValue(value) }

    // MARK: Checksums

    /// The texts have no NUL.
    private static func checksum(_ texts: String?...) -> Int {
        Int(CRC32C.checksum(Array(texts.compactMap { $0 }.joined(separator: "\0").utf8)))
    }

    private static func checksum(_ run: Int64, _ number: Int, _ json: String) -> Int {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(json.utf8.count + 32)
        bytes += String(run).utf8
        bytes.append(0)
        bytes += String(number).utf8
        bytes.append(0)
        bytes += json.utf8
        return Int(CRC32C.checksum(bytes))
    }
}
