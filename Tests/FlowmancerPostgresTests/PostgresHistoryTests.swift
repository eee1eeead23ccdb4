#if Postgres
    import FlowmancerCore
    import FlowmancerPostgres
    import FlowmancerTesting
    import Foundation
    import OrderedCollections
    import ProgramTestSupport
    import TestSupport
    import Testing

    /// Most of what a history promises is in `HistoryConformance`; here is what only PostgreSQL has. Each test has a schema of
    /// its own.
    @Suite(
        .ownThread,
        .enabled(if: PostgresServer.isAvailable, "\(PostgresServer.obstacle ?? "")"),
        .timeLimit(.minutes(10))
    )
    struct PostgresHistoryTests {
        private let schema = "test \(UUID().uuidString)"
        private let server: PostgresServer

        init() throws { server = try SharedServer.server.get() }

        private func history(
            keeping count: Int = 50,
            _ others: OrderedDictionary<String, ParameterValue> = [:]
        ) throws -> PostgresHistory {
            let usual: OrderedDictionary<String, ParameterValue> = [
                "host": "127.0.0.1", "port": .int(server.port), "database": "postgres",
                "user": .string(PostgresServer.user), "password": .string(PostgresServer.password),
                "schema": .string(schema), "keep_runs": .int(count),
            ]
            return try configured(PostgresHistory.self, usual.merging(others) { _, new in new })
        }

        private func checkpointer() throws -> PostgresCheckpointer {
            try configured(
                PostgresCheckpointer.self,
                [
                    "host": "127.0.0.1", "port": .int(server.port), "database": "postgres",
                    "user": .string(PostgresServer.user), "password": .string(PostgresServer.password),
                    "schema": .string(schema), "response_timeout": 30,
                ]
            )
        }

        private func rows(_ sql: String) throws -> [String] {
            try server.psql("SET search_path = \"\(schema)\"; \(sql)")
        }

        private func events(_ id: RunID) async throws -> RecordedEvents {
            try await #require(try await history().openRun(id, after: 0)).next(atMost: 1_000)
        }

        private func states() async throws -> [RunState] { try await history().runs(RunQuery()).runs.map(\.state) }

        /// A run of another machine.
        private var strangeRun: SampleRun {
            var run = SampleRun()
            run.record.process?.bootID = "another"
            run.record.hostName = "elsewhere"
            return run
        }

        @Test func keepsThePromisesOfAHistory() async throws {
            let report = try await HistoryConformance { count in try history(keeping: count) }.check()
            #expect(report.inapplicable.isEmpty)
        }

        @Test func whoOnlyReadsCreatesNothing() async throws {
            #expect(try await history().runs(RunQuery()) == RunPage())
            #expect(try await history().openRun(RunID(), after: 0) == nil)
            try await history().removeRun(RunID())
            #expect(try server.psql("SELECT 1 FROM pg_namespace WHERE nspname = '\(schema)'").isEmpty)
        }

        // MARK: The life of a run

        @Test func theLockOfASessionShowsThatARunOfAnotherMachineIsUnderWay() async throws {
            let run = strangeRun
            let recorder = try #require(try await history().beginRun(run.record, run.shape))
            try await recorder.append(Array(run.events.prefix(2)))
            #expect(try await states() == [.underWay])
            await #expect(throws: RunUnderWayError.self) { try await history().removeRun(run.record.id) }
            try await recorder.close()
            // That there is no lock proves nothing: the connection may have been lost.
            #expect(try await states() == [.unknown])
            await #expect(throws: RunUnderWayError.self) { try await history().removeRun(run.record.id) }
        }

        @Test func aRunOfThisMachineWhoseConnectionWasLostIsUnderWay() async throws {
            let run = SampleRun()
            let recorder = try #require(try await history().beginRun(run.record, run.shape))
            try terminateSessions()
            #expect(try await states() == [.underWay])
            let error = await #expect(throws: PostgresError.self) { try await recorder.append(run.events) }
            #expect(error?.code == .lost)
            try await recorder.append(run.events)
            #expect(try await states() == [.succeeded])
            try await recorder.close()
            #expect(try await events(run.record.id) == RecordedEvents(run.events))
        }

        @Test func theLockIsTakenAgainByANewConnection() async throws {
            let run = strangeRun
            let recorder = try #require(try await history().beginRun(run.record, run.shape))
            try terminateSessions()
            #expect(try await states() == [.unknown])
            _ = try? await recorder.append([run.events[0]])
            try await recorder.append([run.events[0], run.events[1]])
            #expect(try await states() == [.underWay])
            try await recorder.close()
        }

        @Test func thatAProcessIsGoneIsPutOnRecordByTheNextRunOfItsMachine() async throws {
            var run = SampleRun()
            run.record.process?.startTicks -= 1
            try await run.store(in: history(), upTo: 2)
            #expect(try await states() == [.interrupted])
            #expect(try rows("SELECT state IS NULL FROM history_runs") == ["t"])
            let next = SampleRun()
            try await next.store(in: history(), upTo: next.events.count)
            #expect(try rows("SELECT state FROM history_runs ORDER BY id") == ["interrupted", "succeeded"])
            #expect(try await states() == [.succeeded, .interrupted])
            var query = RunQuery()
            query.states = [.interrupted]
            #expect(try await history().runs(query).runs.map(\.record.id) == [run.record.id])
        }

        /// Ends the sessions of this test.
        private func terminateSessions() throws {
            let ids = try rows("SELECT id FROM history_runs")
            let keys = ids.map { String(LockKey(schema: schema, job: "run\0\($0)").value) }
            try server.psql(
                """
                SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory'
                AND (classid::bigint << 32) | objid::bigint IN (\(keys.joined(separator: ", ")))
                """
            )
        }

        // MARK: Damage

        @Test func newerTablesAreRefused() async throws {
            let run = SampleRun()
            try await run.store(in: history(), upTo: 2)
            _ = try rows("UPDATE history_version SET version = 99")
            let error = await #expect(throws: PostgresError.self) { try await history().runs(RunQuery()) }
            #expect(error?.code == .futureVersion)
            await #expect(throws: PostgresError.self) { try await history().beginRun(run.record, run.shape) }
        }

        @Test func whatDoesNotFitIsSaidAndPassedOver() async throws {
            let runs = (SampleRun(), SampleRun())
            for run in [runs.0, runs.1] { try await run.store(in: history(), upTo: run.events.count) }
            _ = try rows("DELETE FROM history_events WHERE number = 4")
            _ = try rows("UPDATE history_runs SET record = '{}' WHERE id = '\(runs.0.record.id)'")
            let page = try await history().runs(RunQuery())
            #expect(page.runs.map(\.record.id) == [runs.1.record.id])
            #expect(page.problems.count == 1)
            let found = try await events(runs.1.record.id)
            #expect(found.events == Array(runs.1.events.prefix(3)))
            #expect(found.problem?.reason.contains("does not have the events 4 to 4") == true)
        }

        @Test func aRunThatTheServerDoesNotKnowAnyMoreIsPutOnRecordAgain() async throws {
            let run = SampleRun()
            let recorder = try #require(try await history().beginRun(run.record, run.shape))
            try await recorder.append(Array(run.events.prefix(2)))
            _ = try rows("TRUNCATE history_runs, history_events")
            try await recorder.append(Array(run.events.dropFirst(2)))
            try await recorder.close()
            #expect(try await states() == [.succeeded])
        }

        // MARK: Tables

        @Test func manyCreateTheTablesAtTheSameTime() async throws {
            try await withThrowingTaskGroup { group in
                for number in 0..<8 {
                    group.addTask {
                        let run = SampleRun()
                        if number % 2 == 0 {
                            try await run.store(in: history(), upTo: run.events.count)
                        } else {
                            let contents = CheckpointContents(name: "\(number)")
                            try await checkpointer().writeCheckpoint(contents, for: "\(number)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await states().count == 4)
            #expect(try rows("SELECT count(*) FROM checkpoints") == ["4"])
        }

        @Test func attemptsCanBeQueriedWhateverIsInThem() async throws {
            let run = SampleRun()
            let recorder = try #require(try await history().beginRun(run.record, run.shape))
            try await recorder.append(Array(run.events.prefix(6)))
            let awkward = StateChange(task: "\u{0}\\u0000\"\\", attempt: 1, from: .pending, to: .running)
            try await recorder.append([RecordedEvent(number: 7, time: run.record.startedAt, awkward)])
            try await recorder.close()
            #expect(
                try rows(
                    """
                    SELECT job, task, attempt, state, ended_at IS NULL, reason FROM history_attempts
                    ORDER BY task COLLATE "C", attempt
                    """
                ) == [
                    "sample|a|1|failed|f|exit code 1", "sample|a|2|completed|f|", "sample|b|1|running|t|",
                    "sample|\u{FFFD}\\u0000\"\\|1|running|t|",
                ]
            )
            #expect(try rows("SELECT job, state, host IS NULL FROM history_summaries") == ["sample||f"])
        }

        /// Whoever comes first takes care of tables of before there were histories.
        @Test(arguments: [true, false])
        func runsThatWereKeptWithCheckpointsAreInTheHistory(_ isCheckpointerFirst: Bool) async throws {
            try server.psql(FormerSchema.sql(schema: schema))
            if isCheckpointerFirst { _ = try await checkpointer().readCheckpoint(for: "other") }
            let page = try await history().runs(RunQuery())
            #expect(page.problems.isEmpty)
            #expect(page.runs.map(\.record.jobName) == ["other", "nightly", "nightly", "nightly"])
            #expect(page.runs.map(\.state) == [.unknown, .aborted, .interrupted, .succeeded])
            var digest = RunDigest(RunShape())
            for event in try await events(page.runs[0].record.id).events { digest.apply(event) }
            #expect(digest.missingEvents == 0)
            #expect(digest.counts.filter { $0.value > 0 } == [.completed: 1, .running: 1, .failed: 1, .defaulted: 1])
            let contents = try await checkpointer().readCheckpoint(for: "other")
            #expect(
                contents.states == ["fetch": .completed, "load": .failed, "report": .defaulted, "wait": .running]
            )
            #expect(try await checkpointer().readCheckpoint(for: "nightly").states["wait"] == .aborted)
            #expect(try rows("SELECT DISTINCT run FROM tasks ORDER BY run") == ["3", "4"])
            var next = contents
            next.states["wait"] = .completed
            try await checkpointer().writeCheckpoint(next, for: "other")
            #expect(try await checkpointer().readCheckpoint(for: "other") == next)
        }

        @Test func aMigrationThatFailsChangesNothing() async throws {
            try server.psql(FormerSchema.sql(schema: schema))
            _ = try rows("CREATE TABLE history_events (obstacle text)")
            await #expect(throws: PostgresError.self) { try await checkpointer().readCheckpoint(for: "other") }
            #expect(try rows("SELECT count(*) FROM runs") == ["4"])
            #expect(try rows("SELECT count(*) FROM tasks") == ["16"])
            _ = try rows("DROP TABLE history_events")
            #expect(try await states().count == 4)
        }
    }

    /// Servers that go away, each its own.
    @Suite(.ownThread, .enabled(if: PostgresServer.isAvailable, "\(PostgresServer.obstacle ?? "")"), .serialized)
    struct LostHistoryServerTests {
        private func history(_ server: PostgresServer) throws -> PostgresHistory {
            try configured(
                PostgresHistory.self,
                [
                    "host": "127.0.0.1", "port": .int(server.port), "database": "postgres",
                    "user": .string(PostgresServer.user), "password": .string(PostgresServer.password),
                    "connect_timeout": 20,
                ]
            )
        }

        /// What the engine does: events that could not be stored are offered again.
        @Test func aServerThatIsKilledAndBroughtBackHasEverythingInTheEnd() async throws {
            let server = try PostgresServer()
            let run = SampleRun()
            let recorder = try #require(try await history(server).beginRun(run.record, run.shape))
            try await recorder.append(Array(run.events.prefix(2)))
            server.kill()
            for _ in 0..<2 {
                await #expect(throws: PostgresError.self) { try await recorder.append(Array(run.events[2..<4])) }
            }
            try server.start()
            try await recorder.append(Array(run.events[2..<8]))
            try await recorder.close()
            let page = try await history(server).runs(RunQuery())
            #expect(page.runs.map(\.state) == [.succeeded])
            let reader = try #require(try await history(server).openRun(run.record.id, after: 0))
            #expect(try await reader.next(atMost: 10) == RecordedEvents(run.events))
        }

        /// What was closed is on the disk: the server is killed, and what it had only in its memory is gone.
        @Test func aRunThatEndedOutlivesTheServer() async throws {
            let server = try PostgresServer()
            let run = SampleRun()
            try await run.store(in: history(server), upTo: run.events.count)
            let reader = try #require(try await history(server).openRun(run.record.id, after: 0))
            server.kill()
            await #expect(throws: PostgresError.self) { try await reader.next(atMost: 10) }
            try server.start()
            #expect(try await reader.next(atMost: 10) == RecordedEvents(run.events))
        }
    }
#endif
