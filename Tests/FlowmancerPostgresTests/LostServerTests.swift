#if Postgres
    import Flowmancer
    import FlowmancerPostgres
    import FlowmancerTesting
    import Foundation
    import ProgramTestSupport
    import Testing

    /// Servers that go away, each its own.
    @Suite(.ownThread, .enabled(if: PostgresServer.isAvailable, "\(PostgresServer.obstacle ?? "")"), .serialized)
    struct LostServerTests {
        private func checkpointer(_ server: PostgresServer, responseTimeout: Double = 30) throws -> PostgresCheckpointer
        {
            try configured(
                PostgresCheckpointer.self,
                [
                    "host": "127.0.0.1", "port": .int(server.port), "database": "postgres",
                    "user": .string(PostgresServer.user), "password": .string(PostgresServer.password),
                    "response_timeout": .double(responseTimeout), "connect_timeout": 20,
                ]
            )
        }

        /// What the engine does: a journal that failed is opened anew, from the whole present state, until that works.
        @Test func aServerThatIsKilledAndBroughtBackLosesNothing() async throws {
            let server = try PostgresServer()
            let checkpointer = try checkpointer(server)
            let lock = try #require(try await checkpointer.acquireLock(for: "job"))
            var expected = CheckpointContents(name: "job", states: ["a": .pending, "b": .pending])
            let journal = try #require(try await checkpointer.openJournal(for: "job", startingFrom: expected))
            func record(_ entry: JournalEntry, in journal: any CheckpointJournal) throws {
                expected.apply(entry)
                try journal.append([entry])
            }
            try record(.state(task: "a", .running, attempt: 2), in: journal)
            try record(.state(task: "a", .completed, attempt: 2), in: journal)
            try journal.synchronize()
            server.kill()
            let error = #expect(throws: PostgresError.self) {
                try record(.state(task: "b", .running, attempt: 1), in: journal)
            }
            #expect(error?.code == .lost)
            // libpq has several lines for it.
            #expect(error?.description.contains("This probably means") == false, "\(error?.description ?? "")")
            #expect(error?.description.contains("\n") == false, "\(error?.description ?? "")")
            #expect(throws: PostgresError.self) { try journal.append([.remove(key: "x")]) }
            try journal.close()
            await #expect(throws: PostgresError.self) {
                try await checkpointer.openJournal(for: "job", startingFrom: expected)
            }
            try server.start()
            // What the server had only in its memory, it may have no more.
            try server.psql("UPDATE flowmancer.tasks SET state = 'pending'")
            let next = try await reopen(checkpointer, expected)
            #expect(
                try server.psql("SELECT name, state FROM flowmancer.tasks ORDER BY name") == [
                    "a|completed", "b|running",
                ]
            )
            try record(.set(key: "x", JSONText(rawValue: "1")), in: next)
            try next.synchronize()
            #expect(try await self.checkpointer(server).readCheckpoint(for: "job") == expected)
            await #expect(throws: CheckpointLockedError.self) {
                try await self.checkpointer(server).acquireLock(for: "job")
            }
            #expect(try server.psql("SELECT count(*) FROM flowmancer.current_runs") == ["1"])
            lock.release()
        }

        /// A new connection is not waited for in one call.
        private func reopen(
            _ checkpointer: PostgresCheckpointer,
            _ contents: CheckpointContents
        ) async throws -> any CheckpointJournal {
            for _ in 0..<100 {
                do {
                    return try #require(try await checkpointer.openJournal(for: "job", startingFrom: contents))
                } catch let error as PostgresError where error.code == .unreachable {
                }
            }
            return try #require(try await checkpointer.openJournal(for: "job", startingFrom: contents))
        }

        /// What was synchronised is on the disk: the server is killed, and what it had only in its memory is gone.
        @Test func whatWasSynchronisedOutlivesTheServer() async throws {
            let server = try PostgresServer()
            let writer = try checkpointer(server)
            let start = CheckpointContents(name: "job")
            let journal = try #require(try await writer.openJournal(for: "job", startingFrom: start))
            var expected = start
            for number in 0..<200 {
                let entry = JournalEntry.set(key: "\(number)", JSONText(rawValue: "\(number)"))
                try journal.append([entry])
                expected.apply(entry)
            }
            try journal.synchronize()
            server.kill()
            try server.start()
            #expect(try await checkpointer(server).readCheckpoint(for: "job") == expected)
        }

        @Test func aServerThatIsAboutToBeReadyIsWaitedForAtTheEnd() async throws {
            let server = try PostgresServer()
            let checkpointer = try checkpointer(server)
            try await checkpointer.writeCheckpoint(CheckpointContents(name: "job"), for: "job")
            server.kill()
            await #expect(throws: PostgresError.self) {
                try await checkpointer.writeCheckpoint(CheckpointContents(name: "job"), for: "job")
            }
            let unready = try UnreadyServer(port: server.port, connections: 4)
            let error = await #expect(throws: PostgresError.self) {
                try await checkpointer.writeCheckpoint(CheckpointContents(name: "job"), for: "job")
            }
            #expect(error?.code == .unreachable)
            #expect(unready.unanswered == 0)
        }

        @Test func aServerThatDoesNotAnswerHoldsNobodyUpForLong() async throws {
            let server = try PostgresServer()
            let patient = try checkpointer(server)
            try await patient.writeCheckpoint(CheckpointContents(name: "other"), for: "other")
            let checkpointer = try checkpointer(server, responseTimeout: 0.3)
            let start = CheckpointContents(name: "job")
            let journal = try #require(try await checkpointer.openJournal(for: "job", startingFrom: start))
            server.suspend()
            let error = #expect(throws: PostgresError.self) {
                try journal.append([.state(task: "a", .running, attempt: 1)])
            }
            #expect(error?.code == .timeout)
            #expect(error?.description.contains("no answer within 0.3 s") == true, "\(error?.description ?? "")")
            // The connection is of no use any more: whose answer would the next one be?
            let again = #expect(throws: PostgresError.self) { try journal.append([.remove(key: "x")]) }
            #expect(again?.code == .lost)
            // Nor does a connection that does not come about.
            let connecting = await #expect(throws: PostgresError.self) {
                try await checkpointer.openJournal(for: "job", startingFrom: start)
            }
            #expect(connecting?.description.contains("the connection is not ready yet") == true)
            server.resume()
            let next = try #require(try await patient.openJournal(for: "job", startingFrom: start))
            try next.append([.state(task: "a", .completed, attempt: 1)])
            #expect(try await patient.readCheckpoint(for: "job").states == ["a": .completed])
        }

        @Test func aServerWithTLSIsVerified() async throws {
            let server = try PostgresServer(usesTLS: true)
            func checkpointer(_ sslmode: String, _ certificate: String?, host: String = "localhost") throws
                -> PostgresCheckpointer
            {
                try configured(
                    PostgresCheckpointer.self,
                    [
                        "host": .string(host), "port": .int(server.port), "database": "postgres",
                        "user": .string(PostgresServer.user), "password": .string(PostgresServer.password),
                        "sslmode": .string(sslmode), "sslrootcert": certificate.map { .string($0) } ?? nil,
                        "response_timeout": 30,
                    ]
                )
            }
            let copy = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).crt")
            try FileManager.default.copyItem(atPath: server.certificate, toPath: copy.path)
            defer { try? FileManager.default.removeItem(at: copy) }
            let contents = CheckpointContents(name: "job", states: ["a": .completed])
            let verified = try checkpointer("verify-full", copy.path)
            try await verified.writeCheckpoint(contents, for: "job")
            let sessions = "pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name LIKE 'flowmancer %'"
            #expect(try server.psql("SELECT bool_and(ssl) FROM \(sessions)") == ["t"])
            try await verified.onDestroy()
            #expect(try await checkpointer("require", nil).readCheckpoint(for: "job") == contents)
            let authority = "set 'sslrootcert' to the file with the certificate of the authority"
            for (other, advice) in [
                (
                    try checkpointer("verify-full", copy.path, host: "127.0.0.1"),
                    "set 'host' to the name that the certificate has"
                ),
                (try checkpointer("verify-ca", "/etc/hostname"), authority),
                (try checkpointer("verify-ca", "/no/such/file"), authority),
                (try checkpointer("verify-ca", "/etc/ssl/certs/ca-certificates.crt"), authority),
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await other.readCheckpoint(for: "job")
                }
                #expect(error?.code == .refused, "\(error?.description ?? "")")
                #expect(error?.description.hasSuffix("; \(advice)") == true, "\(error?.description ?? "")")
            }
        }
    }
#endif
