import Foundation
import Testing

/// Which failures are retried, and when.
@Suite(.ownThread) struct RetryTests {
    /// Tasks that may have three attempts, and how many they have.
    private static let commands: [(name: String, task: String, attempts: Int)] = [
        ("code", "retry_on: [75], parameters: {command: exit 75}", 3),
        ("range", "retry_on: [timeout, 70-80], parameters: {command: exit 75}", 3),
        ("other-code", "retry_on: [75, 137-140], parameters: {command: exit 3}", 1),
        ("error", "retry_on: [error], parameters: {command: exit 3}", 3),
        ("not-an-error", "retry_on: [timeout, crash], parameters: {command: exit 3}", 1),
        ("killed", "retry_on: [crash], parameters: {command: kill -9 $$}", 3),
        ("killed-code", "retry_on: [137-140], parameters: {command: kill -9 $$}", 3),
        ("killed-no-error", "retry_on: [error, timeout], parameters: {command: kill -9 $$}", 1),
        ("missing", "retry_on: [127], parameters: {command: [/nowhere/x]}", 3),
        ("slow", "retry_on: [timeout], timeout: 50ms, parameters: {command: sleep 600}", 3),
        ("slow-no-crash", "retry_on: [error, crash, 1-255], timeout: 50ms, parameters: {command: sleep 600}", 1),
        ("anything", "timeout: 50ms, parameters: {command: sleep 600}", 3),
    ]

    private static let swift: [(name: String, task: String, attempts: Int)] = [
        ("named", "FailWith, retry_on: [Failure], parameters: {error: plain}", 3),
        ("other-name", "FailWith, retry_on: [Unreachable, BadInput], parameters: {error: plain}", 1),
        ("nested", "FailWith, retry_on: [Network.Unreachable], parameters: {error: nested}", 3),
        ("with-module", "FailWith, retry_on: [test_app.Network.Unreachable], parameters: {error: nested}", 3),
        ("hidden", "FailWith, retry_on: [Hidden], parameters: {error: hidden}", 3),
        ("error", "FailWith, retry_on: [error], parameters: {error: hidden}", 3),
        ("not-an-error", "FailWith, retry_on: [crash], parameters: {error: hidden}", 1),
        ("permanent", "FailWith, parameters: {error: permanent}", 1),
        ("permanent-listed", "FailWith, retry_on: [BadInput, error], parameters: {error: permanent}", 1),
        ("permanent-later", "FailWith, parameters: {error: plain, gives_up_afterwards: true}", 1),
        ("trap", "Trap, retry_on: [crash]", 3),
        ("trap-no-error", "Trap, retry_on: [error, timeout]", 1),
        ("killed-code", "KillSelf, retry_on: [137]", 3),
        ("exit", "ExitProcess, retry_on: [75], parameters: {code: 75}", 3),
        ("exit-is-an-error", "ExitProcess, retry_on: [error], parameters: {code: 75}", 3),
        ("exit-is-no-crash", "ExitProcess, retry_on: [crash], parameters: {code: 75}", 1),
        ("slow", "SleepLong, retry_on: [timeout], timeout: 50ms, parameters: {marker: m}", 3),
        ("slow-no-error", "SleepLong, retry_on: [error], timeout: 50ms, parameters: {marker: m}", 1),
        ("misbehaving", "Misbehave, retry_on: [crash], parameters: {misdeed: sendGarbage, stays: true}", 3),
    ]

    private func attempts(_ sandbox: Sandbox) throws -> [String: Int] {
        let starts = try sandbox.read("states.txt").split(separator: "\n").filter { $0.contains(" PR ") }
        return Dictionary(grouping: starts) { String($0.prefix { $0 != " " }) }.mapValues(\.count)
    }

    private static let recorder =
        "extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}"

    @Test func theKindOfAFailureOfACommandDecides() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = Self.commands.map { "  \($0.name): {task: Shell, max_attempts: 3, \($0.task)}" }
        let result = try sandbox.run("tasks:\n\(tasks.joined(separator: "\n"))\n\(Self.recorder)")
        #expect(Int(result.exitCode) == Self.commands.count, "\(result.errors)")
        let attempts = try attempts(sandbox)
        for task in Self.commands { #expect(attempts[task.name] == task.attempts, "\(task)") }
        #expect(
            try sandbox.log("other-code").last == "ERROR - No further attempt: 'retry_on' does not list exit code 3."
        )
        #expect(
            try sandbox.log("killed-no-error").last
                == "ERROR - No further attempt: 'retry_on' does not list crash (signal 9)."
        )
        #expect(
            try sandbox.log("slow-no-crash").last == "ERROR - No further attempt: 'retry_on' does not list timeout."
        )
        #expect(try !sandbox.log("code").joined().contains("No further attempt"))
    }

    @Test func theKindOfAFailureOfASwiftTaskDecides() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = Self.swift.map { "  \($0.name): {max_attempts: 3, task: \($0.task)}" }
        let result = try sandbox.run("tasks:\n\(tasks.joined(separator: "\n"))\n\(Self.recorder)")
        #expect(Int(result.exitCode) == Self.swift.count, "\(result.errors)")
        let attempts = try attempts(sandbox)
        for task in Self.swift { #expect(attempts[task.name] == task.attempts, "\(task)") }
        let permanent = ["ERROR - run failed: BadInput: the input is bad", Self.isPermanent]
        #expect(try sandbox.log("permanent") == permanent)
        #expect(try sandbox.log("permanent-later").last == Self.isPermanent)
        #expect(
            try sandbox.log("other-name").last
                == "ERROR - No further attempt: 'retry_on' does not list the error Failure."
        )
    }

    private static let isPermanent = "ERROR - No further attempt: BadInput is a permanent failure."

    @Test func aFailureThatIsNotRetriedIsRunAgainByARestart() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: RequireFile, max_attempts: 5, retry_on: [timeout], parameters: {path: there}}}"
        #expect(try sandbox.run(job).exitCode == 1)
        try sandbox.write("", to: "there")
        #expect(try sandbox.run(job, "-r").exitCode == 0)
    }

    // MARK: Pauses

    @Test func pausesMayGrow() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let begin = Date()
        let backoff = "{first: 50ms, factor: 2, max: 0.15, jitter: 0.5}"
        let job =
            "tasks: {a: {task: SucceedOnAttempt, max_attempts: 5, backoff: \(backoff), parameters: {attempt: 5}}}"
        #expect(try sandbox.run(job).exitCode == 0)
        // 0.05 + 0.1 + 0.15 + 0.15
        #expect(Date().timeIntervalSince(begin) >= 0.45)
    }

    @Test func aDumpAndAnExplanationHaveTheWholeBackoff() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              a:
                task: NoOp
                max_attempts: 4
                backoff: {first: 1s, factor: 2}
                retry_on: [timeout, 137-140]
            """,
            to: "job.yaml"
        )
        func explain(_ path: String) throws -> String {
            try sandbox.start(["explain", path, "job.yaml"]).wait().output
        }
        #expect(try explain("tasks.a.backoff.factor").contains("tasks.a.backoff.factor = 2.0\n"))
        #expect(try explain("tasks.a.backoff.factor").contains("the default is 1"))
        #expect(try explain("tasks.a.backoff.jitter").contains("tasks.a.backoff.jitter = 0"))
        #expect(try explain("tasks.a.retry_on").contains("tasks.a.retry_on[1] = \"137-140\"  (job.yaml:6:25)"))
        #expect(try explain("config.max_failures").contains("config.max_failures = \"none\"\n  no file sets it"))
    }

    // MARK: Mistakes

    @Test(
        arguments: [
            (
                "retry_on: [timout]",
                "1:53: error: tasks.a.retry_on[0]: expected error, timeout, crash, an exit code from 1 "
                    + "to 255, a range of them such as 137-140, or the name of an error type, found the text \"timout\"; did you "
                    + "mean 'timeout'?"
            ),
            (
                "retry_on: [error, 300]",
                "1:60: error: tasks.a.retry_on[1]: expected an exit code from 1 to 255, found the "
                    + "number 300"
            ),
            (
                "retry_on: [140-137]",
                "1:53: error: tasks.a.retry_on[0]: the range 140-137 ends before it begins; write 137-140"
            ),
            (
                "retry_on: [BadImput]",
                "1:53: error: tasks.a.retry_on[0]: this program has no error type 'BadImput'; did you "
                    + "mean 'BadInput'?"
            ),
            (
                "retry_on: [Timeout]",
                "1:53: error: tasks.a.retry_on[0]: this program has no error type 'Timeout'; did you "
                    + "mean 'timeout'?"
            ),
            (
                "retry_on: []",
                "1:52: error: tasks.a.retry_on: without a kind of failure there is no other attempt; set "
                    + "max_attempts to 1 instead"
            ),
            ("retry_on: error", "1:52: error: tasks.a.retry_on: expected a list (each item: error, timeout, crash, "),
            (
                "backoff: {factor: 2}",
                "1:42: error: tasks.a.backoff: the required key 'first' is missing; expected a duration"
            ),
            (
                "backoff: {first: 1, factr: 2}",
                "1:62: error: tasks.a.backoff.factr: unknown key 'factr'; did you mean 'factor'?"
            ),
            ("backoff: {first: x}", "1:59: error: tasks.a.backoff.first: expected a duration"),
            (
                "backoff: {first: 1, factor: 0.5}",
                "1:70: error: tasks.a.backoff.factor: expected a number of at least 1, found "
                    + "the number 0.5"
            ),
            (
                "backoff: {first: 1, jitter: .inf}",
                "1:70: error: tasks.a.backoff.jitter: expected a number of at least 0"
            ),
            (
                "backoff: {first: 10, max: 5}",
                "1:68: error: tasks.a.backoff.max: the longest pause is shorter than the first "
                    + "one; raise it to at least that"
            ),
            (
                "backoff: soon",
                "1:51: error: tasks.a.backoff: expected a duration of at most 30 years: seconds, or text such as "
                    + "90s, 1h30m, 250ms, or a mapping such as {first: 1s, factor: 2}, found the text \"soon\""
            ),
        ]
    )
    func mistakesHaveTheirPlaces(keys: String, message: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {a: {task: NoOp, max_attempts: 3, \(keys)}}", to: "job.yaml")
        let result = try sandbox.start(["validate", "job.yaml"]).wait()
        #expect(result.exitCode == 1)
        #expect((result.output + result.errors).contains("job.yaml:\(message)"), "\(result.output)\(result.errors)")
    }

    @Test func aCommandThrowsNoErrorOfAType() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: Shell, retry_on: [BadInput], parameters: {command: 'true'}}}"
        try sandbox.write(job, to: "job.yaml")
        let result = try sandbox.start(["validate", "job.yaml"]).wait()
        #expect(result.exitCode == 0)
        let text = "1:37: warning: tasks.a.retry_on[0]: a command throws no error of the type 'BadInput'"
        #expect((result.output + result.errors).contains(text), "\(result.output)\(result.errors)")
    }
}
