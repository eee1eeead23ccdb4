#if Postgres
    import FlowmancerCore
    import FlowmancerDatabases
    import Glibc

    /// What is stored of runs, and the session by which it is.
    final class PostgresStore: Sendable {
        private let connection: PostgresConnection
        private let settings: PostgresSettings
        private let statements: PostgresStatements

        /// Connects, and makes sure that there are tables.
        init(_ settings: PostgresSettings) throws(PostgresCheckpointError) {
            connection = try PostgresConnection(settings)
            self.settings = settings
            statements = PostgresStatements(settings)
            // A commit waits for nothing but the server's memory: it outlives this process, and the journal has the
            // server write to its disk once a second.
            try connection.executeScript("SET synchronous_commit = off", within: settings.patience)
            try PostgresSchema.migrate(connection, settings)
        }

        var isBroken: Bool { connection.isBroken }
        var place: String { connection.place }

        /// Returns the checkpoint of a job; `nil` if there is none.
        func read(_ job: String) throws(PostgresCheckpointError) -> CheckpointContents? {
            let limit = settings.patience
            return try connection.transaction(isDurable: false, within: limit) { () throws(PostgresCheckpointError) in
                try connection.executeScript(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
                    within: limit
                )
                let name = DatabaseText.encode(job)
                let row = try connection.execute(statements.run, [name], within: limit).first
                guard let row, row.count == 3, let run = row[0] else { return nil }
                var contents = CheckpointContents(name: job, runID: row[2].flatMap(RunID.init))
                if let path = row[1] {
                    contents.jobFile = DatabaseText.decode(path)
                    if contents.jobFile == nil { throw unreadable("the path of the job file") }
                }
                for (task, word) in try pairs(statements.tasks, run) {
                    guard let state = ExecutionState(word) else { throw unreadable("the state '\(word)'") }
                    contents.states[task] = state
                }
                for (key, json) in try pairs(statements.values, run) {
                    contents.sharedDict[key] = JSONText(rawValue: json)
                }
                for (task, json) in try pairs(statements.decisions, run) {
                    contents.decisions[task] = JSONText(rawValue: json)
                }
                for (task, json) in try pairs(statements.outputs, run) {
                    contents.outputs[task] = JSONText(rawValue: json)
                }
                for (task, fingerprint) in try pairs(statements.fingerprints, run) {
                    contents.fingerprints[task] = DatabaseText.decode(fingerprint)
                }
                return contents
            }
        }

        private func pairs(_ sql: String, _ run: String) throws(PostgresCheckpointError) -> [(String, String)] {
            var result: [(String, String)] = []
            for row in try connection.execute(sql, [run], within: settings.patience) {
                guard row.count == 2, let first = row[0].flatMap(DatabaseText.decode), let second = row[1] else {
                    throw unreadable("the name '\(row.first.flatMap { $0 } ?? "")'")
                }
                result.append((first, second))
            }
            return result
        }

        private func unreadable(_ what: String) -> PostgresCheckpointError {
            PostgresCheckpointError(
                .failure("\(what) was not written by Flowmancer; use --discard-checkpoint"),
                at: place
            )
        }

        /// Makes the contents those of a run, and the run the one that a restart goes on from.
        ///
        /// - Parameters:
        ///   - known: The run, if it is on record already.
        ///   - history: What was recorded of the tasks before.
        /// - Returns: The run.
        func replace(
            _ contents: CheckpointContents,
            of job: String,
            run known: Int64?,
            history: AttemptHistory?,
            isRestart: Bool,
            keeping count: Int
        ) throws(PostgresCheckpointError) -> Int64 {
            let limit = settings.patience
            let name = DatabaseText.encode(job)
            return try connection.transaction(isDurable: true, within: limit) { () throws(PostgresCheckpointError) in
                let run: Int64
                if let known {
                    run = known
                } else {
                    run = try begin(name, contents.runID, isRestart: isRestart, keeping: count)
                }
                let id = String(run)
                let jobFile = contents.jobFile.map(DatabaseText.encode)
                try connection.execute(
                    statements.pointTo,
                    [name, id, jobFile, contents.runID?.description],
                    within: limit
                )
                try connection.execute(statements.forgetEarlier, [name, id], within: limit)
                let tasks = PostgresArray.pairs(contents.states) { $0.description }
                let values = PostgresArray.pairs(contents.sharedDict) { DatabaseText.encodeJSON($0.rawValue) }
                let decisions = PostgresArray.pairs(contents.decisions) { DatabaseText.encodeJSON($0.rawValue) }
                let outputs = PostgresArray.pairs(contents.outputs) { DatabaseText.encodeJSON($0.rawValue) }
                let fingerprints = PostgresArray.pairs(contents.fingerprints, DatabaseText.encode)
                // In the order of the states.
                let attempts = contents.states.map { history?.attempt(of: $0.key, in: $0.value) }
                let columns = [
                    attempts.map { $0?.number.description },
                    attempts.map { $0?.startedAt?.description },
                    attempts.map { $0?.endedAt?.description },
                ]
                for (remove, store, rows, others) in [
                    (
                        statements.removeOtherTasks, statements.storeTasks, tasks,
                        columns.map { PostgresArray.literal($0.map { $0 ?? "" }) }
                    ),
                    (statements.removeOtherValues, statements.storeValues, values, []),
                    (statements.removeOtherDecisions, statements.storeDecisions, decisions, []),
                    (statements.removeOtherOutputs, statements.storeOutputs, outputs, []),
                    (statements.removeOtherFingerprints, statements.storeFingerprints, fingerprints, []),
                ] {
                    try connection.execute(remove, [id, rows.names], within: limit)
                    try connection.execute(store, [id, rows.names, rows.values] + others, within: limit)
                }
                return run
            }
        }

        private func begin(
            _ job: String,
            _ id: RunID?,
            isRestart: Bool,
            keeping count: Int
        ) throws(PostgresCheckpointError) -> Int64 {
            let limit = settings.patience
            // Whoever begins a run has the job's lock: the process of a run that is still open is dead.
            try connection.execute(statements.interruptOpen, [job], within: limit)
            let flag = isRestart ? "t" : "f"
            let parameters = [job, flag, PostgresSettings.hostName, String(getpid()), id?.description]
            let row = try connection.execute(statements.begin, parameters, within: limit).first
            guard let run = row?.first?.flatMap({ Int64($0) }) else { throw unreadable("the number of the run") }
            // The checkpoint of the run before is one more; it is needed until this one has its place.
            let old = try connection.execute(statements.old, [job, String(count)], within: limit)
            let ids = PostgresArray.literal(old.compactMap { $0.first ?? nil })
            if !old.isEmpty {
                for sql in statements.remove { try connection.execute(sql, [ids], within: limit) }
            }
            return run
        }

        /// Makes a restart of a job begin anew.
        ///
        /// - Parameter own: The run that ends with this, if it is the one whose checkpoint this is: it succeeded.
        func clear(_ job: String, endedBy own: Int64?) throws(PostgresCheckpointError) {
            let limit = settings.patience
            try connection.transaction(isDurable: true, within: limit) { () throws(PostgresCheckpointError) in
                let name = DatabaseText.encode(job)
                guard let run = try connection.execute(statements.clear, [name], within: limit).first?.first ?? nil
                else {
                    return
                }
                for sql in statements.removeResumption { try connection.execute(sql, [run], within: limit) }
                if run == own.map(String.init) {
                    try connection.execute(statements.end, [run, "succeeded"], within: limit)
                }
            }
        }

        /// Records how a run ended, unless that is known.
        func end(_ run: Int64, _ outcome: String) throws(PostgresCheckpointError) {
            try connection.execute(statements.end, [String(run), outcome], within: settings.patience)
        }

        /// Applies steps of a run, all at once.
        func append(
            _ entries: [JournalEntry],
            to run: Int64,
            of job: String,
            _ spellings: inout KeySpellings,
            _ holders: inout OutputHolders
        ) throws(PostgresCheckpointError) {
            let batch = JournalBatch(entries)
            let states = batch.states.map { (DatabaseText.encode($0), $1) }
            var (stored, removed): ([(String, String)], [String]) = ([], [])
            for (key, value) in batch.values {
                let name = DatabaseText.encode(spellings.stored(key))
                if let value {
                    stored.append((name, DatabaseText.encodeJSON(value.rawValue)))
                } else {
                    removed.append(name)
                }
                if value == nil { spellings.remove(key) }
            }
            let decisions = batch.decisions.map {
                (DatabaseText.encode($0), DatabaseText.encodeJSON($1.rawValue))
            }
            let outputs = batch.outputs.map { (DatabaseText.encode($0), DatabaseText.encodeJSON($1.rawValue)) }
            let withdrawn = batch.states.keys
                .filter { holders.note($0, hasOutputs: batch.outputs[$0] != nil) }
                .map(DatabaseText.encode)
            let rows = try connection.executePrepared(
                statements.append,
                [
                    String(run), DatabaseText.encode(job),
                    PostgresArray.literal(states.map(\.0)), PostgresArray.literal(states.map(\.1.state.description)),
                    PostgresArray.literal(states.map { String($0.1.attempt) }),
                    PostgresArray.literal(states.map { $0.1.hasBegun ? "t" : "f" }),
                    PostgresArray.literal(stored.map(\.0)), PostgresArray.literal(stored.map(\.1)),
                    PostgresArray.literal(removed),
                    PostgresArray.literal(decisions.map(\.0)), PostgresArray.literal(decisions.map(\.1)),
                    PostgresArray.literal(outputs.map(\.0)), PostgresArray.literal(outputs.map(\.1)),
                    PostgresArray.literal(withdrawn),
                ],
                within: settings.responseTimeout
            )
            guard rows.first?.first == "1" else { throw PostgresCheckpointError(.replaced(job: job), at: place) }
        }
    }
#endif
