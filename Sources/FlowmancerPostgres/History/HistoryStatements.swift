#if Postgres
    import FlowmancerCore
    import FlowmancerDatabases

    /// The statements of a history, with the names of the tables in them.
    struct HistoryStatements: Sendable {
        let begin, append, synchronize: String
        let old, own, interrupt: String
        let find, shape, events: String
        /// The locks that sessions have.
        let locks: String
        /// Remove runs.
        let remove: [String]
        private let runs: String

        init(_ settings: PostgresSettings) {
            let (runs, events) = (settings.qualified("history_runs"), settings.qualified("history_events"))
            self.runs = runs

            begin = """
                INSERT INTO \(runs) (id, job, started_at, record, shape)
                VALUES ($1, $2, $3, $4, $5)
                """
            append = """
                WITH current AS (
                    SELECT number FROM \(runs) WHERE id = $1
                ), stored AS (
                    INSERT INTO \(events) (run, number, json)
                    SELECT current.number, new.number, new.json
                    FROM current, unnest($2::bigint[], $3::text[]) AS new (number, json)
                    ON CONFLICT (run, number) DO NOTHING
                ), ended AS (
                    UPDATE \(runs) AS r
                    SET state = $4, ended_at = $5::bigint, conclusion = $6
                    FROM current WHERE r.number = current.number AND r.state IS DISTINCT FROM $4
                )
                SELECT count(*) FROM current
                """
            synchronize = "UPDATE \(runs) SET id = id WHERE id = $1"
            old = """
                SELECT number, \(Self.columns) FROM \(runs) WHERE md5(job) = md5($1) AND job = $1 AND id <> $2
                ORDER BY id DESC
                """
            own = "SELECT number, \(Self.columns) FROM \(runs) WHERE id = $1"
            interrupt = """
                UPDATE \(runs) SET state = 'interrupted' WHERE number = ANY ($1::bigint[]) AND state IS NULL
                """
            find = "SELECT \(Self.columns) FROM \(runs) WHERE id = $1"
            shape = "SELECT number, shape FROM \(runs) WHERE id = $1"
            self.events = "SELECT number, json FROM \(events) WHERE run = $1 AND number > $2 ORDER BY number LIMIT $3"
            locks = """
                SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
                WHERE locktype = 'advisory' AND granted AND objsubid = 1
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """
            remove = [
                "DELETE FROM \(events) WHERE run = ANY ($1::bigint[])",
                "DELETE FROM \(runs) WHERE number = ANY ($1::bigint[])",
            ]
        }

        static let columns = "id, record, conclusion, state"

        private static let dialect = RunConditions.Dialect(
            placeholder: { "$\($0)" },
            job: { "md5(job) = md5(\($0)) AND job = \($0)" },
            idPart: { "strpos(id, \($0)) > 0" }
        )

        /// Chooses runs, as far as the server can, the newest first.
        func find(_ query: RunQuery, atMost limit: Int) -> (sql: String, arguments: [String]) {
            let conditions = RunConditions(query, Self.dialect)
            let sql = "SELECT \(Self.columns) FROM \(runs) \(conditions.clause) ORDER BY id DESC LIMIT \(limit)"
            return (sql, conditions.arguments)
        }
    }
#endif
