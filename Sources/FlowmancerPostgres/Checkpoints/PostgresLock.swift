#if Postgres
    import FlowmancerCore
    import FlowmancerFaults
    import Glibc
    import Synchronization

    /// A lock on the checkpoint of a job: an advisory lock of a session of its own.
    ///
    /// The server frees it when the session ends, and that ends with the process. If the connection is lost, the lock
    /// is, too; ``ensure()`` takes it again, unless another run was faster.
    final class PostgresLock: CheckpointLock {
        private enum State {
            case held(PostgresConnection)
            case lost
            case released
        }

        private let job: String
        private let settings: PostgresSettings
        private let state: Mutex<State>

        private init(job: String, settings: PostgresSettings, connection: PostgresConnection) {
            self.job = job
            self.settings = settings
            state = Mutex(.held(connection))
        }

        /// Takes the lock.
        ///
        /// - Throws: `CheckpointLockedError` if another run has it.
        static func acquire(for job: String, _ settings: PostgresSettings) throws -> PostgresLock {
            let connection = try PostgresConnection(settings)
            FaultPoint.pass("lock.opened")
            if let holder = try take(job, connection, settings, isAgain: false) {
                throw CheckpointLockedError(name: job, holder: holder)
            }
            return PostgresLock(job: job, settings: settings, connection: connection)
        }

        func release() {
            FaultPoint.pass("lock.release")
            state.withLock { state in
                if case .held(let connection) = state {
                    // The end of the session would free it, too, but not at once.
                    let key = Self.key(job, settings)
                    _ = try? connection.execute(
                        "SELECT pg_advisory_unlock($1)",
                        [key],
                        within: settings.responseTimeout
                    )
                    connection.close()
                }
                state = .released
            }
            FaultPoint.pass("lock.removed")
        }

        /// Makes sure that the lock is held, and takes it again if its connection was lost.
        ///
        /// - Throws: ``PostgresError``, also if another run has it.
        func ensure() throws(PostgresError) {
            try state.withLock { state throws(PostgresError) in
                switch state {
                case .released:
                    return
                case .held(let connection):
                    do throws(PostgresError) {
                        try connection.execute("SELECT 1", within: settings.responseTimeout)
                        return
                    } catch {
                        guard connection.isBroken else { throw error }
                        connection.close()
                        state = .lost
                    }
                case .lost:
                    break
                }
                let connection = try PostgresConnection(settings)
                if let holder = try Self.take(job, connection, settings, isAgain: true) {
                    throw PostgresError(.lockLost(job: job, holder: holder), at: connection.place)
                }
                state = .held(connection)
            }
        }

        /// Has the server write everything to its disk that was committed before the call, by this session or another.
        func synchronize(_ run: Int64) throws(PostgresError) {
            let connection = try state.withLock { state throws(PostgresError) -> PostgresConnection? in
                switch state {
                case .held(let connection): return connection
                case .released: return nil
                case .lost: throw PostgresError(.lost("and with it the lock of the job"), at: job)
                }
            }
            guard let connection else { return }
            try Self.synchronize(run, connection, settings)
        }

        /// Has the server write everything to its disk that was committed before the call.
        static func synchronize(
            _ run: Int64,
            _ connection: PostgresConnection,
            _ settings: PostgresSettings
        ) throws(PostgresError) {
            let sql = PostgresStatements(settings).synchronize
            try connection.execute(sql, [String(run)], within: settings.patience)
        }

        // MARK: The server

        /// The number of a job's lock.
        static func key(_ job: String, _ settings: PostgresSettings) -> String {
            var hash = StableHash()
            hash.combine(bytes: "flowmancer\0\(settings.schema)\0\(job)".utf8)
            return String(Int64(bitPattern: UInt64(hash.hexadecimal, radix: 16) ?? 0))
        }

        /// How long the lock of a session that is about to end is waited for, in turns of 20 ms.
        private static let turns = (usual: 15, forDeadHolder: 250)

        /// - Parameter isAgain: Whether this process had the lock before: the server may not have noticed yet that the
        ///   session which it had it by is no more.
        /// - Returns: Who has the lock; `nil` if it was taken.
        private static func take(
            _ job: String,
            _ connection: PostgresConnection,
            _ settings: PostgresSettings,
            isAgain: Bool
        ) throws(PostgresError) -> String? {
            let key = key(job, settings)
            var turn = 0
            while true {
                let rows = try connection.execute("SELECT pg_try_advisory_lock($1)", [key], within: settings.patience)
                if rows.first?.first == "t" { return nil }
                guard let holder = try LockHolder.find(key, connection, within: settings.patience) else {
                    if turn > turns.forDeadHolder { return "its process is not known" }
                    turn += 1
                    usleep(20_000)
                    continue
                }
                if isAgain, holder.token == settings.token {
                    let sql = "SELECT pg_terminate_backend($1)"
                    try connection.execute(sql, [holder.backend], within: settings.patience)
                }
                let isEnding = holder.isDead || isAgain && holder.token == settings.token
                if turn > (isEnding ? turns.forDeadHolder : turns.usual) { return holder.description }
                turn += 1
                usleep(20_000)
            }
        }
    }
#endif
