import FlowmancerCore
import FlowmancerDatabases
import FoundationEssentials
import GRDB

/// The runs that a checkpointer kept before there were histories.
enum FormerRunTable {
    /// Makes a run of the history out of each.
    static func moveToHistory(_ db: Database) throws {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT id, run_id, job, host, process, is_restart, outcome, \(time("started_at")) AS start,
                    \(time("ended_at")) AS end
                FROM runs ORDER BY id
                """
        )
        // A file that has only checkpoints needs no history.
        if !rows.isEmpty { try HistorySchema.create(db) }
        for row in rows {
            let run = FormerRun(
                id: String.fromDatabaseValue(row["run_id"]).flatMap(RunID.init),
                job: decode(row["job"]) ?? "",
                host: String.fromDatabaseValue(row["host"]) ?? "",
                process: Int.fromDatabaseValue(row["process"]),
                isRestart: Bool.fromDatabaseValue(row["is_restart"]) ?? false,
                startedAt: date(row["start"]) ?? Date(timeIntervalSince1970: 0),
                endedAt: date(row["end"]),
                outcome: String.fromDatabaseValue(row["outcome"]),
                tasks: try tasks(of: row["id"], db)
            )
            let id = run.record.id
            guard try HistoryTable.number(of: id, db) == nil else { continue }
            let number = try HistoryTable.begin(run.record, run.shape, isInterrupted: run.isInterrupted, db)
            try HistoryTable.append(run.events, to: number, id, db)
        }
    }

    private static func tasks(of run: Int64, _ db: Database) throws -> [FormerRun.Task] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT name, state, attempts, \(time("started_at")) AS start, \(time("ended_at")) AS end
                FROM tasks WHERE run = ? ORDER BY started_at IS NULL, started_at, name
                """,
            arguments: [run]
        )
        return rows.compactMap { row in
            guard let name = decode(row["name"]),
                let state = String.fromDatabaseValue(row["state"]).flatMap(ExecutionState.init(_:))
            else { return nil }
            return FormerRun.Task(
                name: name,
                state: state,
                attempt: Int.fromDatabaseValue(row["attempts"]) ?? 0,
                startedAt: date(row["start"]),
                endedAt: date(row["end"])
            )
        }
    }

    /// A time of a column in milliseconds since 1970: it is text with three decimals.
    private static func time(_ column: String) -> String {
        "CAST(strftime('%s', \(column)) AS INTEGER) * 1000 + CAST(substr(\(column), 21, 3) AS INTEGER)"
    }

    private static func date(_ milliseconds: DatabaseValue) -> Date? {
        Int.fromDatabaseValue(milliseconds).map { Date(timeIntervalSince1970: Double($0) / 1_000) }
    }

    private static func decode(_ text: DatabaseValue) -> String? {
        String.fromDatabaseValue(text).flatMap(DatabaseText.decode)
    }
}
