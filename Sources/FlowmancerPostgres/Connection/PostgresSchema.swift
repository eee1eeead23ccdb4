#if Postgres
    import FlowmancerCore

    /// How the tables of a schema come to be.
    ///
    /// Those of checkpoints and those of a history have versions of their own, and can be in one schema.
    enum PostgresSchema {
        /// What tables are for.
        enum Part {
            case checkpoints, history

            fileprivate var versionTable: String { self == .history ? "history_version" : "schema_version" }

            fileprivate func migrations(_ settings: PostgresSettings) -> [[Step]] {
                switch self {
                case .checkpoints: CheckpointTables.migrations(settings)
                case .history: HistoryTables.migrations(settings)
                }
            }
        }

        /// A step of a migration.
        enum Step {
            case sql(String)
            /// The runs that were kept with checkpoints become runs of the history.
            case runsToHistory
        }

        /// Creates the tables, or brings them up to date; others that want the same wait.
        static func migrate(
            _ part: Part,
            _ connection: PostgresConnection,
            _ settings: PostgresSettings
        ) throws(PostgresError) {
            let limit = settings.patience
            guard !settings.schema.isEmpty, !settings.schema.utf8.starts(with: "pg_".utf8) else {
                throw PostgresError(.schema(settings.schema), at: connection.place)
            }
            let encoding = try connection.execute("SHOW server_encoding", within: limit).first?.first ?? nil
            guard encoding == "UTF8" else {
                throw PostgresError(.encoding(encoding ?? "unknown"), at: connection.place)
            }
            guard try !isComplete(part, connection, settings) else { return }
            try connection.transaction(isDurable: true, within: limit) { () throws(PostgresError) in
                let key = PostgresLock.key("schema", settings)
                try connection.execute("SELECT pg_advisory_xact_lock($1)", [key], within: limit)
                let schemas = "SELECT 1 FROM pg_namespace WHERE nspname = $1"
                if try connection.execute(schemas, [settings.schema], within: limit).isEmpty {
                    let name = PostgresSettings.quoted(settings.schema)
                    try connection.executeScript("CREATE SCHEMA \(name)", within: limit)
                }
                let hasFormerRuns = try hasFormerRuns(connection, settings)
                if part == .history, hasFormerRuns { try bring(.checkpoints, connection, settings) }
                try bring(part, connection, settings)
            }
        }

        /// Whether there is anything of Flowmancer in the schema.
        static func exists(
            _ connection: PostgresConnection,
            _ settings: PostgresSettings
        ) throws(PostgresError) -> Bool {
            for part in [Part.history, .checkpoints] where try version(part, connection, settings) > 0 { return true }
            return false
        }

        private static func isComplete(
            _ part: Part,
            _ connection: PostgresConnection,
            _ settings: PostgresSettings
        ) throws(PostgresError) -> Bool {
            let (present, newest) = (try version(part, connection, settings), part.migrations(settings).count)
            if present > newest { throw PostgresError(.futureVersion(schema: settings.schema), at: connection.place) }
            guard present == newest else { return false }
            return part == .checkpoints ? true : try !hasFormerRuns(connection, settings)
        }

        /// Whether past runs may still be in tables of before there were histories.
        private static func hasFormerRuns(
            _ connection: PostgresConnection,
            _ settings: PostgresSettings
        ) throws(PostgresError) -> Bool {
            let present = try version(.checkpoints, connection, settings)
            return present > 0 && present < Part.checkpoints.migrations(settings).count
        }

        /// Performs the migrations that are missing, in the transaction that is open.
        private static func bring(
            _ part: Part,
            _ connection: PostgresConnection,
            _ settings: PostgresSettings
        ) throws(PostgresError) {
            let (limit, table) = (settings.patience, settings.qualified(part.versionTable))
            // Somebody else may have been faster.
            guard try !isComplete(part, connection, settings) else { return }
            try connection.executeScript(
                "CREATE TABLE IF NOT EXISTS \(table) (version integer NOT NULL)",
                within: limit
            )
            let all = part.migrations(settings)
            for step in all.dropFirst(try version(part, connection, settings)).joined() {
                switch step {
                case .sql(let sql): try connection.executeScript(sql, within: limit)
                case .runsToHistory:
                    // A schema that has only checkpoints needs no history.
                    let former = FormerRunsTable(connection, settings)
                    guard try former.hasRuns else { continue }
                    try bring(.history, connection, settings)
                    try former.moveToHistory()
                }
            }
            try connection.executeScript(
                "DELETE FROM \(table); INSERT INTO \(table) VALUES (\(all.count))",
                within: limit
            )
        }

        /// How many migrations took place.
        private static func version(
            _ part: Part,
            _ connection: PostgresConnection,
            _ settings: PostgresSettings
        ) throws(PostgresError) -> Int {
            let tables = "SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = $2"
            let limit = settings.patience
            let name = part.versionTable
            if try connection.execute(tables, [settings.schema, name], within: limit).isEmpty { return 0 }
            let sql = "SELECT coalesce(max(version), 0) FROM \(settings.qualified(name))"
            let rows = try connection.execute(sql, within: limit)
            return rows.first?.first?.flatMap { Int($0) } ?? 0
        }
    }
#endif
