import FlowmancerPostgres
import Testing

#if Postgres
    import Flowmancer
    import FlowmancerTesting
    import Foundation
    import OrderedCollections
    import ProgramTestSupport
    import TestSupport

    /// All of them use one server; each has a schema of its own.
    @Suite(
        .ownThread,
        .enabled(if: PostgresServer.isAvailable, "\(PostgresServer.obstacle ?? "")"),
        .timeLimit(.minutes(10))
    )
    struct PostgresCheckpointerTests {
        private let schema = "test \(UUID().uuidString)"
        private let server: PostgresServer
        private let start = CheckpointContents(
            name: "job",
            states: ["a": .pending, "b": .pending],
            fingerprints: ["a": "0123456789abcdef"]
        )

        init() throws {
            server = try SharedServer.server.get()
        }

        private func parameters(
            _ others: OrderedDictionary<String, ParameterValue> = [:]
        ) -> OrderedDictionary<String, ParameterValue> {
            let usual: OrderedDictionary<String, ParameterValue> = [
                "host": "127.0.0.1", "port": .int(server.port), "database": "postgres",
                "user": .string(PostgresServer.user), "password": .string(PostgresServer.password),
                "schema": .string(schema), "response_timeout": 30,
            ]
            return usual.merging(others) { _, new in new }
        }

        private func checkpointer(
            _ others: OrderedDictionary<String, ParameterValue> = [:]
        ) throws -> PostgresCheckpointer {
            try configured(PostgresCheckpointer.self, parameters(others))
        }

        private func rows(_ sql: String) throws -> [String] {
            try server.psql("SET search_path = \"\(schema)\"; \(sql)")
        }

        @Test func itKeepsAllPromisesOfACheckpointer() async throws {
            var suite = CheckpointerConformance { try checkpointer() }
            suite.sequences = 5
            let report = try await suite.check()
            #expect(report.inapplicable == [])
        }

        @Test func onlyTheCheckpointOfTheLastRunIsStored() async throws {
            for isLast in [false, true] {
                let checkpointer = try checkpointer()
                let lock = try await checkpointer.acquireLock(for: "job")
                let journal = try #require(try await checkpointer.openJournal(for: "job", startingFrom: start))
                try journal.append([
                    .state(task: "a", .running, attempt: 2), .set(key: "x", JSONText(rawValue: "1.50")),
                ])
                try journal.synchronize()
                try journal.close()
                #expect(try rows("SELECT name, state FROM tasks ORDER BY name") == ["a|running", "b|pending"])
                #expect(try rows("SELECT count(*) FROM current_runs") == ["1"])
                if isLast { try await checkpointer.clearCheckpoint(for: "job") }
                lock?.release()
                try await checkpointer.onDestroy()
            }
            for table in ["current_runs", "tasks", "shared_values", "fingerprints", "checkpoints"] {
                #expect(try rows("SELECT count(*) FROM \(table)") == ["0"], "\(table)")
            }
        }

        @Test func aSecondHolderOfTheLockIsToldWhoHasIt() async throws {
            let lock = try await checkpointer().acquireLock(for: "job")
            let error = await #expect(throws: CheckpointLockedError.self) {
                try await checkpointer().acquireLock(for: "job")
            }
            #expect(error?.holder.hasPrefix("process \(getpid()), since 2") == true)
            // Another schema is another storage.
            let other = try await checkpointer(["schema": .string("\(schema) 2")]).acquireLock(for: "job")
            other?.release()
            lock?.release()
        }

        @Test func aURLAndTheSocketWorkLikeWhatTheyStandFor() async throws {
            let url = "postgresql://\(PostgresServer.user):\(PostgresServer.password)@127.0.0.1:\(server.port)/postgres"
            let byURL = try configured(PostgresCheckpointer.self, ["url": .string(url), "schema": .string(schema)])
            try await byURL.writeCheckpoint(start, for: "job")
            let bySocket = try checkpointer(["host": .string(server.socketDirectory)])
            #expect(try await bySocket.readCheckpoint(for: "job") == start)
        }

        // MARK: Errors

        @Test func whatKeepsAConnectionFromComingAboutIsSaid() async throws {
            func error(_ others: OrderedDictionary<String, ParameterValue>) async -> PostgresError? {
                let error = await #expect(throws: PostgresError.self) {
                    try await checkpointer(others).acquireLock(for: "job")
                }
                #expect(error?.description.contains(PostgresServer.password) == false)
                #expect(error?.description.contains("wrong-secret") == false)
                return error
            }
            let absent = await error(["port": 1])
            #expect(absent?.code == .unreachable)
            #expect(
                absent?.description.hasPrefix("the database '127.0.0.1:1/postgres' cannot be used: ") == true
            )
            #expect(absent?.description.hasSuffix("; check 'host' and 'port', and that the server is running") == true)
            let nowhere = await error(["host": "/nowhere"])
            #expect(nowhere?.code == .unreachable)
            #expect(nowhere?.description.contains("Is the server running") == false, "\(nowhere?.description ?? "")")
            #expect(await error(["password": "wrong-secret"])?.code == .refused)
            #expect(await error(["user": "nobody"])?.code == .refused)
            #expect(await error(["database": "missing"])?.code == .refused)
            #expect(await error(["sslmode": "require"])?.code == .refused)
            #expect(await error(["url": "postgresql://x:wrong-secret@[", "port": 5432])?.code == .refused)
        }

        @Test func aUserWhoMayNotCreateTablesIsToldSo() async throws {
            let role = "r\(UUID().uuidString.prefix(8).lowercased())"
            try server.psql("CREATE ROLE \(role) LOGIN PASSWORD '\(PostgresServer.password)'")
            let error = await #expect(throws: PostgresError.self) {
                try await checkpointer(["user": .string(role)]).acquireLock(for: "job")
            }
            #expect(error?.code == .forbidden)
            try server.psql("CREATE SCHEMA \"\(schema)\" AUTHORIZATION \(role)")
            try await checkpointer(["user": .string(role)]).writeCheckpoint(start, for: "job")
        }

        @Test func aRunNeedsTwoConnections() async throws {
            let role = "r\(UUID().uuidString.prefix(8).lowercased())"
            try server.psql("CREATE ROLE \(role) LOGIN CONNECTION LIMIT 1 PASSWORD '\(PostgresServer.password)'")
            try server.psql("CREATE SCHEMA \"\(schema)\" AUTHORIZATION \(role)")
            let error = await #expect(throws: PostgresError.self) {
                try await checkpointer(["user": .string(role)]).acquireLock(for: "job")
            }
            #expect(
                error?.description.contains("a run needs two connections for its checkpoint") == true,
                "\(error?.description ?? "")"
            )
            #expect(error?.description.hasSuffix("with ALTER ROLE … CONNECTION LIMIT") == true)
        }

        @Test func everyNameOfASchemaIsQuoted() async throws {
            // In Swift, a quote with an accent is not a quote.
            let odd = "\(schema) \"\u{301}\"; x"
            try await checkpointer(["schema": .string(odd)]).writeCheckpoint(start, for: "job")
            #expect(try await checkpointer(["schema": .string(odd)]).readCheckpoint(for: "job") == start)
        }

        @Test(arguments: ["", "pg_", "pg_flowmancer", "pg_catalog"])
        func aSchemaThatTheServerDoesNotTakeIsNamed(_ name: String) async throws {
            let error = await #expect(throws: PostgresError.self) {
                try await checkpointer(["schema": .string(name)]).acquireLock(for: "job")
            }
            #expect(error?.code == .refused)
            #expect(error?.description.hasSuffix("; check 'schema'") == true, "\(error?.description ?? "")")
        }

        @Test func anUnsuitableEncodingIsRefused() async throws {
            let name = "latin\(UUID().uuidString.prefix(8).lowercased())"
            try server.psql("CREATE DATABASE \(name) ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
            let error = await #expect(throws: PostgresError.self) {
                try await checkpointer(["database": .string(name)]).acquireLock(for: "job")
            }
            #expect(error?.code == .unsuitable)
        }

        @Test func newerTablesAreRefused() async throws {
            try await checkpointer().writeCheckpoint(start, for: "job")
            _ = try rows("UPDATE schema_version SET version = 99")
            let error = await #expect(throws: PostgresError.self) {
                try await checkpointer().readCheckpoint(for: "job")
            }
            #expect(error?.code == .futureVersion)
        }

        @Test func manyCreateTheTablesAtTheSameTime() async throws {
            try await withThrowingTaskGroup { group in
                for number in 0..<8 {
                    group.addTask {
                        try await checkpointer().writeCheckpoint(
                            CheckpointContents(name: "\(number)"),
                            for: "\(number)"
                        )
                    }
                }
                try await group.waitForAll()
            }
            #expect(try rows("SELECT count(*) FROM checkpoints") == ["8"])
        }

        // MARK: Lost connections

        @Test func aLockWhoseSessionEndedIsTakenAgain() async throws {
            let checkpointer = try checkpointer()
            let lock = try await checkpointer.acquireLock(for: "job")
            let journal = try #require(try await checkpointer.openJournal(for: "job", startingFrom: start))
            try terminateHolders()
            #expect(throws: PostgresError.self) { try journal.synchronize() }
            // A new connection is not waited for in one call.
            var next: (any CheckpointJournal)?
            while next == nil {
                do {
                    next = try await checkpointer.openJournal(for: "job", startingFrom: start)
                } catch let error as PostgresError where error.code == .unreachable {
                }
            }
            try next?.synchronize()
            await #expect(throws: CheckpointLockedError.self) { try await self.checkpointer().acquireLock(for: "job") }
            lock?.release()
        }

        @Test func anotherRunThatWasFasterIsNamed() async throws {
            let first = try checkpointer()
            let lock = try await first.acquireLock(for: "job")
            let journal = try #require(try await first.openJournal(for: "job", startingFrom: start))
            // The other run is one of another process, which has another token.
            let other = try StrangeSession(server)
            try terminateHolders()
            try other.lock(schema: schema, job: "job")
            #expect(throws: PostgresError.self) { try journal.synchronize() }
            for attempt in [
                { try await first.writeCheckpoint(start, for: "job") }, { try await first.clearCheckpoint(for: "job") },
            ] {
                let error = await #expect(throws: PostgresError.self) { try await attempt() }
                #expect(error?.code == .lockLost)
                #expect(error?.description.contains("another run of the job 'job' started") == true)
            }
            other.close()
            lock?.release()
        }

        /// Ends the sessions that have locks of this test's schema.
        private func terminateHolders() throws {
            let key = LockKey(schema: schema, job: "job").value
            try server.psql(
                """
                SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
                WHERE locktype = 'advisory' AND (classid::bigint << 32) | objid::bigint = \(key)
                """
            )
        }

        @Test func aJournalOfARunThatWasReplacedSaysSo() async throws {
            let journal = try #require(try await checkpointer().openJournal(for: "job", startingFrom: start))
            try await checkpointer().writeCheckpoint(CheckpointContents(name: "job"), for: "job")
            let error = #expect(throws: PostgresError.self) {
                try journal.append([.state(task: "a", .completed, attempt: 1)])
            }
            #expect(error?.code == .lockLost)
            #expect(try await checkpointer().readCheckpoint(for: "job") == CheckpointContents(name: "job"))
        }
    }

    /// The server that the tests of one suite share, ended with the process.
    enum SharedServer {
        static let server: Result<PostgresServer, any Error> = Result {
            let server = try PostgresServer()
            atexit(endSharedServer)
            return server
        }
    }

    private func endSharedServer() {
        try? SharedServer.server.get().stop()
    }
#else
    @Suite(.ownThread, .disabled("built without the package trait Postgres"))
    struct PostgresCheckpointerTests {
        @Test func itKeepsAllPromisesOfACheckpointer() {}
    }
#endif
