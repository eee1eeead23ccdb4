import Foundation
import FlowmancerCore
import Testing

/// A run has an id, by which everything that belongs to it is found.
@Suite(.ownThread) struct RunIDTests {
    /// Runs a job whose tasks say in which run they are, in whichever way.
    ///
    /// - Returns: The id of the run, and what the tasks said.
    private func ids(in sandbox: Sandbox, _ arguments: String..., config: String = "max_concurrency: 1") throws -> (
        run: RunID, said: [String]
    ) {
        try sandbox.write(
            """
            config: {\(config)}
            loggers:
              events: {logger: JSONLinesLogger, parameters: {path: events.jsonl}}
            tasks:
              first: {task: Shell, parameters: {command: 'echo "$FLOWMANCER_RUN_ID"'}}
              forget: {task: ForgetRunID, dependencies: [first]}
              again: {task: ForgetRunID, dependencies: [forget]}
              alone: {task: ForgetRunID, isolation: process, dependencies: [again]}
              last: {task: Shell, parameters: {command: '/usr/bin/env | grep FLOWMANCER_RUN_ID | cut -d= -f2'}, dependencies: [alone]}
            """,
            to: "job.yaml"
        )
        try? FileManager.default.removeItem(atPath: sandbox.path("events.jsonl"))
        // A run within a run has an id of its own.
        let outer = ["FLOWMANCER_RUN_ID": "019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c37"]
        let result = try sandbox.start(["-j", "job.yaml"] + arguments, environment: outer).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        let events = try sandbox.read("events.jsonl").split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        let runs = Set(events.compactMap { $0["run"] as? String })
        #expect(runs.count == 1)
        return (try #require(runs.first.flatMap(RunID.init)), events.compactMap { $0["message"] as? String })
    }

    @Test(arguments: ["max_concurrency: 1", "max_concurrency: 4, isolation: process"])
    func tasksAndWhatTheyStartKnowIt(config: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let (run, said) = try ids(in: sandbox, config: config)
        // Its metadata and its environment, of which another attempt has removed it.
        #expect(said == Array(repeating: "\(run)", count: 8))
    }

    @Test func everyRunHasItsOwnAndTheCheckpointTheLast() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let first = try ids(in: sandbox).run
        let second = try ids(in: sandbox).run
        #expect(first < second)
        let failing =
            "config: {name: failing}\ntasks: {a: {task: Shell, parameters: {command: 'echo $FLOWMANCER_RUN_ID; exit 1'}}}"
        #expect(try sandbox.run(failing).exitCode == 1)
        let said = try #require(try sandbox.log("a").first { $0.hasPrefix("INFO - ") })
        let header = try #require(try sandbox.read(".flowmancer/failing.checkpoint").split(separator: "\n").first)
        #expect(header.contains(#""run":"\#(said.dropFirst("INFO - ".count))""#))
    }

    @Test func aUserCanSeeIt() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: Shell, parameters: {command: 'echo $FLOWMANCER_RUN_ID'}}}"
        let result = try sandbox.run(job, "--debug")
        let said = try #require(try sandbox.log("a").first { $0.hasPrefix("INFO - ") }).dropFirst("INFO - ".count)
        #expect(result.errors.contains("The id of this run is \(said)."))
        #expect(try !sandbox.run(job).errors.contains("The id of this run"))
    }
}
