#if Postgres
    /// Why a connection did not come about, as far as that decides what to do about it.
    ///
    /// libpq has only words for it: there is no code before there is a connection.
    enum PostgresConnectFailure: Sendable, Hashable, CaseIterable {
        case wrongPassword, noPassword, noRootCertificate, unknownDatabase, unknownUser, notAllowed, noPermission
        case notAuthenticated, otherName, untrusted, noTLS, encryption, full, fullForUser, notReady, unknownHost
        case badSetting
        /// The server said no in words that are not known here, or in another language.
        case refused
        /// Nobody answered.
        case unreachable

        /// The words of libpq. What comes first holds: of a host with several addresses, it tells about each, and an
        /// answer says more than none.
        private static let words: [(PostgresConnectFailure, [String])] = [
            (.wrongPassword, ["password authentication failed"]),
            (.noPassword, ["no password supplied"]),
            (.noRootCertificate, ["root certificate file"]),
            (.unknownDatabase, ["database does not exist"]),
            (.unknownUser, ["role does not exist"]),
            (.notAllowed, ["no pg_hba.conf entry", "pg_hba.conf rejects"]),
            (.noPermission, ["permission denied for database"]),
            (.notAuthenticated, ["authentication failed"]),
            (.otherName, ["does not match host name"]),
            (.untrusted, ["certificate verify failed", "could not read root certificate"]),
            (.noTLS, ["server does not support SSL"]),
            (.encryption, ["SSL", "certificate"]),
            (.fullForUser, ["too many connections for role"]),
            (.full, ["too many", "remaining connection slots"]),
            (.notReady, ["starting up", "shutting down", "not yet accepting", "in recovery mode"]),
            (.unknownHost, ["could not translate host name"]),
            (.badSetting, ["invalid"]),
            (.refused, ["FATAL"]),
        ]

        /// Finds out what libpq's words are about.
        init(_ message: String) {
            // The names in quotes may be any words. Where one was, a space is left too many.
            let text = Self.unquoted(message).split(separator: " ").joined(separator: " ")
            self = Self.words.first { $0.1.contains { text.contains($0) } }?.0 ?? .unreachable
        }

        /// Whether the server, or the machine, is to blame rather than what it was asked for.
        var isOfServer: Bool {
            switch self {
            case .unreachable, .unknownHost, .notReady: true
            default: false
            }
        }

        /// What to do about it.
        var advice: String {
            switch self {
            case .wrongPassword: "check 'user' and 'password'"
            case .noPassword: "set 'password', or put it into ~/.pgpass"
            case .noRootCertificate: "set 'sslrootcert' to the file with the certificate of the authority"
            case .unknownDatabase: "check 'database', or create it on the server"
            case .unknownUser: "check 'user', or create it on the server"
            case .notAllowed: "check 'user', 'database' and 'sslmode', or add a line to pg_hba.conf on the server"
            case .noPermission: "allow the user to connect with GRANT CONNECT"
            case .notAuthenticated: "check 'user', and its entry in pg_hba.conf on the server"
            case .otherName: "set 'host' to the name that the certificate has"
            case .untrusted: "set 'sslrootcert' to the file with the certificate of the authority"
            case .noTLS: "enable TLS on the server, or set 'sslmode' to prefer or disable"
            case .encryption: "check 'sslmode' and 'sslrootcert'"
            case .full: "\(Self.need): close others, or raise max_connections on the server"
            case .fullForUser:
                "\(Self.need): close others of this user, or raise its limit with ALTER ROLE … CONNECTION LIMIT"
            case .notReady: "wait until the server is ready"
            case .unknownHost: "check the name in 'host', or in 'url'"
            case .badSetting: "check 'port', 'sslmode' and 'url'"
            case .refused: "check 'user', 'password', 'database' and 'sslmode'"
            case .unreachable: "check 'host' and 'port', and that the server is running"
            }
        }

        private static let need = "a run needs two connections for its checkpoint, and one for its history"

        private static func unquoted(_ text: String) -> String {
            text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .compactMap { $0.offset % 2 == 0 ? String($0.element) : nil }.joined()
        }
    }
#endif
