#if Postgres
    import FlowmancerCore
    import Glibc

    /// How to reach the server, and where the tables are.
    struct PostgresSettings: Sendable {
        /// The words of libpq for a connection, in which later ones override earlier ones.
        let keywords: [(name: String, value: String)]
        let url: String?
        let schema: String
        let connectTimeout: Duration
        let responseTimeout: Duration
        /// Tells the sessions of this instance from all others.
        let token: String

        init(
            url: PostgresText?,
            values: [(name: String, value: String?)],
            schema: PostgresText,
            connectTimeout: PostgresTimeout,
            responseTimeout: PostgresTimeout
        ) {
            var keywords: [(name: String, value: String)] = []
            // Of a database's name that is a URL, libpq takes all that it says.
            if let url { keywords.append(("dbname", url.value)) }
            for (name, value) in values { if let value { keywords.append((name, value)) } }
            self.keywords = keywords
            self.url = url?.value
            self.schema = schema.value
            self.connectTimeout = connectTimeout.value
            self.responseTimeout = responseTimeout.value
            token = Self.processToken
        }

        /// The name of a session, by which others see who has a lock: `flowmancer 4711 0a1b2c3d host`.
        var applicationName: String {
            String("flowmancer \(getpid()) \(token) \(Self.hostName)".utf8.prefix(63)) ?? "flowmancer"
        }

        /// How long the server may take where no step of a run waits for it.
        var patience: Duration { responseTimeout * 6 }

        /// A name of the schema, as SQL has it.
        func qualified(_ name: String) -> String { "\(Self.quoted(schema)).\(name)" }

        /// An identifier, as SQL has it.
        static func quoted(_ identifier: String) -> String {
            "\"\(identifier.replacingScalars { $0 == "\"" ? "\"\"" : nil })\""
        }

        static let hostName: String = {
            var buffer = [CChar](repeating: 0, count: 256)
            guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
            return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }()

        private static let processToken = String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 16)
    }
#endif
