#if Postgres
    import CPostgres
    import Glibc
    import Synchronization

    /// A session with the server.
    ///
    /// No call waits longer than it is told to: a server that does not answer in time counts as lost, and its
    /// connection is of no use from then on.
    final class PostgresConnection: Sendable {
        private struct State {
            /// `nil` once the connection was closed.
            var handle: OpaquePointer?
            var isBroken = false
            /// The statements that the server knows by their number.
            var prepared: [String: Int] = [:]
        }

        /// Where the server is, for people: `db.example.org:5432/jobs`.
        let place: String
        private let state: Mutex<State>

        /// Connects.
        init(_ settings: PostgresSettings) throws(PostgresError) {
            // What libpq would say about a URL that it cannot read shows it, with the password in it.
            if let url = settings.url {
                guard let options = PQconninfoParse(url, nil) else { throw PostgresError(.badURL, at: "url") }
                PQconninfoFree(options)
            }
            let keywords =
                settings.keywords + [("application_name", settings.applicationName), ("client_encoding", "UTF8")]
            guard let handle = Self.start(keywords) else {
                throw PostgresError(.failure("not enough memory for a connection"), at: "?")
            }
            let place = Self.place(of: handle)
            do throws(PostgresError) {
                try Self.finishConnecting(handle, place, within: settings.connectTimeout)
            } catch {
                PQfinish(handle)
                throw error
            }
            PQsetnonblocking(handle, 1)
            // Notices, such as that something exists already, are nobody's concern.
            PQsetNoticeReceiver(handle, { _, _ in }, nil)
            self.place = place
            state = Mutex(State(handle: handle))
        }

        deinit {
            state.withLock { PQfinish($0.handle) }
        }

        /// Whether nothing more can be asked.
        var isBroken: Bool { state.withLock { $0.isBroken || $0.handle == nil } }

        /// Ends the session.
        func close() {
            state.withLock { state in
                PQfinish(state.handle)
                state.handle = nil
            }
        }

        // MARK: Connecting

        private static func start(_ keywords: [(name: String, value: String)]) -> OpaquePointer? {
            var names = keywords.map { UnsafePointer(strdup($0.name)) } + [nil]
            var values = keywords.map { UnsafePointer(strdup($0.value)) } + [nil]
            defer { for text in names + values { free(UnsafeMutableRawPointer(mutating: text)) } }
            return PQconnectStartParams(&names, &values, 1)
        }

        private static func finishConnecting(
            _ handle: OpaquePointer,
            _ place: String,
            within limit: Duration
        ) throws(PostgresError) {
            let deadline = ContinuousClock.now + limit
            var step = PGRES_POLLING_WRITING
            guard PQstatus(handle) != CONNECTION_BAD else { throw connectError(handle, place) }
            while true {
                let isReady = waitFor(handle, step == PGRES_POLLING_READING ? POLLIN : POLLOUT, until: deadline)
                guard isReady else { throw PostgresError(.connectTimeout(limit), at: Self.place(of: handle)) }
                step = PQconnectPoll(handle)
                if step == PGRES_POLLING_OK { return }
                if step == PGRES_POLLING_FAILED { throw connectError(handle, place) }
            }
        }

        private static func connectError(_ handle: OpaquePointer, _ place: String) -> PostgresError {
            PostgresError(connecting: String(cString: PQerrorMessage(handle)), at: place)
        }

        private static func place(of handle: OpaquePointer) -> String {
            func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
            return "\(text(PQhost(handle))):\(text(PQport(handle)))/\(text(PQdb(handle)))"
        }

        /// Waits until the socket is ready for something.
        ///
        /// - Returns: `false` if that took too long.
        private static func waitFor(_ handle: OpaquePointer, _ events: Int32, until deadline: ContinuousClock.Instant)
            -> Bool
        {
            while true {
                let remaining = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
                guard remaining > 0 else { return false }
                var descriptor = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
                let result = poll(&descriptor, 1, Int32(min(remaining.rounded(.up), 60_000)))
                if result > 0 { return true }
                if result < 0, errno != EINTR { return true }
            }
        }

        // MARK: Asking

        /// Has the server execute a statement, and returns the rows of its answer as texts.
        @discardableResult
        func execute(
            _ sql: String,
            _ parameters: [String?] = [],
            within limit: Duration
        ) throws(PostgresError) -> [[String?]] {
            try perform(within: limit) { handle in
                var texts = parameters.map { text in text.map { UnsafePointer(strdup($0)) } ?? nil }
                defer { for text in texts { free(UnsafeMutableRawPointer(mutating: text)) } }
                return PQsendQueryParams(handle, sql, Int32(texts.count), nil, &texts, nil, nil, 0)
            }
        }

        /// Has the server execute several statements without parameters.
        func executeScript(_ sql: String, within limit: Duration) throws(PostgresError) {
            _ = try perform(within: limit) { PQsendQuery($0, sql) }
        }

        /// Has the server execute a statement that it is asked for again and again: it is analysed only once.
        @discardableResult
        func executePrepared(
            _ sql: String,
            _ parameters: [String?],
            within limit: Duration
        ) throws(PostgresError) -> [[String?]] {
            let (known, next) = state.withLock { ($0.prepared[sql], $0.prepared.count + 1) }
            let number = known ?? next
            if known == nil {
                _ = try perform(within: limit) { PQsendPrepare($0, "s\(number)", sql, 0, nil) }
                state.withLock { $0.prepared[sql] = number }
            }
            return try perform(within: limit) { handle in
                var texts = parameters.map { text in text.map { UnsafePointer(strdup($0)) } ?? nil }
                defer { for text in texts { free(UnsafeMutableRawPointer(mutating: text)) } }
                return PQsendQueryPrepared(handle, "s\(number)", Int32(texts.count), &texts, nil, nil, 0)
            }
        }

        /// Performs several statements as one: all of them have an effect, or none.
        ///
        /// - Parameter isDurable: Whether the server's disk has them when this returns.
        func transaction<Value>(
            isDurable: Bool,
            within limit: Duration,
            _ body: () throws(PostgresError) -> Value
        ) throws(PostgresError) -> Value {
            try executeScript("BEGIN", within: limit)
            do throws(PostgresError) {
                if isDurable { try executeScript("SET LOCAL synchronous_commit = on", within: limit) }
                let value = try body()
                try executeScript("COMMIT", within: limit)
                return value
            } catch {
                // One that cannot be undone ends with its connection.
                if !isBroken { try? executeScript("ROLLBACK", within: limit) }
                throw error
            }
        }

        private func perform(
            within limit: Duration,
            _ send: (OpaquePointer) -> Int32
        ) throws(PostgresError) -> [[String?]] {
            let deadline = ContinuousClock.now + limit
            return try state.withLock { state throws(PostgresError) in
                guard let handle = state.handle, !state.isBroken else {
                    throw PostgresError(.lost(""), at: place)
                }
                do throws(PostgresError) {
                    guard send(handle) == 1 else { throw lost(handle) }
                    try flush(handle, until: deadline, limit)
                    return try answer(handle, until: deadline, limit)
                } catch {
                    if error.isOfConnection || PQstatus(handle) == CONNECTION_BAD { state.isBroken = true }
                    throw error
                }
            }
        }

        private func flush(
            _ handle: OpaquePointer,
            until deadline: ContinuousClock.Instant,
            _ limit: Duration
        ) throws(PostgresError) {
            while true {
                switch PQflush(handle) {
                case 0: return
                case 1:
                    // The server may send before it has taken everything.
                    guard Self.waitFor(handle, POLLIN | POLLOUT, until: deadline) else {
                        throw PostgresError(.timeout(limit), at: place)
                    }
                    guard PQconsumeInput(handle) == 1 else { throw lost(handle) }
                default: throw lost(handle)
                }
            }
        }

        private func answer(
            _ handle: OpaquePointer,
            until deadline: ContinuousClock.Instant,
            _ limit: Duration
        ) throws(PostgresError) -> [[String?]] {
            var rows: [[String?]] = []
            var failure: PostgresError?
            while true {
                while PQisBusy(handle) == 1 {
                    guard Self.waitFor(handle, POLLIN, until: deadline) else {
                        throw PostgresError(.timeout(limit), at: place)
                    }
                    guard PQconsumeInput(handle) == 1 else { throw lost(handle) }
                }
                guard let result = PQgetResult(handle) else { break }
                defer { PQclear(result) }
                switch PQresultStatus(result) {
                case PGRES_TUPLES_OK: rows += Self.rows(of: result)
                case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
                default: failure = failure ?? PostgresError(result, at: place)
                }
            }
            if PQstatus(handle) == CONNECTION_BAD { throw lost(handle) }
            if let failure { throw failure }
            return rows
        }

        private static func rows(of result: OpaquePointer) -> [[String?]] {
            let columns = PQnfields(result)
            return (0..<PQntuples(result)).map { row in
                (0..<columns).map { column in
                    PQgetisnull(result, row, column) == 1 ? nil : String(cString: PQgetvalue(result, row, column))
                }
            }
        }

        private func lost(_ handle: OpaquePointer) -> PostgresError {
            PostgresError(.lost(String(cString: PQerrorMessage(handle))), at: place)
        }
    }
#endif
