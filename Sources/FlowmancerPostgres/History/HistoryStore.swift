#if Postgres
    import FlowmancerCore
    import FlowmancerDatabases
    import FlowmancerSystem
    import Synchronization

    /// The runs of a history, and the session by which they are read and written.
    final class HistoryStore: Sendable {
        private let connection: PostgresConnection
        private let settings: PostgresSettings
        private let statements: HistoryStatements

        /// Connects, and makes sure that there are tables.
        ///
        /// - Parameter isReader: Whether nothing is created where there is nothing at all.
        /// - Returns: `nil` if there is nothing.
        static func open(
            _ settings: PostgresSettings,
            isReader: Bool
        ) throws(PostgresError) -> HistoryStore? {
            let connection = try PostgresConnection(settings)
            if isReader {
                guard try PostgresSchema.exists(connection, settings) else { return nil }
            }
            try PostgresSchema.migrate(.history, connection, settings)
            return HistoryStore(connection, settings)
        }

        /// - Parameter connection: A session with a server that has the tables.
        init(_ connection: PostgresConnection, _ settings: PostgresSettings) {
            self.connection = connection
            self.settings = settings
            statements = HistoryStatements(settings)
        }

        var isBroken: Bool { connection.isBroken }
        var place: String { connection.place }

        /// Ends the session.
        func close() { connection.close() }

        /// How long the server may take. Nothing but the history waits for it.
        private var limit: Duration { settings.patience }

        // MARK: Recording

        /// Has the server keep the lock that shows that the run is under way, as long as the session lasts.
        ///
        /// - Returns: Whether that worked: a session of before, which is lost, may still have it.
        func lock(_ id: RunID) throws(PostgresError) -> Bool {
            // A machine that is switched off does not end its session: after half a minute, the server does.
            try connection.executeScript(
                "SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3",
                within: limit
            )
            let key = String(Self.key(id.description, settings))
            return try connection.execute("SELECT pg_try_advisory_lock($1)", [key], within: limit).first?.first == "t"
        }

        /// Gives up the lock of a run, and ends the session.
        func unlock() {
            // The end of the session would free it, too, but not at once.
            _ = try? connection.execute("SELECT pg_advisory_unlock_all()", within: limit)
            connection.close()
        }

        /// Puts a run on record.
        func begin(_ run: RunRecord, _ shape: RunShape) throws(PostgresError) {
            try connection.execute(
                statements.begin,
                [
                    run.id.description, DatabaseText.encode(run.jobName), String(run.startedAt.microsecondsSince1970),
                    DatabaseText.encodeJSON(run.json.rawValue), DatabaseText.encodeJSON(shape.json.rawValue),
                ],
                within: limit
            )
        }

        /// Puts a run on record, and removes the oldest runs of the job, as far as they are over.
        ///
        /// - Parameter count: How many runs are kept; `nil` for all.
        func begin(_ run: RunRecord, _ shape: RunShape, keeping count: Int?) throws {
            let result = try connection.transaction(isDurable: false, within: limit) {
                () throws(PostgresError) -> Result<Void, any Error> in
                try begin(run, shape)
                return Result { if let count { try tidy(run, keeping: max(0, count)) } }
            }
            try result.get()
        }

        private func tidy(_ run: RunRecord, keeping count: Int) throws {
            let (job, id) = (DatabaseText.encode(run.jobName), run.id.description)
            // Two that remove the same runs could wait for each other.
            let key = PostgresLock.key("tidy\0\(run.jobName)", settings)
            try connection.execute("SELECT pg_advisory_xact_lock($1)", [key], within: limit)
            let rows = try connection.execute(statements.old, [job, id], within: limit)
            let life = life
            // The run itself is one of those that are kept.
            let runs = try rows.enumerated().map { index, row in
                (number: row[0] ?? "", isOld: index + 1 >= count, isOver: try Self.isOver(row, life), row: row)
            }
            let removed = runs.filter { $0.isOld && $0.isOver }.map(\.number)
            // Other machines cannot see that a process of this one is gone.
            let gone = runs.filter { $0.isOver && !$0.isOld && $0.row[4] == nil }.map(\.number)
            if !gone.isEmpty {
                try connection.execute(statements.interrupt, [PostgresArray.literal(gone)], within: limit)
            }
            if !removed.isEmpty { try remove(removed) }
        }

        /// Stores events of a run, unless they are stored.
        ///
        /// - Returns: Whether the run is on record.
        func append(_ events: [RecordedEvent], to id: RunID) throws(PostgresError) -> Bool {
            let end = events.last?.conclusion == nil ? nil : events.last
            let rows = try connection.executePrepared(
                statements.append,
                [
                    id.description, PostgresArray.literal(events.map { String($0.number) }),
                    PostgresArray.literal(events.map { DatabaseText.encodeJSON($0.json.rawValue) }),
                    end?.conclusion.map { DatabaseText.encode($0.state.rawValue) },
                    end.map { String($0.time.microsecondsSince1970) },
                    end.map { DatabaseText.encodeJSON($0.json.rawValue) },
                ],
                within: limit
            )
            return rows.first?.first == "1"
        }

        /// Puts on record that the process of a run without an end is gone.
        func interrupt(_ id: RunID) throws(PostgresError) {
            guard let (number, _) = try shape(of: id) else { return }
            try connection.execute(statements.interrupt, [PostgresArray.literal([number])], within: limit)
        }

        /// Waits until the server's disk has what was committed before.
        func synchronize(_ id: RunID) throws(PostgresError) {
            try connection.transaction(isDurable: true, within: limit) { () throws(PostgresError) in
                _ = try connection.execute(statements.synchronize, [id.description], within: limit)
            }
        }

        // MARK: Removing

        /// Removes a run.
        ///
        /// - Throws: `RunUnderWayError` if it is, or may be, under way.
        func remove(_ id: RunID) throws {
            guard let row = try connection.execute(statements.own, [id.description], within: limit).first else {
                return
            }
            guard try Self.isOver(row, life) else { throw RunUnderWayError(id) }
            try connection.transaction(isDurable: false, within: limit) { () throws(PostgresError) in
                try remove([row[0] ?? ""])
            }
        }

        private func remove(_ numbers: [String]) throws(PostgresError) {
            for sql in statements.remove {
                try connection.execute(sql, [PostgresArray.literal(numbers)], within: limit)
            }
        }

        private static func isOver(_ row: [String?], _ life: (RunRecord) throws -> ProcessLife) throws -> Bool {
            // Of a run that cannot be read it is only known whether there is an end.
            guard let run = try stored(Array(row.dropFirst())).run(life: life) else { return row[4] != nil }
            return run.isOver
        }

        // MARK: Reading

        /// Returns the runs that a query asks for.
        func runs(_ query: RunQuery) throws -> RunPage {
            let runs = self.runs
            var rest = query
            var portion: ArraySlice<StoredRun> = []
            var isLast = false
            // Most pages are full after the first portion, which has one more to see that there is a next page.
            let size = max(1, min(query.limit, 1_000)) + 1
            let page = try runs.page(query) {
                if portion.isEmpty, !isLast {
                    let (sql, arguments) = statements.find(rest, atMost: size)
                    portion = try connection.execute(sql, arguments, within: limit).map(Self.stored)[...]
                    isLast = portion.count < size
                    rest.before = portion.last.flatMap { RunID($0.id) } ?? rest.before
                    if portion.last.map({ RunID($0.id) == nil }) == true { isLast = true }
                }
                return portion.popFirst()
            }
            return try runs.confirmed(page, query)
        }

        /// Returns what is known of a run; `nil` if there is none.
        func run(_ id: RunID) throws -> KeptRun? { try runs.run(id) }

        /// Returns the number of a run and the tasks that it began with, which are `nil` if that is damaged; `nil` if there is
        /// none.
        func shape(of id: RunID) throws(PostgresError) -> (number: String, shape: RunShape?)? {
            guard let row = try connection.execute(statements.shape, [id.description], within: limit).first,
                let number = row[0]
            else { return nil }
            return (number, row[1].flatMap { RunShape(json: JSONText(rawValue: $0)) })
        }

        /// Returns the events of a run that follow on one.
        func events(
            of run: String,
            after number: Int,
            atMost count: Int
        ) throws(PostgresError) -> [EventPassage.Row] {
            let parameters = [run, String(number), String(count)]
            return try connection.executePrepared(statements.events, parameters, within: limit).map { row in
                EventPassage.Row(number: row[0].flatMap { Int($0) } ?? 0, json: row[1] ?? "")
            }
        }

        private static func stored(_ row: [String?]) -> StoredRun {
            StoredRun(
                id: row[0] ?? "",
                record: row[1] ?? "",
                conclusion: row[2],
                isInterrupted: row[3] == RunState.interrupted.rawValue
            )
        }

        private var runs: StoredRuns {
            StoredRuns(at: "the database '\(place)'", life: life) { [self] id in
                try connection.execute(statements.find, [id.description], within: limit).first.map(Self.stored)
            }
        }

        /// Finds out whether the process of a run is alive.
        ///
        /// A session that has the lock of a run is one of its process. That none has it proves nothing: the connection may be
        /// lost, and the run go on. Then only the run's own machine shows whether its process is gone.
        private var life: (RunRecord) throws -> ProcessLife {
            var locks: Set<Int64>?
            return { [self] run in
                let held = try locks ?? lockKeys()
                locks = held
                return held.contains(Self.key(run.id.description, settings)) ? .alive : run.lifeHere
            }
        }

        private func lockKeys() throws(PostgresError) -> Set<Int64> {
            let rows = try connection.execute(statements.locks, within: limit)
            return Set(rows.compactMap { $0.first.flatMap { $0 }.flatMap { Int64($0) } })
        }

        /// The number of a run's lock.
        private static func key(_ id: String, _ settings: PostgresSettings) -> Int64 {
            Int64(PostgresLock.key("run\0\(id)", settings)) ?? 0
        }
    }
#endif
