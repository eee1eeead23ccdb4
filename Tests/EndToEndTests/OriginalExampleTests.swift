import Foundation
import Testing

/// The examples of the original's documentation, with the outcomes that it describes.
@Suite(.ownThread) struct OriginalExampleTests {
    @Test func exampleJobFailsAfterThreeAttempts() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = Packages.root.appending(path: "QuickStart/job.yaml").path
        let result = try sandbox.start(["-j", job], program: "quick-start").wait()

        #expect(result.exitCode == 1)
        #expect(try sandbox.log("succeed-task-b") == ["INFO - Success!"])
        #expect(
            try sandbox.log("succeed-task-a") == [
                "INFO - Starting up and sleeping for 5 seconds!", "INFO - Done!",
            ]
        )
        let failing = try sandbox.log("final-fail-task")
        #expect(failing.filter { $0 == "INFO - Printing `my_var` value: Hello from: My First Task!!" }.count == 3)
        #expect(failing.filter { $0.contains("Let this be caught by Flowmancer") }.count == 3)

        let restarted = try sandbox.start(["-j", job, "-r"], program: "quick-start").wait()
        #expect(restarted.exitCode == 1)
        #expect(restarted.output.contains("done, kept: succeed-task-a, succeed-task-b"))
        #expect(restarted.output.contains("failed, run again: final-fail-task"))
        #expect(try sandbox.log("final-fail-task").count == 6)
    }

    @Test func exampleJobWithAGoodEnd() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = Packages.root.appending(path: "QuickStart/job-succeeds.yaml").path
        let result = try sandbox.start(
            ["-j", job, "--app-root", Packages.root.path],
            program: "quick-start",
            environment: ["HOME": sandbox.directory.path]
        ).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func omittedEnumerationTakesItsDefault() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              download-file-one:
                task: DownloadDataFromRestApi
                parameters:
                  api_details:
                    base_url: www.some_data_api.com
                    endpoint: v1/data/weather/today
                  target_dir: /data/todays_weather
                  target_filename: weather.json
            """
        )
        #expect(result.exitCode == 0)
        let expected = "INFO - HTTPS://www.some_data_api.com/v1/data/weather/today -> /data/todays_weather/weather.json"
        #expect(try sandbox.log("download-file-one") == [expected])
    }

    @Test func fileLoggerHasItsParameters() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              a: {task: Print, parameters: {text: hello}}
            loggers:
              my-file-logger:
                logger: FileLogger
                parameters:
                  base_log_dir: ./my_custom_log_dir
                  retention_days: 3
            """
        )
        #expect(result.exitCode == 0)
        let runs = try FileManager.default.contentsOfDirectory(atPath: sandbox.path("my_custom_log_dir"))
        let text = try sandbox.read("my_custom_log_dir/\(try #require(runs.first))/a.log")
        #expect(text.contains("] INFO - hello\n"))
        #expect(!sandbox.exists("logs"))
    }

    @Test func customLoggerSeesStartLinesAndEnd() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              a: {task: Print, parameters: {text: hello}}
            loggers:
              recording: {logger: RecordingLogger, parameters: {target: events.txt}}
            """
        )
        #expect(result.exitCode == 0)
        #expect(
            try sandbox.read("events.txt")
                == "onCreate\n[a] START 1\n[a] INFO: hello\n[a] END 1\nonSuccess\nonDestroy\n"
        )
    }

    @Test func customCheckpointerRestarts() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: custom}
            tasks:
              first: {task: Increment}
              second: {task: RequireFile, dependencies: [first], parameters: {path: gate}}
              third: {task: PrintCounter, dependencies: [second]}
            checkpointer: {checkpointer: PlainCheckpointer, parameters: {directory: .}}
            """
        #expect(try sandbox.run(job).exitCode == 2)
        #expect(sandbox.exists("custom.json"))
        try sandbox.write("", to: "gate")
        #expect(try sandbox.run(job, "-r").exitCode == 0)
        #expect(try sandbox.log("second") == ["INFO - onRestart"])
        #expect(try sandbox.log("third") == ["INFO - counter = 1"])
        #expect(!sandbox.exists("custom.json"))
    }

    @Test(arguments: [
        ([String](), 0, ["onCreate", "run", "onSuccess", "onDestroy"]),
        (["onCreate"], 1, ["onCreate", "onFailure", "onDestroy"]),
        (["run"], 1, ["onCreate", "run", "onFailure", "onDestroy"]),
        (["onSuccess"], 1, ["onCreate", "run", "onSuccess", "onFailure", "onDestroy"]),
        (["onDestroy"], 1, ["onCreate", "run", "onSuccess", "onDestroy"]),
    ])
    func lifecycleFollowsTheTable(failing: [String], exitCode: Int, steps: [String]) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              a: {task: Lifecycle, parameters: {failing: [\(failing.joined(separator: ", "))]}}
            """
        )
        #expect(Int(result.exitCode) == exitCode)
        let printed = try sandbox.log("a").filter { $0.hasPrefix("INFO - ") }.map { String($0.dropFirst(7)) }
        #expect(printed == steps)
    }
}

/// Where the package's own files are.
enum Packages {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
}
