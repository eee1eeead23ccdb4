#if Postgres
    public import FlowmancerCore
    import FlowmancerFaults
    package import FlowmancerPlugins
    import Glibc

    /// Keeps the progress of jobs, and their past runs, in a PostgreSQL database.
    ///
    /// Every step of a run is committed before the engine acts on it, so that a process that is killed at any instant loses
    /// nothing; once a second the server is made to write what it was given to its disk. If the server goes away in the
    /// middle of a run, the run goes on, and everything is stored as soon as the server is back. A second run of a job is
    /// refused while one is under way, on whichever machine.
    ///
    /// What is not given is taken from the environment (`PGHOST` and so on) and from `~/.pgpass`, as with all programs that
    /// use libpq.
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
        public static let abstract = "Keeps checkpoints and the history of runs in a PostgreSQL database."

        /// How a connection is encrypted, in the words of libpq.
        public enum SSLMode: String, Sendable, CaseIterable {
            /// Never.
            case disable
            /// Only if the server asks for it.
            case allow
            /// If the server can.
            case prefer
            /// Always, whoever the server is.
            case require
            /// Always, and the server's certificate comes from an authority that is trusted.
            case verifyCA = "verify-ca"
            /// Always, and the certificate is that of the host.
            case verifyFull = "verify-full"
        }

        /// The name or address of the server, or the directory of its socket.
        @Parameter("The name or address of the server, or the directory of its socket.")
        package var host: PostgresText?

        /// The port of the server.
        @Parameter("The port of the server.")
        public var port: Int?

        /// The database.
        @Parameter("The database.")
        package var database: PostgresText?

        /// Who connects.
        @Parameter("Who connects.")
        package var user: PostgresText?

        /// The password of the user.
        @Parameter(.secret, "The password of the user.")
        package var password: PostgresText?

        /// All of these in one: `postgresql://user:password@host:port/database`.
        @Parameter(.secret, "All of these in one: postgresql://user:password@host:port/database")
        package var url: PostgresText?

        /// How the connection is encrypted.
        @Parameter("How the connection is encrypted.")
        public var sslmode: SSLMode?

        /// The certificates of the authorities that are trusted.
        @Parameter("The file with the certificates of the authorities that are trusted.")
        package var sslrootcert: PostgresText?

        /// The schema that holds the tables; it is created if it is missing.
        @Parameter("The schema that holds the tables; it is created if it is missing.")
        package var schema = PostgresText.standardSchema

        /// How long a connection may take.
        @Parameter("How long a connection may take.")
        package var connectTimeout = PostgresTimeout.seconds(10)

        /// How long the run waits for the server to record a step.
        @Parameter("How long the run waits for the server to record a step.")
        package var responseTimeout = PostgresTimeout.seconds(5)

        @Parameter("How many runs of a job are kept, the present one included; at least 1.")
        package var keepRuns = RunCount.standard

        private var store: PostgresStore?
        /// The runs that this instance records, and the locks that it took, by job.
        private var runs: [String: Int64] = [:]
        private var locks: [String: PostgresLock] = [:]
        /// What was recorded of the tasks of these runs, by job.
        private var histories: [String: AttemptHistory] = [:]
        private var isRestart = false
        private let connector = PostgresConnector()

        /// Creates a checkpointer with default parameters.
        public init() {}

        private var settings: PostgresSettings {
            PostgresSettings(
                url: url?.value,
                values: [
                    ("host", host?.value), ("port", port.map(String.init)), ("dbname", database?.value),
                    ("user", user?.value), ("password", password?.value), ("sslmode", sslmode?.rawValue),
                    ("sslrootcert", sslrootcert?.value),
                ],
                schema: schema.value,
                connectTimeout: connectTimeout.value,
                responseTimeout: responseTimeout.value
            )
        }

        // MARK: Checkpoints

        /// Replaces what is stored of a job's run; it survives a power failure of the server when this returns.
        public func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
            FaultPoint.pass("checkpoint.write")
            _ = try replace(contents, for: name, within: patience)
            FaultPoint.pass("checkpoint.written")
        }

        /// Returns the progress of the last run of a job, with everything that was recorded of it.
        ///
        /// - Throws: `NoCheckpointAvailableError`, or ``PostgresCheckpointError``.
        public func readCheckpoint(for name: String) async throws -> CheckpointContents {
            guard let contents = try openStore(for: name, within: patience).read(name) else {
                throw NoCheckpointAvailableError(name)
            }
            return contents
        }

        /// Removes the checkpoint of a job; that the run took place stays on record.
        public func clearCheckpoint(for name: String) async throws {
            let store = try openStore(for: name, within: patience)
            FaultPoint.pass("checkpoint.remove")
            try store.clear(name, endedBy: runs[name])
            FaultPoint.pass("checkpoint.removed")
            runs[name] = nil
            histories[name] = nil
        }

        /// Refuses a second run of a job until the first one ends or dies.
        public func acquireLock(for name: String) async throws -> (any CheckpointLock)? {
            // The tables are made first: who cannot make them is told before anything runs.
            _ = try openStore(for: name, within: patience)
            let lock = try PostgresLock.acquire(for: name, settings)
            locks[name] = lock
            FaultPoint.pass("lock.taken")
            return lock
        }

        /// Replaces what is stored of a job's run, and returns a journal of what follows.
        public func openJournal(
            for name: String,
            startingFrom contents: CheckpointContents
        ) async throws -> (any CheckpointJournal)? {
            FaultPoint.pass("checkpoint.write")
            // The run waits for a journal that is opened anew: the next call finds what this one does not wait for.
            let limit = runs[name] == nil ? patience : Self.impatience
            let (store, run) = try replace(contents, for: name, within: limit)
            FaultPoint.pass("checkpoint.written")
            let history = histories[name] ?? AttemptHistory()
            histories[name] = history
            return PostgresCheckpointJournal(
                store,
                run: run,
                job: name,
                history: history,
                lock: locks[name],
                settings: settings,
                keys: contents.sharedDict.keys
            )
        }

        // MARK: The life of a run

        /// Notes that the next run goes on from an earlier one.
        public func onRestart() async throws { isRestart = true }

        /// Notes how the run ended.
        public func onSuccess() async throws { try end("succeeded") }

        /// Notes how the run ended.
        public func onFailure() async throws { try end("failed") }

        /// Notes how the run ended.
        public func onAbort() async throws { try end("aborted") }

        /// Closes the connection.
        public func onDestroy() async throws {
            runs = [:]
            histories = [:]
            locks = [:]
            store = nil
        }

        private func end(_ outcome: String) throws {
            for (name, run) in runs { try openStore(for: name, within: patience).end(run, outcome) }
        }

        // MARK: The server

        /// How long a connection is waited for during a run.
        private static let impatience = Duration.milliseconds(500)
        /// How long it is waited for at the beginning and the end.
        private var patience: Duration { connectTimeout.value * 2 + responseTimeout.value }

        /// Returns a connection that works, as far as that is known, and makes sure that the job's lock is held if it was
        /// taken: it may have gone with its own connection, and nothing may be stored before it is clear that nobody else
        /// has it.
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
            guard let opened else { throw PostgresCheckpointError(.connecting, at: known?.place ?? host?.value ?? "") }
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
                } catch let error as PostgresCheckpointError where error.isOfServerStarting {
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
            let count = keepRuns.value
            let run = try store.replace(
                contents,
                of: name,
                run: runs[name],
                history: histories[name],
                isRestart: isRestart,
                keeping: count
            )
            runs[name] = run
            return (store, run)
        }
    }
#endif
