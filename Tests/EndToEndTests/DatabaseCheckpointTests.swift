import Foundation
import ProgramTestSupport
import Testing

/// Jobs whose checkpoints are in databases.
@Suite(.ownThread) struct DatabaseCheckpointTests {
    /// Where a checkpoint is.
    enum Storage: CaseIterable, CustomTestStringConvertible {
        case sqlite
        #if Postgres
            case postgres
        #endif

        var testDescription: String { "\(self)" }

        /// The part of a job that says so, and whatever has to live meanwhile; `nil` if there is no server.
        func prepare() throws -> (yaml: String, server: PostgresServer?)? {
            switch self {
            case .sqlite:
                return (
                    "checkpointer: {checkpointer: SQLiteCheckpointer, parameters: {checkpoint_database: db/jobs.sqlite}}\n",
                    nil
                )
            #if Postgres
                case .postgres:
                    guard PostgresServer.isAvailable else { return nil }
                    let server = try PostgresServer()
                    return (Self.yaml(port: server.port), server)
            #endif
            }
        }

        static func yaml(port: Int) -> String {
            """
            checkpointer:
              checkpointer: PostgresCheckpointer
              parameters:
                host: 127.0.0.1
                port: \(port)
                database: postgres
                user: \(PostgresServer.user)
                password: \(PostgresServer.password)

            """
        }
    }

    private func start(_ sandbox: Sandbox, _ yaml: String, _ arguments: String..., job: String = "job.yaml") throws
        -> Running
    {
        try sandbox.write(yaml, to: job)
        return try sandbox.start(["-j", job] + arguments, program: "checkpoint-app")
    }

    private let tasks = """
        config: {name: kept}
        extensions: {}
        tasks:
          a: {task: Step}
          b: {task: Step, dependencies: [a]}
          c: {task: Step, dependencies: [b], parameters: {gate: gate}}
          d: {task: Audit, dependencies: [c]}

        """

    private func side(_ sandbox: Sandbox) -> [String] {
        ((try? sandbox.read("side")) ?? "").split(separator: "\n").map(String.init)
    }

    @Test(arguments: Storage.allCases)
    func theCheckpointOfAnotherFileIsRefused(_ storage: Storage) throws {
        guard let (checkpointer, server) = try storage.prepare() else { return }
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job =
            checkpointer + """
                config: {name: kept}
                tasks:
                  a: {task: Step}
                  b: {task: FlowmancerPlugins.Shell, dependencies: [a], parameters: {command: test -e ready}}
                """
        #expect(try start(sandbox, job, job: "one.yaml").wait().exitCode == 1)
        let refused = try start(sandbox, job + " # other", "-r", job: "two.yaml").wait()
        #expect(refused.exitCode == 99)
        let text = "the checkpoint of the job 'kept' belongs to another job file, \(sandbox.path("one.yaml"))"
        #expect(refused.errors.contains(text), "\(refused.errors)")
        try sandbox.write("", to: "ready")
        let own = try start(sandbox, job, "-r", job: "one.yaml").wait()
        #expect(own.exitCode == 0, "\(own.errors)")
        #expect(side(sandbox) == ["begin a", "end a"])
        withExtendedLifetime(server) {}
    }

    @Test(arguments: Storage.allCases)
    func aKilledEngineLosesNothing(_ storage: Storage) throws {
        guard let (checkpointer, server) = try storage.prepare() else { return }
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = checkpointer + tasks
        let first = try start(sandbox, job)
        #expect(waitUntil { side(sandbox).contains("begin c") })
        let second = try start(sandbox, job).wait()
        #expect(second.exitCode == 99)
        #expect(second.errors.contains("another run of the job 'kept' is under way (process \(first.pid), since 2"))
        first.signal(SIGKILL)
        // At once, while the system and the server may still be busy with what is left of it.
        try sandbox.write("", to: "gate")
        let last = try start(sandbox, job, "-r").wait()
        #expect(last.exitCode == 0, "\(last.output) \(last.errors)")
        #expect(last.output.contains("done, kept: a, b\n"))
        #expect(last.output.contains("was running, runs again: c\n"))
        #expect(side(sandbox).filter { $0.hasPrefix("begin") } == ["begin a", "begin b", "begin c", "begin c"])
        #expect(try sandbox.log("d") == ["INFO - a b c c"])
        _ = try first.wait()
        let again = try start(sandbox, job, "-r").wait()
        #expect(again.output.contains("No checkpoint is stored for the job 'kept'"), "\(again)")
        withExtendedLifetime(server) {}
    }

    @Test(arguments: Storage.allCases)
    func jobsShareADatabase(_ storage: Storage) throws {
        guard let (checkpointer, server) = try storage.prepare() else { return }
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        // All of them create it at the same time.
        let runs = try (0..<4).map { number in
            try start(
                sandbox,
                checkpointer + tasks.replacing("kept", with: "kept \(number)"),
                job: "job-\(number).yaml"
            )
        }
        try sandbox.write("", to: "gate")
        for run in runs {
            let result = try run.wait()
            #expect(result.exitCode == 0, "\(result.output) \(result.errors)")
        }
        withExtendedLifetime(server) {}
    }

    #if Postgres
        @Test(arguments: [
            ("connect_timeout: 0", "a duration of more than 0 seconds"),
            ("response_timeout: -1", "a duration of more than 0 seconds"),
            ("host: \"local\\0host\"", "a text without NUL characters"),
            ("schema: \"a\\0b\"", "a text without NUL characters"),
            ("password: \"opaq\\0ue\"", "a text without NUL characters"),
        ])
        func whatTheServerCannotBeToldIsAnErrorOfTheJobFile(parameter: String, expectation: String) throws {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let job = "\(tasks)checkpointer: {checkpointer: PostgresCheckpointer, parameters: {\(parameter)}}\n"
            let result = try start(sandbox, job).wait()
            #expect(result.exitCode == 1)
            let key = parameter.prefix { $0 != ":" }
            let words = "error: checkpointer.parameters.\(key): expected \(expectation)"
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(!result.errors.contains("opaq"), "\(result.errors)")
        }
    #endif

    @Test func aDamagedDatabaseIsKeptUntilTheUserDecides() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let (checkpointer, _) = try Storage.sqlite.prepare() else { return }
        try sandbox.write("", to: "gate")
        try FileManager.default.createDirectory(atPath: sandbox.path("db"), withIntermediateDirectories: true)
        try sandbox.write("no database", to: "db/jobs.sqlite")
        let refused = try start(sandbox, checkpointer + tasks, "-r").wait()
        #expect(refused.exitCode == 99)
        #expect(
            refused.errors.contains(
                "it is not an SQLite database; move the file away, or run with --discard-checkpoint"
            )
        )
        #expect(try sandbox.read("db/jobs.sqlite") == "no database")
        let discarded = try start(sandbox, checkpointer + tasks, "-r", "--discard-checkpoint").wait()
        #expect(discarded.exitCode == 0, "\(discarded.errors)")
        #expect(try sandbox.read("db/jobs.sqlite.damaged") == "no database")
    }

    @Test(arguments: [["db"], ["db/jobs.sqlite"], ["db/jobs.sqlite-wal", "db/jobs.sqlite-shm"]])
    func aDatabaseThatIsRemovedDuringARunIsMadeAnew(_ removed: [String]) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let (checkpointer, _) = try Storage.sqlite.prepare() else { return }
        let job = checkpointer + tasks + "  e: {task: Step, dependencies: [c], parameters: {gate: gate2}}\n"
        let run = try start(sandbox, job)
        #expect(waitUntil { side(sandbox).contains("begin c") })
        for path in removed { try FileManager.default.removeItem(atPath: sandbox.path(path)) }
        try sandbox.write("", to: "gate")
        #expect(waitUntil { run.errorsSoFar.contains("was removed, or replaced by another") }, "\(run.errorsSoFar)")
        #expect(waitUntil { run.outputSoFar.contains("Progress is stored again") }, "\(run.outputSoFar)")
        #expect(waitUntil { side(sandbox).contains("begin e") })
        run.signal(SIGKILL)
        _ = try run.wait()
        try sandbox.write("", to: "gate2")
        let last = try start(sandbox, job, "-r").wait()
        #expect(last.exitCode == 0, "\(last.output) \(last.errors)")
        #expect(last.output.contains("done, kept: a, b, c"), "\(last.output)")
    }

    #if Postgres
        @Test(.enabled(if: PostgresServer.isAvailable, "\(PostgresServer.obstacle ?? "")"))
        func aServerThatIsKilledAndBroughtBackHasEverythingInTheEnd() throws {
            let server = try PostgresServer()
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let more = "  e: {task: Step, dependencies: [c], parameters: {gate: gate2}}\n"
            let run = try start(sandbox, Storage.yaml(port: server.port) + tasks + more)
            #expect(waitUntil { side(sandbox).contains("begin c") })
            server.kill()
            try sandbox.write("", to: "gate")
            // The run goes on without the server.
            #expect(waitUntil { side(sandbox).contains("begin e") })
            #expect(waitUntil { run.errorsSoFar.contains("cannot be used") }, "\(run.errorsSoFar)")
            try server.start()
            #expect(
                waitUntil { (try? server.psql("SELECT state FROM flowmancer.tasks WHERE name = 'e'")) == ["running"] }
            )
            #expect(
                try server.psql("SELECT name, state FROM flowmancer.tasks ORDER BY name").prefix(4) == [
                    "a|completed", "b|completed", "c|completed", "d|completed",
                ]
            )
            let second = try start(sandbox, Storage.yaml(port: server.port) + tasks + more, job: "other.yaml").wait()
            #expect(second.exitCode == 99)
            #expect(second.errors.contains("another run of the job 'kept' is under way"))
            try sandbox.write("", to: "gate2")
            let result = try run.wait()
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(try server.psql("SELECT count(*) FROM flowmancer.current_runs") == ["0"])
            #expect(!(result.errors + result.output).contains(PostgresServer.password))
        }

        /// Each mistake is answered with what helps against it.
        @Test(.enabled(if: PostgresServer.isAvailable, "\(PostgresServer.obstacle ?? "")"))
        func whatKeepsFromAServerIsSaidWithWhatHelps() throws {
            let server = try PostgresServer()
            try server.psql("CREATE DATABASE closed")
            try server.psql("REVOKE CONNECT ON DATABASE closed FROM PUBLIC")
            try server.psql("CREATE ROLE guest LOGIN PASSWORD '\(PostgresServer.password)'")
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let own = "user: \(PostgresServer.user)"
            let cases: [(found: [String], instead: [String], advice: String)] = [
                (["host: 127.0.0.1"], ["host: no-such-host.invalid"], "check the name in 'host', or in 'url'"),
                (["port: \(server.port)"], ["port: 1"], "check 'host' and 'port', and that the server is running"),
                (["password: \(PostgresServer.password)"], ["password: wrong"], "check 'user' and 'password'"),
                ([own], ["user: nobody"], "check 'user' and 'password'"),
                (
                    ["database: postgres"], ["database: no SSL certificate"],
                    "check 'database', or create it on the server"
                ),
                ([own, "database: postgres"], ["user: guest", "database: closed"], "with GRANT CONNECT"),
                ([own], [own, "sslmode: require"], "enable TLS on the server, or set 'sslmode' to prefer or disable"),
            ]
            for (found, instead, advice) in cases {
                var job = Storage.yaml(port: server.port) + tasks
                for (old, new) in zip(found, instead) { job = job.replacing(old, with: new) }
                for new in instead.dropFirst(found.count) { job = job.replacing(own, with: "\(own)\n    \(new)") }
                let result = try start(sandbox, job).wait()
                #expect(result.exitCode == 99, "\(instead)")
                #expect(result.errors.hasSuffix("\(advice)\n"), "\(instead): \(result.errors)")
            }
            #expect(!sandbox.exists("side"))
        }

        @Test func withoutAServerNoTaskRuns() throws {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let result = try start(sandbox, Storage.yaml(port: 1) + tasks).wait()
            #expect(result.exitCode == 99)
            #expect(result.errors.contains("check 'host' and 'port', and that the server is running"))
            #expect(!sandbox.exists("side"))
        }
    #endif
}
