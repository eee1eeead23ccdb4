#if Postgres
    import Glibc

    /// The session that has a lock, as the server describes it.
    struct LockHolder: CustomStringConvertible {
        /// The number of its process on the server.
        let backend: String
        private let application: [Substring]
        private let since: String

        /// Returns who has a lock; `nil` if nobody has it any more.
        static func find(
            _ key: String,
            _ connection: PostgresConnection,
            within limit: Duration
        ) throws(PostgresError) -> LockHolder? {
            let sql = """
                SELECT l.pid, a.application_name, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS')
                FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    AND (l.classid::bigint << 32) | l.objid::bigint = $1::bigint
                """
            guard let row = try connection.execute(sql, [key], within: limit).first, row.count == 3,
                let backend = row[0]
            else { return nil }
            return LockHolder(
                backend: backend,
                application: (row[1] ?? "").split(separator: " ", maxSplits: 3),
                since: row[2] ?? ""
            )
        }

        /// The process that has the session, if that is one of Flowmancer's.
        private var process: pid_t? {
            application.count == 4 && application[0] == "flowmancer" ? pid_t(application[1]) : nil
        }

        /// Which instance has the session.
        var token: String { application.count == 4 ? String(application[2]) : "" }

        /// Whether the process was one of this machine, and is no more: the server is about to notice.
        var isDead: Bool {
            guard let process, application[3] == PostgresSettings.hostName.prefix(application[3].count) else {
                return false
            }
            return kill(process, 0) != 0 && errno == ESRCH
        }

        var description: String {
            guard let process else { return "server session \(backend)" }
            let place = application[3] == PostgresSettings.hostName ? "" : " on \(application[3])"
            return "process \(process)\(place), since \(since)"
        }
    }
#endif
