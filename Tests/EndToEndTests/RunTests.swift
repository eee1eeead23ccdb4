import Foundation
import Testing

/// Order, retries, selection, exit codes, plug-ins.
@Suite(.ownThread) struct RunTests {
    @Test func exitCodeCountsFailuresButStaysBelow99() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let failing = (1...256).map { "  t\($0): {task: Fail}" }.joined(separator: "\n")
        #expect(try sandbox.run("tasks:\n\(failing)").exitCode == 98)
        let chain = "tasks: {a: {task: Fail}, b: {task: NoOp, dependencies: [a]}, c: {task: NoOp, depends_on: [b]}}"
        #expect(try sandbox.run(chain).exitCode == 3)
    }

    @Test func everyTransitionReachesTheExtensionsInOrder() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run(
            """
            tasks:
              a: {task: SucceedOnAttempt, max_attempts: 2, parameters: {attempt: 2}}
              b: {task: Fail, dependencies: [a]}
              c: {task: NoOp, dependencies: [b]}
            extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}
            """
        )
        #expect(
            try sandbox.read("states.txt").split(separator: "\n") == [
                "a _P 0", "b _P 0", "c _P 0", "a PR 1", "a RP 1", "a PR 2", "a RC 2", "b PR 1", "b RF 1", "c PD 0",
            ]
        )
    }

    @Test(arguments: [
        (["--skip", "b"], ["a", "c", "d"]), (["--run-to", "b"], ["a", "b"]), (["--run-from", "c"], ["c", "d"]),
        (["--skip", "a", "--skip", "d"], ["b", "c"]),
    ])
    func selectionRunsWhatItNames(arguments: [String], expected: [String]) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              a: {task: NoOp}
              b: {task: NoOp, dependencies: [a]}
              c: {task: NoOp, dependencies: [b]}
              d: {task: NoOp, dependencies: [c]}
            extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}
            """
        try sandbox.write(job, to: "job.yaml")
        #expect(try sandbox.start(["-j", "job.yaml"] + arguments).wait().exitCode == 0)
        let states = try sandbox.read("states.txt").split(separator: "\n")
        // What depends on a skipped task only does not wait for what came before it: the order is free.
        #expect(states.filter { $0.contains(" RC ") }.map { String($0.prefix(1)) }.sorted() == expected)
        #expect(states.filter { $0.contains(" PS ") }.count == 4 - expected.count)
    }

    @Test func aDependentDoesNotWaitForUnrelatedTasks() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        // The long ones end only when the dependent has run.
        let script = "while [ ! -e done ]; do sleep 0.02; done"
        let long = (1...12).map { "  long\($0): {task: RunChild, parameters: {script: '\(script)'}}" }
        let result = try sandbox.run(
            "tasks:\n\(long.joined(separator: "\n"))\n  first: {task: NoOp}\n"
                + "  second: {task: RunChild, dependencies: [first], parameters: {script: 'touch done'}}"
        )
        #expect(result.exitCode == 0)
    }

    @Test func pluginsThatFailDoNotFailTheJob() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a: {task: NoOp}}\nextensions: {bad: {extension: FailingExtension}}")
        #expect(result.exitCode == 0)
        #expect(result.errors.contains("extensions.bad failed"))
        #expect(result.errors.contains("extensions.bad failed 6 times in total"))
    }

    @Test func aCheckpointerThatCannotWriteKeepsTheRunFromBeginning() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            "tasks: {a: {task: RunChild, parameters: {script: touch ran}}}\ncheckpointer: {checkpointer: BrokenCheckpointer}"
        )
        #expect(result.exitCode == 99)
        #expect(result.errors.contains("the storage is broken"))
        #expect(!sandbox.exists("ran"))
    }

    @Test func tenThousandTasksRun() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (0..<10_000).map { number in
            let dependencies = number >= 50 ? ", dependencies: [t\(number - 50), t\(number - 49)]" : ""
            return "  t\(number): {task: NoOp\(dependencies)}"
        }
        let result = try sandbox.run("tasks:\n" + tasks.joined(separator: "\n"))
        #expect(result.exitCode == 0)
        #expect(result.output.contains("10,000 completed"))
    }

    @Test(arguments: ["-1", "0", "3"])
    func maxConcurrencyMayBeNegative(limit: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("tasks: {a: {task: NoOp}}", "--max-concurrency", limit).exitCode == 0)
    }

    @Test func registeredTypesRun() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              bare: {task: Repeat<Int>, parameters: {value: 42}}
              qualified: {task: test_app.Repeat<Swift.String>, parameters: {value: word}}
              named: {task: RepeatFlag, parameters: {value: true}}
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("bare") == ["INFO - Int 42"])
        #expect(try sandbox.log("qualified") == ["INFO - String word"])
        #expect(try sandbox.log("named") == ["INFO - Bool true"])
    }

    @Test func backoffDelaysTheNextAttempt() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let begin = Date()
        let job = "tasks: {a: {task: SucceedOnAttempt, max_attempts: 3, backoff: 0.3, parameters: {attempt: 3}}}"
        #expect(try sandbox.run(job).exitCode == 0)
        #expect(Date().timeIntervalSince(begin) >= 0.6)
    }
}
