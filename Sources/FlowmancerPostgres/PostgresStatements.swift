#if Postgres
    /// The statements, with the names of the tables in them.
    struct PostgresStatements: Sendable {
        let run, tasks, values, decisions, outputs, fingerprints: String
        let pointTo, forgetEarlier: String
        let removeOtherTasks, removeOtherValues, removeOtherDecisions, removeOtherOutputs: String
        let removeOtherFingerprints: String
        let storeTasks, storeValues, storeDecisions, storeOutputs, storeFingerprints: String
        let interruptOpen, begin, old, end, clear: String
        let append, synchronize: String
        /// Remove runs altogether, and what only a restart needs of a run.
        let remove, removeResumption: [String]

        init(_ settings: PostgresSettings) {
            let name = settings.qualified
            let (runs, checkpoints) = (name("runs"), name("checkpoints"))
            let (tasks, values) = (name("tasks"), name("shared_values"))
            let (decisions, outputs) = (name("decisions"), name("outputs"))
            let fingerprints = name("fingerprints")
            let resumption = [values, decisions, outputs, fingerprints]

            run = "SELECT run, job_file, run_id FROM \(checkpoints) WHERE md5(job) = md5($1) AND job = $1"
            self.tasks = "SELECT name, state FROM \(tasks) WHERE run = $1"
            self.values = "SELECT key, json FROM \(values) WHERE run = $1"
            self.decisions = "SELECT name, json FROM \(decisions) WHERE run = $1"
            self.outputs = "SELECT name, json FROM \(outputs) WHERE run = $1"
            self.fingerprints = "SELECT name, fingerprint FROM \(fingerprints) WHERE run = $1"

            pointTo = """
                INSERT INTO \(checkpoints) (job, run, job_file, run_id) VALUES ($1, $2, $3, $4)
                ON CONFLICT (md5(job)) DO UPDATE SET
                    run = excluded.run, job_file = excluded.job_file, run_id = excluded.run_id
                """
            forgetEarlier = """
                WITH earlier AS (SELECT id FROM \(runs) WHERE md5(job) = md5($1) AND job = $1 AND id < $2::bigint),
                    removed AS (DELETE FROM \(values) WHERE run IN (SELECT id FROM earlier)),
                    undecided AS (DELETE FROM \(decisions) WHERE run IN (SELECT id FROM earlier)),
                    unpublished AS (DELETE FROM \(outputs) WHERE run IN (SELECT id FROM earlier))
                DELETE FROM \(fingerprints) WHERE run IN (SELECT id FROM earlier)
                """

            func removeOthers(_ table: String, _ column: String) -> String {
                "DELETE FROM \(table) WHERE run = $1 AND \(column) NOT IN (SELECT unnest($2::text[]))"
            }
            removeOtherTasks = removeOthers(tasks, "name")
            removeOtherValues = removeOthers(values, "key")
            removeOtherDecisions = removeOthers(decisions, "name")
            removeOtherOutputs = removeOthers(outputs, "name")
            removeOtherFingerprints = removeOthers(fingerprints, "name")
            storeTasks = """
                INSERT INTO \(tasks) AS t (run, name, state, attempts, started_at, ended_at)
                SELECT $1::bigint, new.name, new.state, coalesce(nullif(new.attempts, '')::integer, 0),
                    to_timestamp(nullif(new.started, '')::float8), to_timestamp(nullif(new.ended, '')::float8)
                FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
                    AS new (name, state, attempts, started, ended)
                ON CONFLICT (run, md5(name)) DO UPDATE SET
                    state = excluded.state,
                    attempts = excluded.attempts,
                    started_at = excluded.started_at,
                    ended_at = excluded.ended_at
                WHERE t.state <> excluded.state OR t.attempts <> excluded.attempts
                """
            func store(_ table: String, _ name: String, _ value: String) -> String {
                """
                INSERT INTO \(table) AS t (run, \(name), \(value))
                SELECT $1::bigint, new.name, new.value FROM unnest($2::text[], $3::text[]) AS new (name, value)
                ON CONFLICT (run, md5(\(name))) DO UPDATE SET \(value) = excluded.\(value)
                WHERE t.\(value) <> excluded.\(value)
                """
            }
            storeValues = store(values, "key", "json")
            storeDecisions = store(decisions, "name", "json")
            storeOutputs = store(outputs, "name", "json")
            storeFingerprints = store(fingerprints, "name", "fingerprint")

            interruptOpen = """
                UPDATE \(runs) SET outcome = 'interrupted' WHERE md5(job) = md5($1) AND job = $1 AND outcome IS NULL
                """
            begin =
                "INSERT INTO \(runs) (job, is_restart, host, process, run_id) VALUES ($1, $2, $3, $4, $5) RETURNING id"
            old = """
                SELECT id FROM \(runs) WHERE md5(job) = md5($1) AND job = $1
                    AND id NOT IN (SELECT run FROM \(checkpoints) WHERE md5(job) = md5($1))
                ORDER BY id DESC OFFSET $2
                """
            end = """
                UPDATE \(runs) SET outcome = $2, ended_at = coalesce(ended_at, clock_timestamp())
                WHERE id = $1 AND outcome IS NULL
                """
            clear = "DELETE FROM \(checkpoints) WHERE md5(job) = md5($1) AND job = $1 RETURNING run"
            removeResumption = resumption.map { "DELETE FROM \($0) WHERE run = $1" }
            remove =
                (resumption + [tasks]).map { "DELETE FROM \($0) WHERE run = ANY ($1::bigint[])" }
                + ["DELETE FROM \(runs) WHERE id = ANY ($1::bigint[])"]

            append = """
                WITH current AS (
                    SELECT run FROM \(checkpoints) WHERE md5(job) = md5($2) AND job = $2 AND run = $1
                ), moved AS (
                    INSERT INTO \(tasks) AS t (run, name, state, attempts, started_at)
                    SELECT current.run, new.name, new.state, new.attempt,
                        CASE WHEN new.has_begun THEN clock_timestamp() END
                    FROM current, unnest($3::text[], $4::text[], $5::integer[], $6::boolean[])
                        AS new (name, state, attempt, has_begun)
                    ON CONFLICT (run, md5(name)) DO UPDATE SET
                        state = excluded.state,
                        attempts = excluded.attempts,
                        started_at = coalesce(excluded.started_at, t.started_at),
                        ended_at = CASE
                            WHEN excluded.state = 'running' THEN NULL
                            WHEN t.state = 'running' OR excluded.started_at IS NOT NULL THEN clock_timestamp()
                            ELSE t.ended_at END
                ), stored AS (
                    INSERT INTO \(values) (run, key, json)
                    SELECT current.run, new.key, new.json
                    FROM current, unnest($7::text[], $8::text[]) AS new (key, json)
                    ON CONFLICT (run, md5(key)) DO UPDATE SET json = excluded.json
                ), removed AS (
                    DELETE FROM \(values) USING current
                    WHERE \(values).run = current.run AND md5(key) IN (SELECT md5(old) FROM unnest($9::text[]) AS old)
                ), decided AS (
                    INSERT INTO \(decisions) (run, name, json)
                    SELECT current.run, new.name, new.json
                    FROM current, unnest($10::text[], $11::text[]) AS new (name, json)
                    ON CONFLICT (run, md5(name)) DO UPDATE SET json = excluded.json
                ), published AS (
                    INSERT INTO \(outputs) (run, name, json)
                    SELECT current.run, new.name, new.json
                    FROM current, unnest($12::text[], $13::text[]) AS new (name, json)
                    ON CONFLICT (run, md5(name)) DO UPDATE SET json = excluded.json
                ), withdrawn AS (
                    DELETE FROM \(outputs) USING current
                    WHERE \(outputs).run = current.run AND md5(name) IN (SELECT md5(old) FROM unnest($14::text[]) AS old)
                )
                SELECT count(*) FROM current
                """
            synchronize = "UPDATE \(runs) SET synchronized_at = clock_timestamp() WHERE id = $1"
        }
    }
#endif
