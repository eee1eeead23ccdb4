import Foundation
import Testing

/// What attempts do to the process that they share with others.
@Suite(.ownThread) struct WorkerProcessTests {
    // MARK: Orphans

    @Test(arguments: ["pool", "process"])
    func orphansAreCollectedWhileTheTaskRuns(isolation: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {isolation: \(isolation)}
            tasks: {a: {task: LeaveOrphans, parameters: {count: 300, limit: 100}}}
            """
        )
        #expect(result.exitCode == 0)
        #expect(try sandbox.log("a") == ["INFO - few zombies"])
    }

    @Test func orphansOfACommandAreCollectedWhileItRuns() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        // The command's parent is the worker, which adopts them.
        let result = try sandbox.run(
            """
            tasks:
              a:
                task: Shell
                parameters:
                  command: |
                    for i in $(seq 300); do sh -c 'sleep 0 &'; done
                    for i in $(seq 600); do
                        count=$(cat /proc/[0-9]*/stat 2>/dev/null | grep -c ") Z $PPID ")
                        if [ "$count" -lt 100 ]; then exit 0; fi
                        sleep 0.1
                    done
                    echo "$count zombies"; exit 1
            """
        )
        let log = try sandbox.log("a")
        #expect(result.exitCode == 0, "\(log)")
    }

    @Test(arguments: ["pool", "process"])
    func theStatusOfATasksOwnChildrenIsLeftToIt(isolation: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("config: {isolation: \(isolation)}\ntasks: {a: {task: CollectLate}}")
        #expect(result.exitCode == 0)
        #expect(
            try sandbox.log("a") == [
                "INFO - this thread: collected", "INFO - another thread: collected", "INFO - Dispatch: collected",
                "INFO - a Swift task: collected", "INFO - the main actor: collected", "INFO - a group: collected",
                "INFO - a thread that ended meanwhile: collected", "INFO - system: 3",
            ]
        )
    }

    // MARK: Surroundings

    @Test func directoryEnvironmentAndMaskAreAsBeforeForTheNextTask() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(atPath: sandbox.path("data"), withIntermediateDirectories: true)
        try sandbox.write(
            """
            config: {max_concurrency: 1}
            tasks:
              change: {task: ChangeSurroundings, parameters: {directory: data}}
              show: {task: ShowSurroundings, dependencies: [change]}
              again: {task: ChangeSurroundings, parameters: {directory: data}, dependencies: [show]}
              shell: {task: Shell, parameters: {command: 'pwd; echo "$CHANGED $REMOVED"'}, dependencies: [again]}
              last: {task: ShowSurroundings, dependencies: [shell]}
            """,
            to: "job.yaml"
        )
        let environment = ["CHANGED": "no", "REMOVED": "no", "WRITTEN": "no"]
        let result = try Running(
            "/bin/sh",
            ["-c", "umask 027; exec \(Products.path("test-app")) -j job.yaml"],
            in: sandbox.directory,
            environment: environment
        ).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        let process = try #require(try sandbox.log("change").first)
        let directory = URL(fileURLWithPath: sandbox.path(".")).resolvingSymlinksInPath().path
        let expected = [
            process, "INFO - directory \(directory)", "INFO - CHANGED no", "INFO - ADDED unset", "INFO - REMOVED no",
            "INFO - WRITTEN no", "INFO - mask \(0o027)",
        ]
        #expect(try sandbox.log("show") == expected)
        #expect(try sandbox.log("again") == [process])
        #expect(try sandbox.log("shell") == ["INFO - \(directory)", "INFO - no no"])
        #expect(try sandbox.log("last") == expected)
    }

    // MARK: What outlives an attempt

    @Test func linesOfAnAttemptThatIsOverGetIntoNoOthersLog() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {max_concurrency: 1}
            tasks:
              late: {task: LogLate, parameters: {start: start, done: done}}
              next: {task: AwaitLate, parameters: {start: start, done: done}, dependencies: [late]}
              last: {task: LeaveThread, parameters: {way: none}, dependencies: [next]}
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        let process = try #require(try sandbox.log("late").first)
        #expect(try sandbox.log("late") == [process])
        #expect(try sandbox.log("next") == [process, "INFO - in time"])
        let notice = "The task 'late' (attempt 1) logged a line after it had ended: too late"
        #expect(result.errors.ranges(of: notice).count == 1, "\(result.errors)")
        #expect(result.errors.contains("The task 'late' (attempt 1) logged 2 lines after it had ended."))
        // What is left of the first task might go on printing.
        #expect(try sandbox.log("last") != [process])
    }

    @Test(arguments: [("none", true), ("joined", true), ("pool", true), ("thread", false)])
    func aWorkerIsUsedAgainUnlessAThreadWasLeft(way: String, isUsedAgain: Bool) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {max_concurrency: 1}
            tasks:
              a: {task: LeaveThread, parameters: {way: none}}
              b: {task: LeaveThread, parameters: {way: \(way)}, dependencies: [a]}
              c: {task: LeaveThread, parameters: {way: none}, dependencies: [b]}
            """
        )
        #expect(result.exitCode == 0)
        #expect(try sandbox.log("a") == sandbox.log("b"))
        #expect(try (sandbox.log("b") == sandbox.log("c")) == isUsedAgain)
    }

    @Test func threadsThatTheProgramStartedAreNoneThatAnAttemptLeft() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {max_concurrency: 1}
            tasks:
              a: {task: LeaveThread, parameters: {way: none}}
              b: {task: LeaveThread, parameters: {way: none}, dependencies: [a]}
            """,
            environment: ["TEST_APP_PRELUDE": "thread"]
        )
        #expect(result.exitCode == 0)
        #expect(try sandbox.log("a") == sandbox.log("b"))
    }
}
