#if Postgres
    import CPostgres
    import FlowmancerCore

    /// An error that says why a PostgreSQL database cannot be used.
    public struct PostgresError: Error, Sendable, CustomStringConvertible {
        /// What is wrong.
        public struct Code: Sendable, Hashable {
            private enum Value: Hashable {
                case unreachable, refused, lost, timeout, forbidden, full, unsuitable, futureVersion, lockLost, failure
            }
            private let value: Value

            /// The server cannot be reached.
            public static let unreachable = Code(value: .unreachable)
            /// The server does not accept the connection, because of the user, the password, the database or the
            /// encryption.
            public static let refused = Code(value: .refused)
            /// The connection to the server was lost.
            public static let lost = Code(value: .lost)
            /// The server did not answer in time.
            public static let timeout = Code(value: .timeout)
            /// The user lacks a permission.
            public static let forbidden = Code(value: .forbidden)
            /// The disk of the server is full.
            public static let full = Code(value: .full)
            /// The encoding of the database is not UTF-8.
            public static let unsuitable = Code(value: .unsuitable)
            /// A newer Flowmancer created the tables.
            public static let futureVersion = Code(value: .futureVersion)
            /// Another run of the job has the lock now.
            public static let lockLost = Code(value: .lockLost)
            /// The server reports another error.
            public static let failure = Code(value: .failure)
        }

        /// The facts that the message is made of.
        enum Problem: Sendable {
            case noConnection(String, PostgresConnectFailure)
            case badURL
            case connectTimeout(Duration)
            case connecting
            case lost(String)
            case timeout(Duration)
            case forbidden(String)
            case full(String)
            case encoding(String)
            case schema(String)
            case futureVersion(schema: String)
            case lockLost(job: String, holder: String)
            case replaced(job: String)
            case closed
            case failure(String)
        }

        /// The server and the database: `host:port/database`.
        public let place: String
        private let problem: Problem

        init(_ problem: Problem, at place: String) {
            self.problem = problem
            self.place = place
        }

        /// What is wrong.
        public var code: Code {
            switch problem {
            case .noConnection(_, let failure): failure.isOfServer ? .unreachable : .refused
            case .connectTimeout, .connecting: .unreachable
            case .badURL, .schema: .refused
            case .lost, .closed: .lost
            case .timeout: .timeout
            case .forbidden: .forbidden
            case .full: .full
            case .encoding: .unsuitable
            case .futureVersion: .futureVersion
            case .lockLost, .replaced: .lockLost
            case .failure: .failure
            }
        }

        /// Whether the connection is of no use any more.
        var isOfConnection: Bool {
            switch problem {
            case .lost, .timeout, .closed: true
            default: false
            }
        }

        /// Whether the server is about to be ready.
        var isOfServerStarting: Bool {
            if case .noConnection(_, .notReady) = problem { true } else { false }
        }

        /// The error message: the server, what is wrong, and what to do.
        public var description: String {
            "the database '\(place)' cannot be used: \(explanation); \(advice)"
        }

        private var explanation: String {
            switch problem {
            case .noConnection(let detail, _), .forbidden(let detail), .full(let detail): detail
            case .badURL: "'url' is not the URL of a database"
            case .connectTimeout(let limit): "no connection within \(limit.text)"
            case .connecting: "the connection is not ready yet"
            case .lost(""): "the connection was lost"
            case .lost(let detail): "the connection was lost (\(Self.firstLine(detail)))"
            case .timeout(let limit): "no answer within \(limit.text)"
            case .encoding(let name): "its encoding is \(name), which lacks some characters"
            case .schema(""): "the name of the schema is empty"
            case .schema(let name):
                "names of schemas that begin with 'pg_', such as '\(name.printable)', are reserved by the server"
            case .futureVersion(let schema): "the tables in the schema '\(schema)' were made by a newer Flowmancer"
            case .lockLost(let job, let holder):
                "another run of the job '\(job.printable)' started while the connection was lost (\(holder)), so the "
                    + "progress of this run is not stored"
            case .replaced(let job):
                "another run of the job '\(job.printable)' started, so the progress of this run is not stored"
            case .closed: "the connection was closed"
            case .failure(let detail): "the server says: \(detail)"
            }
        }

        private var advice: String {
            switch problem {
            case .noConnection(_, let failure): failure.advice
            case .connectTimeout, .connecting: PostgresConnectFailure.unreachable.advice
            case .badURL: "write postgresql://user:password@host:port/database"
            case .lost, .timeout, .closed: "check the server and the network"
            case .forbidden: "allow the user to create the schema and the tables, or create the schema for it"
            case .full: "free some space on the server's disk"
            case .encoding: "create a database with the encoding UTF8"
            case .schema: "check 'schema'"
            case .futureVersion: "upgrade Flowmancer, or set another 'schema'"
            case .lockLost, .replaced: "end one of the two runs"
            case .failure: "check the server's log"
            }
        }
    }

    extension PostgresError {
        /// Puts what libpq says about a connection that did not come about into words.
        init(connecting message: String, at place: String) {
            // What it is about may stand in any of the lines; the first one is enough to read.
            let failure = PostgresConnectFailure(Self.oneLine(message))
            self.init(.noConnection(Self.firstLine(message), failure), at: place)
        }

        /// Puts an error that the server reports into words.
        init(_ result: OpaquePointer, at place: String) {
            func field(_ code: Character) -> String {
                let value = PQresultErrorField(result, Int32(code.asciiValue ?? 0))
                return value.map { String(cString: $0) } ?? ""
            }
            // PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY, which are macros that Swift does not see.
            let (state, message) = (field("C"), Self.oneLine(field("M")))
            let problem: Problem =
                switch state.prefix(2) {
                case "57", "08": .lost(message)
                case "53" where state == "53100": .full(message)
                case "42" where state == "42501": .forbidden(message)
                case "25" where state == "25006": .forbidden(message)
                default:
                    .failure(message.isEmpty ? Self.oneLine(String(cString: PQresultErrorMessage(result))) : message)
                }
            self.init(problem, at: place)
        }

        private static func firstLine(_ text: String) -> String {
            String(text.split(whereSeparator: \.isNewline).first ?? "").printable
        }

        private static func oneLine(_ text: String) -> String {
            text.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix { $0.isWhitespace } }
                .joined(separator: " ").printable
        }
    }
#endif
