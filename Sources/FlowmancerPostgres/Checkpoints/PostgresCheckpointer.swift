#if Postgres
    public import FlowmancerCore
    import FlowmancerFaults
    import Glibc

    /// Stores the progress of jobs in a PostgreSQL database.
    ///
    /// Every step of a run is committed before the engine acts on it, so a killed process loses nothing. Once a
    /// second, the server writes the steps to its disk. If the server becomes unavailable during a run, the run
    /// continues, and its progress is stored as soon as the server is back. While a job is running, a second run of
    /// the job is refused on every machine.
    ///
    /// Parameters that are not set are read from the environment (`PGHOST` and so on) and from `~/.pgpass`, as in all
    /// programs that use libpq.
    ///
    /// ```yaml
    /// checkpointer:
    ///   checkpointer: PostgresCheckpointer
    ///   parameters:
    ///     host: db.example.org
    ///     database: jobs
    ///     user: flowmancer
    ///     password: $ENV{DB_PASSWORD}
    ///     sslmode: verify-full
    /// ```
    public actor PostgresCheckpointer: FlowCheckpointer {
        public static let abstract = "Keeps checkpoints in a PostgreSQL database."

        /// The encryption of a connection, as in libpq.
        public enum SSLMode: String, Sendable, CaseIterable {
            /// The connection is not encrypted.
            case disable
            /// The connection is encrypted only if the server requires it.
            case allow
            /// The connection is encrypted if the server supports it.
            case prefer
            /// The connection is encrypted. The certificate of the server is not checked.
            case require
            /// The connection is encrypted. The certificate of the server must be signed by a trusted authority.
            case verifyCA = "verify-ca"
            /// As with ``verifyCA``, and the certificate must contain the host name.
            case verifyFull = "verify-full"
        }

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

        /// How long to wait until the server has recorded a step.
        @Parameter("How long to wait until the server has recorded a step.")
        package var responseTimeout = PostgresTimeout.seconds(5)

        private var store: PostgresStore?
        /// The runs that this instance records, and the locks that it took, by job.
        private var runs: [String: Int64] = [:]
        private var locks: [String: PostgresLock] = [:]
        private let connector = PostgresConnector()

        /// Creates a checkpointer with default parameters.
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
                responseTimeout: responseTimeout
            )
        }

        // MARK: Checkpoints

        /// Replaces the checkpoint of a job. It survives a power failure of the server when this method returns.
        public func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
            FaultPoint.pass("checkpoint.write")
            _ = try replace(contents, for: name, within: patience)
            FaultPoint.pass("checkpoint.written")
        }

        /// Returns the checkpoint of a job, with all recorded steps.
        ///
        /// - Throws: `NoCheckpointAvailableError`, or ``PostgresError``.
        public func readCheckpoint(for name: String) async throws -> CheckpointContents {
            guard let contents = try openStore(for: name, within: patience).read(name) else {
                throw NoCheckpointAvailableError(name)
            }
            return contents
        }

        /// Removes the checkpoint of a job.
        public func clearCheckpoint(for name: String) async throws {
            let store = try openStore(for: name, within: patience)
            FaultPoint.pass("checkpoint.remove")
            try store.clear(name)
            FaultPoint.pass("checkpoint.removed")
            runs[name] = nil
        }

        /// Locks the job until the run ends or its process dies.
        ///
        /// - Throws: `CheckpointLockedError` if another run of the job has the lock.
        public func acquireLock(for name: String) async throws -> (any CheckpointLock)? {
            // The tables are made first: who cannot make them is told before anything runs.
            _ = try openStore(for: name, within: patience)
            let lock = try PostgresLock.acquire(for: name, settings)
            locks[name] = lock
            FaultPoint.pass("lock.taken")
            return lock
        }

        /// Replaces the checkpoint of a job, and returns a journal for the steps that follow.
        public func openJournal(
            for name: String,
            startingFrom contents: CheckpointContents
        ) async throws -> (any CheckpointJournal)? {
            FaultPoint.pass("checkpoint.write")
            // The run waits for a journal that is opened anew: the next call finds what this one does not wait for.
            let limit = runs[name] == nil ? patience : Self.impatience
            let (store, run) = try replace(contents, for: name, within: limit)
            FaultPoint.pass("checkpoint.written")
            return PostgresCheckpointJournal(
                store,
                run: run,
                job: name,
                lock: locks[name],
                settings: settings,
                startingFrom: contents
            )
        }

        /// Closes the connection.
        public func onDestroy() async throws {
            runs = [:]
            locks = [:]
            store = nil
        }

        // MARK: The server

        /// How long a connection is waited for during a run.
        private static let impatience = Duration.milliseconds(500)
        /// How long it is waited for at the beginning and the end.
        private var patience: Duration { connectTimeout.value * 2 + responseTimeout.value }

        /// Returns a connection that works, as far as that is known, and makes sure that the job's lock is held if it
        /// was taken: it may have gone with its own connection, and nothing may be stored before it is clear that
        /// nobody else has it.
        private func openStore(for name: String, within limit: Duration) throws -> PostgresStore {
            let (known, lock, settings) = (store, locks[name], settings)
            // At the end of a run a server that is about to be ready is worth some of the time that the run has for that.
            let isLate = runs[name] != nil && limit == patience
            let deadline = ContinuousClock.now + (isLate ? runInfo.job.configuration.pluginGrace * 3 / 5 : .zero)
            let opened = try Self.retried(until: deadline) {
                try connector.connect(within: limit) {
                    try lock?.ensure()
                    if let known, !known.isBroken { return known }
                    return try PostgresStore(settings)
                }
            }
            guard let opened else { throw PostgresError(.connecting, at: known?.place ?? host?.value ?? "") }
            store = opened
            return opened
        }

        /// Tries again what fails because the server is not ready yet.
        private static func retried<Value>(
            until deadline: ContinuousClock.Instant,
            _ body: () throws -> Value
        ) throws -> Value {
            while true {
                do {
                    return try body()
                } catch let error as PostgresError where error.isOfServerStarting {
                    guard ContinuousClock.now < deadline else { throw error }
                    usleep(100_000)
                }
            }
        }

        private func replace(
            _ contents: CheckpointContents,
            for name: String,
            within limit: Duration
        ) throws -> (PostgresStore, Int64) {
            let store = try openStore(for: name, within: limit)
            let run = try store.replace(contents, of: name, run: runs[name])
            runs[name] = run
            return (store, run)
        }
    }
#endif
