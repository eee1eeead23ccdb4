import Foundation
import Testing

/// What the progress display says of tasks that failed.
@Suite(.ownThread) struct FailureReportTests {
    @Test func aFailureIsExplainedWhereItHappensAndAtTheEnd() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {name: nightly, max_concurrency: 1}
            tasks:
              load:
                task: Shell
                max_attempts: 2
                parameters:
                  command: |
                    echo to standard output
                    for i in 01 02 03 04 05 06 07 08 09 10 11 12; do echo "line $i" >&2; done
                    exit 3
              quiet: {task: Shell, dependencies: [last], parameters: {command: 'echo only this; exit 4'}}
              crash: {task: KillSelf, dependencies: [last]}
              limit: {task: SleepLong, timeout: 0.2, dependencies: [last]}
              last: {task: NoOp}
              \((0..<10).map { "n\($0): {task: NoOp, dependencies: [load]}" }.joined(separator: "\n  "))
            """,
            environment: ["LC_ALL": "C"]
        )
        #expect(result.exitCode == 14)
        let lines = result.output.split(separator: "\n").map(String.init)
        let log = try "    log: " + sandbox.logFile("load").replacing("/latest/", with: "/\(newestRun(of: sandbox))/")
        let first = try #require(lines.firstIndex { $0.hasPrefix("failed load (attempt 1)") })
        #expect(lines[first].contains("will be retried: "))
        #expect(lines[first].contains("exited with code 3: echo to standard output …"))
        #expect(lines[(first + 1)...(first + 4)] == ["    | line 10", "    | line 11", "    | line 12", log])
        let second = try #require(lines.firstIndex { $0.hasPrefix("failed load (attempt 2)") })
        #expect(!lines[second].contains("retried") && lines[second].contains("exited with code 3"))
        #expect(lines.count { $0.hasPrefix("not run: ") } == 1)
        #expect(lines.contains("not run: n0, n1, n2 and 7 more ('load' failed)"))
        let heading = try #require(lines.firstIndex(of: "4 tasks failed:"))
        let end = Array(lines[heading...])
        let load = try #require(end.firstIndex { $0.hasPrefix("  load (attempt 2): ") })
        let numbers = ["03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]
        #expect(Array(end[(load + 1)...(load + 11)]) == numbers.map { "    | line \($0)" } + [log])
        let quiet = try #require(end.firstIndex { $0.hasPrefix("  quiet (attempt 1): ") })
        #expect(end[quiet].contains("exited with code 4") && end[quiet + 1] == "    | only this")
        #expect(end.contains { $0.hasPrefix("  crash (attempt 1): ") && $0.contains("killed by signal 9") })
        #expect(end.contains { $0.hasPrefix("  limit (attempt 1): ") && $0.contains("time limit of 0.2 s") })
        #expect(end.last?.hasPrefix("nightly failed: 1 completed, 4 failed, 10 not run, 1 retry in ") == true)
    }

    private func newestRun(of sandbox: Sandbox) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: sandbox.path("logs/latest"))
    }

    @Test func withoutLogFilesNoPathIsNamed() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a: {task: Fail}}\nloggers: {}")
        #expect(result.output.contains("failed a (attempt 1)"))
        #expect(!result.output.contains("log:"))
    }

    @Test func secretsAreMaskedInLastLinesAndReasons() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a: {task: Leak, parameters: {token: hunter22}}}")
        #expect(result.output.contains("failed a (attempt 1)"))
        #expect(result.output.contains("rejected ***"), "\(result.output)")
        #expect(result.output.contains("failed with ***"), "\(result.output)")
        #expect(!result.output.contains("hunter22"), "\(result.output)")
    }

    @Test(arguments: [
        ("loggers.c", "loggers: {c: {logger: ConsoleLogger}}\nextensions: {}", "20 lines were lost"),
        ("extensions.p", "loggers: {}\nextensions: {p: {extension: RichProgressBar}}", "2 lines were lost"),
        (
            "loggers.j", "loggers: {j: {logger: JSONLinesLogger, parameters: {path: /dev/full}}}\nextensions: {}",
            "22 lines were lost"
        ),
        (
            "loggers.j", "loggers: {j: {logger: JSONLinesLogger, parameters: {path: '-'}}}\nextensions: {}",
            "22 lines were lost"
        ),
    ])
    func aFullOutputFailsNoJobAndIsSaid(_ name: String, _ plugins: String, _ loss: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            "tasks: {a: {task: Shell, parameters: {command: seq 20}}}\n\(plugins)",
            to: "job.yaml"
        )
        let command = "exec \(Products.path("test-app")) -j job.yaml > /dev/full"
        let result = try Running("/bin/sh", ["-c", command], in: sandbox.directory, environment: [:]).wait()
        #expect(result.exitCode == 0)
        #expect(result.errors.contains("\(name) failed"), "\(result.errors)")
        #expect(result.errors.contains("No space left on device"), "\(result.errors)")
        #expect(result.errors.contains(loss), "\(result.errors)")
    }
}
