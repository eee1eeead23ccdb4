#if Postgres
    /// The statements, with the names of the tables in them.
    struct PostgresStatements: Sendable {
        let run, tasks, values, decisions, outputs, fingerprints: String
        let pointTo: String
        /// Remove the runs of a job before one.
        let forgetEarlier: [String]
        let removeOtherTasks, removeOtherValues, removeOtherDecisions, removeOtherOutputs: String
        let removeOtherFingerprints: String
        let storeTasks, storeValues, storeDecisions, storeOutputs, storeFingerprints: String
        let begin, clear: String
        let append, synchronize: String
        /// Remove a run.
        let remove: [String]

        init(_ settings: PostgresSettings) {
            let name = settings.qualified
            let (runs, checkpoints) = (name("current_runs"), name("checkpoints"))
            let (tasks, values) = (name("tasks"), name("shared_values"))
            let (decisions, outputs) = (name("decisions"), name("outputs"))
            let fingerprints = name("fingerprints")
            let ofRun = [tasks, values, decisions, outputs, fingerprints]

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
            let earlier = "SELECT id FROM \(runs) WHERE md5(job) = md5($1) AND job = $1 AND id < $2::bigint"
            forgetEarlier =
                ofRun.map { "DELETE FROM \($0) WHERE run IN (\(earlier))" }
                + ["DELETE FROM \(runs) WHERE md5(job) = md5($1) AND job = $1 AND id < $2::bigint"]

            func removeOthers(_ table: String, _ column: String) -> String {
                "DELETE FROM \(table) WHERE run = $1 AND \(column) NOT IN (SELECT unnest($2::text[]))"
            }
            removeOtherTasks = removeOthers(tasks, "name")
            removeOtherValues = removeOthers(values, "key")
            removeOtherDecisions = removeOthers(decisions, "name")
            removeOtherOutputs = removeOthers(outputs, "name")
            removeOtherFingerprints = removeOthers(fingerprints, "name")
            func store(_ table: String, _ name: String, _ value: String) -> String {
                """
                INSERT INTO \(table) AS t (run, \(name), \(value))
                SELECT $1::bigint, new.name, new.value FROM unnest($2::text[], $3::text[]) AS new (name, value)
                ON CONFLICT (run, md5(\(name))) DO UPDATE SET \(value) = excluded.\(value)
                WHERE t.\(value) <> excluded.\(value)
                """
            }
            storeTasks = store(tasks, "name", "state")
            storeValues = store(values, "key", "json")
            storeDecisions = store(decisions, "name", "json")
            storeOutputs = store(outputs, "name", "json")
            storeFingerprints = store(fingerprints, "name", "fingerprint")

            begin = "INSERT INTO \(runs) (job, host, process) VALUES ($1, $2, $3) RETURNING id"
            clear = "DELETE FROM \(checkpoints) WHERE md5(job) = md5($1) AND job = $1 RETURNING run"
            remove = ofRun.map { "DELETE FROM \($0) WHERE run = $1" } + ["DELETE FROM \(runs) WHERE id = $1"]

            append = """
                WITH current AS (
                    SELECT run FROM \(checkpoints) WHERE md5(job) = md5($2) AND job = $2 AND run = $1
                ), moved AS (
                    INSERT INTO \(tasks) (run, name, state)
                    SELECT current.run, new.name, new.state
                    FROM current, unnest($3::text[], $4::text[]) AS new (name, state)
                    ON CONFLICT (run, md5(name)) DO UPDATE SET state = excluded.state
                ), stored AS (
                    INSERT INTO \(values) (run, key, json)
                    SELECT current.run, new.key, new.json
                    FROM current, unnest($5::text[], $6::text[]) AS new (key, json)
                    ON CONFLICT (run, md5(key)) DO UPDATE SET json = excluded.json
                ), removed AS (
                    DELETE FROM \(values) USING current
                    WHERE \(values).run = current.run AND md5(key) IN (SELECT md5(old) FROM unnest($7::text[]) AS old)
                ), decided AS (
                    INSERT INTO \(decisions) (run, name, json)
                    SELECT current.run, new.name, new.json
                    FROM current, unnest($8::text[], $9::text[]) AS new (name, json)
                    ON CONFLICT (run, md5(name)) DO UPDATE SET json = excluded.json
                ), published AS (
                    INSERT INTO \(outputs) (run, name, json)
                    SELECT current.run, new.name, new.json
                    FROM current, unnest($10::text[], $11::text[]) AS new (name, json)
                    ON CONFLICT (run, md5(name)) DO UPDATE SET json = excluded.json
                ), withdrawn AS (
                    DELETE FROM \(outputs) USING current
                    WHERE \(outputs).run = current.run AND md5(name) IN (SELECT md5(old) FROM unnest($12::text[]) AS old)
                )
                SELECT count(*) FROM current
                """
            synchronize = "UPDATE \(runs) SET synchronized_at = clock_timestamp() WHERE id = $1"
        }
    }
#endif
