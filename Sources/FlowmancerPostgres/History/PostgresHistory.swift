#if Postgres
    public import FlowmancerCore
    import Synchronization

    /// Keeps runs in a PostgreSQL database, for several machines.
    ///
    /// Events are committed at most a tenth of a second after they happened. If the server becomes unavailable during a
    /// run, the run continues, and its events are stored as soon as the server is back. Any number of runs and readers use
    /// the database at the same time.
    ///
    /// Parameters that are not set are read from the environment (`PGHOST` and so on) and from `~/.pgpass`, as in all
    /// programs that use libpq.
    ///
    /// ```yaml
    /// history:
    ///   history: PostgresHistory
    ///   parameters:
    ///     host: db.example.org
    ///     database: jobs
    ///     user: flowmancer
    ///     password: $ENV{DB_PASSWORD}
    ///     sslmode: verify-full
    /// ```
    public actor PostgresHistory: FlowHistory {
        public static let abstract = "Keeps runs in a PostgreSQL database."

        /// The encryption of a connection, as in libpq.
        public typealias SSLMode = PostgresCheckpointer.SSLMode

        /// The name or address of the server, or the directory of its socket.
        @Parameter("The name or address of the server, or the directory of its socket.")
        package var host: PostgresText?

        /// The port of the server.
        @Parameter("The port of the server.")
        public var port: Int?

        /// The name of the database.
        @Parameter("The name of the database.")
        package var database: PostgresText?

        /// The user name.
        @Parameter("The user name.")
        package var user: PostgresText?

        /// The password of the user.
        @Parameter(.secret, "The password of the user.")
        package var password: PostgresText?

        /// All of the above as one URL: `postgresql://user:password@host:port/database`.
        @Parameter(.secret, "All of the above as one URL: postgresql://user:password@host:port/database")
        package var url: PostgresText?

        /// The encryption of the connection.
        @Parameter("How to encrypt the connection.")
        public var sslmode: SSLMode?

        /// A file with the certificate authorities to trust.
        @Parameter("A file with the certificate authorities to trust.")
        package var sslrootcert: PostgresText?

        /// The schema for the tables. It is created if it is missing.
        @Parameter("The schema for the tables. It is created if it is missing.")
        package var schema = PostgresText.standardSchema

        /// How long to wait for a connection.
        @Parameter("How long to wait for a connection.")
        package var connectTimeout = PostgresTimeout.seconds(10)

        /// How many runs of each job are kept. A negative number keeps all of them.
        @Parameter("How many runs of each job are kept; a negative number keeps all of them.")
        public var keepRuns = 50

        /// The session of those who read, which is opened when it is needed.
        private let readers = ReadingSession()

        /// Creates a history with default parameters.
        public init() {}

        private var settings: PostgresSettings {
            PostgresSettings(
                url: url,
                values: [
                    ("host", host?.value), ("port", port.map(String.init)), ("dbname", database?.value),
                    ("user", user?.value), ("password", password?.value), ("sslmode", sslmode?.rawValue),
                    ("sslrootcert", sslrootcert?.value),
                ],
                schema: schema,
                connectTimeout: connectTimeout,
                responseTimeout: .seconds(5)
            )
        }

        /// Puts a new run on record, and removes the oldest runs of the job if there are too many.
        public func beginRun(_ run: RunRecord, _ shape: RunShape) async throws -> (any RunRecorder)? {
            try PostgresRunRecorder.begin(run, shape, settings, keeping: keepRuns < 0 ? nil : keepRuns)
        }

        /// Returns runs, the newest first.
        public func runs(_ query: RunQuery) async throws -> RunPage {
            try readers.store(settings)?.runs(query) ?? RunPage()
        }

        /// Opens a run.
        public func openRun(_ id: RunID, after number: Int) async throws -> (any RunReader)? {
            let (readers, settings) = (readers, settings)
            guard let store = try readers.store(settings), let (run, tasks) = try store.shape(of: id) else {
                return nil
            }
            let place = "the database '\(store.place)'"
            return PostgresRunReader(id, run, tasks, at: place, after: number) { try readers.store(settings) }
        }

        /// Removes a run.
        public func removeRun(_ id: RunID) async throws { try readers.store(settings)?.remove(id) }

        /// Closes the connection.
        public func onDestroy() async throws { readers.close() }
    }

    /// The session of those who read from a history. It is opened anew if it was lost.
    private final class ReadingSession: Sendable {
        private let current = Mutex<HistoryStore?>(nil)

        /// - Returns: `nil` if there is no history.
        func store(_ settings: PostgresSettings) throws(PostgresError) -> HistoryStore? {
            try current.withLock { current throws(PostgresError) in
                if let current, !current.isBroken { return current }
                current = try HistoryStore.open(settings, isReader: true)
                return current
            }
        }

        func close() {
            current.withLock { current in
                current?.close()
                current = nil
            }
        }
    }
#endif
