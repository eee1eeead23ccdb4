import FlowmancerCore
import FlowmancerDatabases
import GRDB

/// What is stored of a run so that another can go on from it.
enum CheckpointTable {
    /// Returns the run that a restart of a job goes on from.
    static func run(of job: String, _ db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: "SELECT run FROM checkpoints WHERE job = ?",
            arguments: [DatabaseText.encode(job)]
        )
    }

    /// Looks for damage of the file that no row shows: what somebody wrote into the middle of it.
    static func checkIntegrity(_ place: DatabasePlace, _ db: Database) throws {
        // A history in the same file, which may be large, has checksums for all that is read of it.
        let tables = try HistorySchema.exists(db) ? StoredRow.Kind.allTables + ["checkpoints", "sqlite_schema"] : [nil]
        for table in tables {
            let sql = "PRAGMA integrity_check(\(table ?? "1"))"
            let finding = try String.fetchOne(db, sql: sql) ?? "no answer"
            guard finding == "ok" else { throw SQLiteDatabaseError(.damagedFile(finding), at: place) }
        }
    }

    /// Returns the checkpoint of a job; `nil` if there is none.
    ///
    /// - Throws: ``SQLiteDatabaseError`` if a row is missing, or not as it was written.
    static func read(_ name: String, _ place: DatabasePlace, _ db: Database) throws -> CheckpointContents? {
        let checkpoint: CheckpointRow
        do {
            guard let found = try CheckpointRow.find(name, db) else { return nil }
            checkpoint = found
        } catch is CheckpointRow.Damaged {
            throw SQLiteDatabaseError(.damagedRow("the entry that names the last run", completed: []), at: place)
        }
        let run = checkpoint.run
        var contents = CheckpointContents(name: name, runID: checkpoint.runID)
        var damaged: String?
        if let path = checkpoint.jobFile {
            contents.jobFile = DatabaseText.decode(path)
            if contents.jobFile == nil { damaged = "the path of the job file" }
        }
        for row in try StoredRow.all(.tasks, of: run, db) {
            if row.isIntact, let task = DatabaseText.decode(row.name), let state = ExecutionState(row.value) {
                contents.states[task] = state
            } else {
                damaged = damaged ?? "the state of the task '\(row.name)'"
            }
        }
        for row in try StoredRow.all(.sharedValues, of: run, db) {
            if row.isIntact, let key = DatabaseText.decode(row.name) {
                contents.sharedDict[key] = JSONText(rawValue: row.value)
            } else {
                damaged = damaged ?? "the shared value '\(row.name)'"
            }
        }
        for row in try StoredRow.all(.decisions, of: run, db) {
            if row.isIntact, let task = DatabaseText.decode(row.name) {
                contents.decisions[task] = JSONText(rawValue: row.value)
            } else {
                damaged = damaged ?? "the decision about the task '\(row.name)'"
            }
        }
        for row in try StoredRow.all(.outputs, of: run, db) {
            if row.isIntact, let task = DatabaseText.decode(row.name) {
                contents.outputs[task] = JSONText(rawValue: row.value)
            } else {
                damaged = damaged ?? "the outputs of the task '\(row.name)'"
            }
        }
        for row in try StoredRow.all(.fingerprints, of: run, db) {
            if row.isIntact, let task = DatabaseText.decode(row.name), let value = DatabaseText.decode(row.value) {
                contents.fingerprints[task] = value
            } else {
                damaged = damaged ?? "the fingerprint of the task '\(row.name)'"
            }
        }
        let hasAll = contents.states.count >= checkpoint.tasks && contents.fingerprints.count == checkpoint.fingerprints
        if try !hasAll || hasStrays(db) { damaged = damaged ?? "the number of rows" }
        if let damaged {
            let completed = contents.states.filter { $0.value == .completed }.map(\.key)
            throw SQLiteDatabaseError(.damagedRow(damaged, completed: completed), at: place)
        }
        return contents
    }

    /// Whether there are rows that belong to no checkpoint: they may be missing in another.
    private static func hasStrays(_ db: Database) throws -> Bool {
        try StoredRow.Kind.allCases.contains { try StoredRow.hasStrays($0, db) }
    }

    /// Makes a run the one that a restart goes on from, and its rows those of the contents; only what differs is
    /// written.
    static func replace(_ run: CurrentRun, with contents: CheckpointContents, _ db: Database) throws {
        let previous = try Self.run(of: run.job, db)
        let row = CheckpointRow(
            job: DatabaseText.encode(run.job),
            run: run.id,
            tasks: contents.states.count,
            fingerprints: contents.fingerprints.count,
            jobFile: contents.jobFile.map(DatabaseText.encode),
            runID: contents.runID
        )
        try row.store(db)
        if let previous, previous != run.id { try remove(previous, db) }
        if !run.isComplete {
            for kind in StoredRow.Kind.allCases { try StoredRow.removeAll(kind, of: run.id, db) }
        }
        let values = contents.sharedDict.mapValues { DatabaseText.encodeJSON($0.rawValue) }
        let decisions = contents.decisions.mapValues { DatabaseText.encodeJSON($0.rawValue) }
        let outputs = contents.outputs.mapValues { DatabaseText.encodeJSON($0.rawValue) }
        let fingerprints = contents.fingerprints.mapValues(DatabaseText.encode)
        try replace(.tasks, contents.states.mapValues(\.description), run.id, db)
        try replace(.sharedValues, values, run.id, db)
        try replace(.decisions, decisions, run.id, db)
        try replace(.outputs, outputs, run.id, db)
        try replace(.fingerprints, fingerprints, run.id, db)
    }

    private static func replace(
        _ kind: StoredRow.Kind,
        _ values: [String: String],
        _ run: Int64,
        _ db: Database
    ) throws {
        var old: [String: StoredRow] = [:]
        for row in try StoredRow.all(kind, of: run, db) { old[row.name] = row }
        for (name, value) in values {
            let row = StoredRow(run: run, name: DatabaseText.encode(name), value: value)
            guard let before = old.removeValue(forKey: row.name) else {
                try row.store(kind, db)
                continue
            }
            // Two spellings of a name are one key here, but not in the table.
            if Array(before.name.utf8) != Array(row.name.utf8) { try before.remove(kind, db) }
            if before != row { try row.store(kind, db) }
        }
        for row in old.values { try row.remove(kind, db) }
    }

    /// Applies a step of a run.
    static func apply(
        _ entry: JournalEntry,
        to run: Int64,
        _ spellings: inout KeySpellings,
        _ holders: inout OutputHolders,
        _ db: Database
    ) throws {
        func row(_ name: String, _ value: String) -> StoredRow {
            StoredRow(run: run, name: DatabaseText.encode(name), value: value)
        }
        let json = entry.value.map { DatabaseText.encodeJSON($0.rawValue) } ?? ""
        switch entry.kind {
        case .state:
            guard let state = entry.state else { return }
            try row(entry.name, state.description).store(.tasks, db)
            if entry.value != nil { try row(entry.name, json).store(.outputs, db) }
            if holders.note(entry.name, hasOutputs: entry.value != nil) { try row(entry.name, "").remove(.outputs, db) }
        case .set:
            try row(spellings.stored(entry.name), json).store(.sharedValues, db)
        case .remove:
            try row(spellings.stored(entry.name), "").remove(.sharedValues, db)
            spellings.remove(entry.name)
        case .decision:
            try row(entry.name, json).store(.decisions, db)
        default:
            break
        }
    }

    /// Makes a restart of a job begin anew.
    ///
    /// - Parameter own: The run that ends with this, if it is the one whose checkpoint this is.
    static func clear(_ job: String, endedBy own: CurrentRun?, _ db: Database) throws {
        guard let run = try Self.run(of: job, db) else { return }
        try db.execute(sql: "DELETE FROM checkpoints WHERE job = ?", arguments: [DatabaseText.encode(job)])
        try remove(run, db)
        if let own, own.id == run { return }
        // On request. Rows that belong to no checkpoint would keep all jobs from restarting.
        for kind in StoredRow.Kind.allCases { try StoredRow.removeStrays(kind, db) }
    }

    /// Removes everything that is stored of a run that is no longer that of a checkpoint.
    private static func remove(_ run: Int64, _ db: Database) throws {
        // An entry that is damaged may have named the run of another job.
        let sql = "SELECT EXISTS (SELECT 1 FROM checkpoints WHERE run = ?)"
        if try Bool.fetchOne(db, sql: sql, arguments: [run]) ?? false { return }
        for kind in StoredRow.Kind.allCases { try StoredRow.removeAll(kind, of: run, db) }
        try CurrentRun.remove(run, db)
    }
}
