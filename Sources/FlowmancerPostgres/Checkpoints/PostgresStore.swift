#if Postgres
    import FlowmancerCore
    import FlowmancerDatabases
    import Glibc

    /// What is stored of checkpoints, and the session by which it is.
    final class PostgresStore: Sendable {
        private let connection: PostgresConnection
        private let settings: PostgresSettings
        private let statements: PostgresStatements

        /// Connects, and makes sure that there are tables.
        init(_ settings: PostgresSettings) throws(PostgresError) {
            connection = try PostgresConnection(settings)
            self.settings = settings
            statements = PostgresStatements(settings)
            // A commit waits for nothing but the server's memory: it outlives this process, and the journal has the
            // server write to its disk once a second.
            try connection.executeScript("SET synchronous_commit = off", within: settings.patience)
            try PostgresSchema.migrate(.checkpoints, connection, settings)
        }

        var isBroken: Bool { connection.isBroken }
        var place: String { connection.place }

        /// Returns the checkpoint of a job; `nil` if there is none.
        func read(_ job: String) throws(PostgresError) -> CheckpointContents? {
            let limit = settings.patience
            return try connection.transaction(isDurable: false, within: limit) { () throws(PostgresError) in
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

        private func pairs(_ sql: String, _ run: String) throws(PostgresError) -> [(String, String)] {
            var result: [(String, String)] = []
            for row in try connection.execute(sql, [run], within: settings.patience) {
                guard row.count == 2, let first = row[0].flatMap(DatabaseText.decode), let second = row[1] else {
                    throw unreadable("the name '\(row.first.flatMap { $0 } ?? "")'")
                }
                result.append((first, second))
            }
            return result
        }

        private func unreadable(_ what: String) -> PostgresError {
            PostgresError(
                .failure("\(what) was not written by Flowmancer; use --discard-checkpoint"),
                at: place
            )
        }

        /// Makes the contents those of a run, and the run the one that a restart goes on from.
        ///
        /// - Parameter known: The run, if it is on record already.
        /// - Returns: The run.
        func replace(
            _ contents: CheckpointContents,
            of job: String,
            run known: Int64?
        ) throws(PostgresError) -> Int64 {
            let limit = settings.patience
            let name = DatabaseText.encode(job)
            return try connection.transaction(isDurable: true, within: limit) { () throws(PostgresError) in
                let run: Int64
                if let known {
                    run = known
                } else {
                    run = try begin(name)
                }
                let id = String(run)
                let jobFile = contents.jobFile.map(DatabaseText.encode)
                try connection.execute(
                    statements.pointTo,
                    [name, id, jobFile, contents.runID?.description],
                    within: limit
                )
                for sql in statements.forgetEarlier { try connection.execute(sql, [name, id], within: limit) }
                let tasks = PostgresArray.pairs(contents.states) { $0.description }
                let values = PostgresArray.pairs(contents.sharedDict) { DatabaseText.encodeJSON($0.rawValue) }
                let decisions = PostgresArray.pairs(contents.decisions) { DatabaseText.encodeJSON($0.rawValue) }
                let outputs = PostgresArray.pairs(contents.outputs) { DatabaseText.encodeJSON($0.rawValue) }
                let fingerprints = PostgresArray.pairs(contents.fingerprints, DatabaseText.encode)
                for (remove, store, rows) in [
                    (statements.removeOtherTasks, statements.storeTasks, tasks),
                    (statements.removeOtherValues, statements.storeValues, values),
                    (statements.removeOtherDecisions, statements.storeDecisions, decisions),
                    (statements.removeOtherOutputs, statements.storeOutputs, outputs),
                    (statements.removeOtherFingerprints, statements.storeFingerprints, fingerprints),
                ] {
                    try connection.execute(remove, [id, rows.names], within: limit)
                    try connection.execute(store, [id, rows.names, rows.values], within: limit)
                }
                return run
            }
        }

        private func begin(_ job: String) throws(PostgresError) -> Int64 {
            let parameters = [job, PostgresSettings.hostName, String(getpid())]
            let row = try connection.execute(statements.begin, parameters, within: settings.patience).first
            guard let run = row?.first?.flatMap({ Int64($0) }) else { throw unreadable("the number of the run") }
            return run
        }

        /// Makes a restart of a job begin anew.
        func clear(_ job: String) throws(PostgresError) {
            let limit = settings.patience
            try connection.transaction(isDurable: true, within: limit) { () throws(PostgresError) in
                let name = DatabaseText.encode(job)
                guard let run = try connection.execute(statements.clear, [name], within: limit).first?.first ?? nil
                else {
                    return
                }
                for sql in statements.remove { try connection.execute(sql, [run], within: limit) }
            }
        }

        /// Applies steps of a run, all at once.
        func append(
            _ entries: [JournalEntry],
            to run: Int64,
            of job: String,
            _ spellings: inout KeySpellings,
            _ holders: inout OutputHolders
        ) throws(PostgresError) {
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
                    PostgresArray.literal(states.map(\.0)), PostgresArray.literal(states.map(\.1.description)),
                    PostgresArray.literal(stored.map(\.0)), PostgresArray.literal(stored.map(\.1)),
                    PostgresArray.literal(removed),
                    PostgresArray.literal(decisions.map(\.0)), PostgresArray.literal(decisions.map(\.1)),
                    PostgresArray.literal(outputs.map(\.0)), PostgresArray.literal(outputs.map(\.1)),
                    PostgresArray.literal(withdrawn),
                ],
                within: settings.responseTimeout
            )
            guard rows.first?.first == "1" else { throw PostgresError(.replaced(job: job), at: place) }
        }
    }
#endif
