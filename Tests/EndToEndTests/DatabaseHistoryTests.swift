import Foundation
import ProgramTestSupport
import Testing

/// Runs that are kept in databases, by the real program.
@Suite(.ownThread) struct DatabaseHistoryTests {
    /// Where a history is.
    enum Storage: CaseIterable, CustomTestStringConvertible {
        case sqlite
        /// In the file of the checkpoints.
        case sqliteWithCheckpoints
        #if Postgres
            case postgres
        #endif

        var testDescription: String { "\(self)" }

        /// The part of a job that says so, and whatever has to live meanwhile; `nil` if there is no server.
        func prepare() throws -> (yaml: String, server: PostgresServer?)? {
            switch self {
            case .sqlite:
                return ("history: {history: SQLiteHistory, parameters: {history_database: db/runs.sqlite}}\n", nil)
            case .sqliteWithCheckpoints:
                return (
                    """
                    history: {history: SQLiteHistory, parameters: {history_database: db/jobs.sqlite}}
                    checkpointer: {checkpointer: SQLiteCheckpointer, parameters: {checkpoint_database: db/jobs.sqlite}}

                    """, nil
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
            history:
              history: PostgresHistory
              parameters:
                host: 127.0.0.1
                port: \(port)
                database: postgres
                user: \(PostgresServer.user)
                password: \(PostgresServer.password)

            """
        }
    }

    private let tasks = """
        config: {name: kept}
        extensions: {}
        tasks:
          a: {task: Step}
          b: {task: FlowmancerPlugins.Shell, dependencies: [a], parameters: {command: echo trouble; test -e fine}}
          c: {task: Step, dependencies: [a], parameters: {gate: gate}}
          d: {task: Audit, dependencies: [b, c]}

        """

    private func start(_ sandbox: Sandbox, _ arguments: String...) throws -> Running {
        try sandbox.start(arguments, program: "checkpoint-app")
    }

    private func output(_ sandbox: Sandbox, _ arguments: String...) throws -> String {
        let result = try sandbox.start(arguments + ["-j", "job.yaml"], program: "checkpoint-app").wait()
        #expect(result.exitCode == 0, "\(arguments): \(result.errors)")
        #expect(result.errors.isEmpty, "\(arguments): \(result.errors)")
        return result.output
    }

    /// Whether the last run, as far as there is one, is shown with some words.
    private func shows(_ sandbox: Sandbox, _ words: String) -> Bool {
        let result = try? sandbox.start(["show", "last", "-j", "job.yaml"], program: "checkpoint-app").wait()
        return result?.output.contains(words) == true
    }

    private func states(_ sandbox: Sandbox, _ arguments: String...) throws -> [String] {
        let result = try sandbox.start(["runs", "--json", "-j", "job.yaml"] + arguments, program: "checkpoint-app")
            .wait()
        #expect(result.exitCode == 0 && result.errors.isEmpty, "\(result.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        return (object?["runs"] as? [[String: Any]])?.compactMap { $0["state"] as? String } ?? []
    }

    private func side(_ sandbox: Sandbox) -> [String] {
        ((try? sandbox.read("side")) ?? "").split(separator: "\n").map(String.init)
    }

    @Test(arguments: Storage.allCases)
    func aRunIsKeptWithAllThatHappened(_ storage: Storage) throws {
        guard let (history, server) = try storage.prepare() else { return }
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(history + tasks, to: "job.yaml")
        #expect(try states(sandbox).isEmpty)
        let run = try start(sandbox, "-j", "job.yaml")
        #expect(waitUntil { side(sandbox).contains("begin c") })
        #expect(waitUntil { shows(sandbox, "c  running") })
        #expect(try states(sandbox) == ["under_way"])
        try sandbox.write("", to: "gate")
        #expect(try run.wait().exitCode != 0)
        #expect(try states(sandbox) == ["failed"])
        try sandbox.write("", to: "fine")
        #expect(try start(sandbox, "-j", "job.yaml", "-r").wait().exitCode == 0)
        #expect(try states(sandbox) == ["succeeded", "failed"])
        #expect(try states(sandbox, "--state", "failed") == ["failed"])
        #expect(try states(sandbox, "--job", "other").isEmpty)
        #expect(try states(sandbox, "--limit", "1", "--since", "1h") == ["succeeded"])
        #expect(try output(sandbox, "show", "last").contains("kept: succeeded"))
        #expect(try output(sandbox, "logs", "last", "b").contains("trouble"))
        _ = try output(sandbox, "report", "last", "-o", "run.html")
        #expect(try sandbox.read("run.html").contains("The run succeeded"))
        withExtendedLifetime(server) {}
    }

    @Test(arguments: Storage.allCases)
    func aRunThatWasKilledIsInterrupted(_ storage: Storage) throws {
        guard let (history, server) = try storage.prepare() else { return }
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(history + tasks, to: "job.yaml")
        let run = try start(sandbox, "-j", "job.yaml")
        #expect(waitUntil { shows(sandbox, "c  running") })
        run.signal(SIGKILL)
        _ = try run.wait()
        // The server may take a moment to notice.
        #expect(waitUntil { (try? states(sandbox)) == ["interrupted"] })
        #expect(try output(sandbox, "show", "last").contains("a  completed"))
        try sandbox.write("", to: "gate")
        try sandbox.write("", to: "fine")
        #expect(try start(sandbox, "-j", "job.yaml", "-r").wait().exitCode == 0)
        #expect(try states(sandbox) == ["succeeded", "interrupted"])
        withExtendedLifetime(server) {}
    }

    @Test(arguments: Storage.allCases)
    func severalEnginesAndReadersUseItAtTheSameTime(_ storage: Storage) throws {
        guard let (history, server) = try storage.prepare() else { return }
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(history + tasks, to: "job.yaml")
        let items = (1...300).map(String.init).joined(separator: ", ")
        let runs = try (0..<3).map { number in
            let job = """
                \(history)
                config: {name: job \(number)}
                extensions: {}
                loggers: {}
                tasks:
                  all: {task: Nothing, for_each: [\(items)]}
                """
            try sandbox.write(job, to: "job-\(number).yaml")
            return try start(sandbox, "-j", "job-\(number).yaml")
        }
        var readings = 0
        while readings < 5 {
            _ = try states(sandbox)
            readings += 1
        }
        for run in runs {
            let result = try run.wait()
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(!result.errors.contains("history"), "\(result.errors)")
        }
        #expect(try states(sandbox) == ["succeeded", "succeeded", "succeeded"])
        for number in 0..<3 {
            #expect(try output(sandbox, "show", "last:job \(number)").contains("300 completed"))
        }
        withExtendedLifetime(server) {}
    }

    @Test func aFileThatIsNoDatabaseFailsNoRun() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let (history, _) = try Storage.sqlite.prepare() else { return }
        try sandbox.write(history + tasks, to: "job.yaml")
        for file in ["gate", "fine"] { try sandbox.write("", to: file) }
        try FileManager.default.createDirectory(atPath: sandbox.path("db"), withIntermediateDirectories: true)
        try sandbox.write("no database", to: "db/runs.sqlite")
        let run = try start(sandbox, "-j", "job.yaml").wait()
        #expect(run.exitCode == 0)
        let words =
            "the history database 'db/runs.sqlite' cannot be used: it is not an SQLite database; move the file away"
        #expect(run.errors.contains("This run is not recorded in the history: \(words)"), "\(run.errors)")
        let listing = try start(sandbox, "runs", "-j", "job.yaml").wait()
        #expect(listing.exitCode != 0)
        #expect(listing.errors.contains(words), "\(listing.errors)")
        #expect(try sandbox.read("db/runs.sqlite") == "no database")
    }

    #if Postgres
        @Test(.enabled(if: PostgresServer.isAvailable, "\(PostgresServer.obstacle ?? "")"))
        func aServerThatIsKilledDuringARunIsSaidOnceAndLosesNothing() throws {
            let server = try PostgresServer()
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let more = "  e: {task: Step, dependencies: [c], parameters: {gate: gate2}}\n"
            try sandbox.write(Storage.yaml(port: server.port) + tasks + more, to: "job.yaml")
            try sandbox.write("", to: "fine")
            let run = try start(sandbox, "-j", "job.yaml")
            #expect(waitUntil { shows(sandbox, "c  running") })
            server.kill()
            try sandbox.write("", to: "gate")
            // The run goes on without the server.
            #expect(waitUntil { side(sandbox).contains("begin e") })
            #expect(
                waitUntil { run.errorsSoFar.contains("The history of this run is incomplete") },
                "\(run.errorsSoFar)"
            )
            let refused = try start(sandbox, "runs", "-j", "job.yaml").wait()
            #expect(refused.exitCode != 0)
            #expect(refused.errors.contains("and that the server is running"), "\(refused.errors)")
            try server.start()
            #expect(waitUntil { shows(sandbox, "e  running") })
            #expect(try states(sandbox) == ["under_way"])
            try sandbox.write("", to: "gate2")
            let result = try run.wait()
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(result.errors.split(separator: "\n").count { $0.contains("history") } == 1, "\(result.errors)")
            #expect(!(result.errors + result.output).contains(PostgresServer.password))
            #expect(try states(sandbox) == ["succeeded"])
            #expect(try output(sandbox, "show", "last").contains("5 completed"))
        }
    #endif
}
