#if Postgres
    import FlowmancerCore
    import FlowmancerDatabases
    import FoundationEssentials

    /// The runs that a checkpointer kept before there were histories.
    struct FormerRunsTable {
        private let connection: PostgresConnection
        private let settings: PostgresSettings

        init(_ connection: PostgresConnection, _ settings: PostgresSettings) {
            self.connection = connection
            self.settings = settings
        }

        /// Whether there are any.
        var hasRuns: Bool {
            get throws(PostgresError) {
                let sql = "SELECT 1 FROM \(settings.qualified("runs")) LIMIT 1"
                return try !connection.execute(sql, within: settings.patience).isEmpty
            }
        }

        /// Makes a run of the history out of each.
        func moveToHistory() throws(PostgresError) {
            let store = HistoryStore(connection, settings)
            let sql = """
                SELECT id, run_id, job, host, is_restart, outcome, \(time("started_at")), \(time("ended_at")), process
                FROM \(settings.qualified("runs")) ORDER BY id
                """
            for row in try connection.execute(sql, within: settings.patience) {
                let run = FormerRun(
                    id: row[1].flatMap(RunID.init),
                    job: row[2].flatMap(DatabaseText.decode) ?? "",
                    host: row[3] ?? "",
                    process: row[8].flatMap { Int($0) },
                    isRestart: row[4] == "t",
                    startedAt: Self.date(row[6]) ?? Date(timeIntervalSince1970: 0),
                    endedAt: Self.date(row[7]),
                    outcome: row[5],
                    tasks: try tasks(of: row[0] ?? "")
                )
                // One that a history has already says more.
                guard try store.shape(of: run.record.id) == nil else { continue }
                try store.begin(run.record, run.shape)
                _ = try store.append(run.events, to: run.record.id)
                if run.isInterrupted { try store.interrupt(run.record.id) }
            }
        }

        private func tasks(of run: String) throws(PostgresError) -> [FormerRun.Task] {
            let sql = """
                SELECT name, state, attempts, \(time("started_at")), \(time("ended_at"))
                FROM \(settings.qualified("tasks")) WHERE run = $1 ORDER BY started_at NULLS LAST, name
                """
            return try connection.execute(sql, [run], within: settings.patience).compactMap { row in
                guard let name = row[0].flatMap(DatabaseText.decode),
                    let state = row[1].flatMap(ExecutionState.init(_:))
                else { return nil }
                return FormerRun.Task(
                    name: name,
                    state: state,
                    attempt: row[2].flatMap { Int($0) } ?? 0,
                    startedAt: Self.date(row[3]),
                    endedAt: Self.date(row[4])
                )
            }
        }

        private func time(_ column: String) -> String { "(extract(epoch FROM \(column)) * 1000000)::bigint" }

        private static func date(_ microseconds: String?) -> Date? {
            microseconds.flatMap { Int($0) }.map { Date(microsecondsSince1970: $0) }
        }
    }
#endif
