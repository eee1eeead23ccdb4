import Foundation
import Testing

/// Tasks that do to their worker process what they should not. Each fails its own attempt, with a reason; nobody else
/// notices.
@Suite(.ownThread) struct MisbehaviourTests {
    private static let lost = "(its connection to the engine, descriptor 3, was closed within the process)"
    private static let foreign = "it reported the end of an attempt that it did not have"

    @Test(
        arguments: [
            ("closeAllDescriptors", false, lost), ("closeSocket", false, lost), ("replaceSocket", false, lost),
            ("shutDownSocket", false, lost), ("shutDownSocket", true, lost),
            ("replaceProcess", false, "exited with code 0 before the task ended"),
            ("replaceProcess", true, "it closed its connection to the engine"),
            ("sendGarbage", false, "it sent bytes that are not a message"),
            ("sendGarbage", true, "it sent bytes that are not a message"),
            ("announceHugeMessage", true, "it sent a message of 4294967295 bytes; the maximum is"),
            ("reportForeignAttempt", true, foreign), ("reportForeignAttempt", false, foreign),
            ("sayHelloAgain", true, "it said hello again"),
        ]
    )
    func misdeedsFailTheirAttemptAndNothingElse(misdeed: String, stays: Bool, reason: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        // With one task at a time, attempts and neighbours would share a worker if that were kept.
        let result = try sandbox.run(
            """
            config: {max_concurrency: 1}
            tasks:
              before: {task: NoOp}
              bad:
                task: Misbehave
                max_attempts: 2
                parameters: {misdeed: \(misdeed), stays: \(stays)}
              neighbour: {task: Increment, parameters: {times: 3}}
              after: {task: PrintCounter, dependencies: [neighbour]}
            extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}
            """
        )
        #expect(result.exitCode == 1)
        let log = try sandbox.log("bad")
        #expect(log.filter { $0.hasPrefix("ERROR") && $0.contains(reason) }.count == 2, "\(log)")
        #expect(log.filter { $0 == "INFO - about to \(misdeed)" }.count == 2)
        let states = try sandbox.read("states.txt")
        #expect(states.contains("bad RP 1\n"))
        #expect(states.contains("bad RF 2\n"))
        #expect(states.contains("neighbour RC 1\n"))
        #expect(try sandbox.log("after") == ["INFO - counter = 3"])
    }

    private static let limit = "exceeded its time limit of 2 s"

    @Test(arguments: ["sendHalfMessage", "closeSocket", "closeAllDescriptors"], [true, false])
    func whatIsNotSeenFromOutsideIsEndedByTheTimeLimit(misdeed: String, stays: Bool) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {abort_grace_seconds: 0.3}
            tasks:
              bad:
                task: Misbehave
                timeout: 2s
                max_attempts: 2
                parameters: {misdeed: \(misdeed), stays: \(stays)}
              neighbour: {task: SucceedOnAttempt, max_attempts: 2, parameters: {attempt: 2}}
            """
        )
        #expect(result.exitCode == 1)
        let log = try sandbox.log("bad")
        // The worker may notice a closed socket by itself, but nobody can count on that.
        let reasons = misdeed == "sendHalfMessage" ? [Self.limit] : stays ? [Self.limit, Self.lost] : [Self.lost]
        #expect(log.contains { line in line.hasPrefix("ERROR") && reasons.contains { line.contains($0) } }, "\(log)")
        #expect(log.filter { $0 == "INFO - about to \(misdeed)" }.count == 2)
    }

    @Test func aSecondReportDoesNotHitTheNextAttempt() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {max_concurrency: 1}
            tasks:
              forger: {task: ReportTwice, priority: 1}
              next: {task: Increment}
              last: {task: PrintCounter, dependencies: [next]}
            """
        )
        #expect(result.exitCode == 0)
        #expect(try sandbox.log("last") == ["INFO - counter = 1"])
    }

    @Test func aWorkerThatDoesNotListenCannotFillTheEngine() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              deaf: {task: AskWithoutListening, parameters: {marker: asking}}
              neighbour: {task: Increment, parameters: {times: 200}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("asking") })
        var peak = 0
        #expect(
            waitUntil {
                peak = max(peak, peakMemory(of: running.pid) ?? 0)
                return !running.process.isRunning
            }
        )
        #expect(try running.wait().exitCode == 1)
        #expect(try sandbox.log("deaf").last?.contains("it does not read the answers to its requests") == true)
        // A thousand of the answers that it asked for in one go would be a gigabyte.
        #expect(peak > 0 && peak < 400 << 10, "\(peak) KiB")
    }

    @Test(arguments: [(100_000, 10), (40, 1_000_000)])
    func floodsOfTheSharedDictionaryAreTakenIn(writes: Int, size: Int) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              flood: {task: FloodSharedDict, parameters: {writes: \(writes), size: \(size)}}
              neighbour: {task: Increment, parameters: {times: 50}}
              after: {task: PrintCounter, dependencies: [neighbour]}
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("flood") == ["INFO - wrote \(writes)"])
        #expect(try sandbox.log("after") == ["INFO - counter = 50"])
    }

    @Test func aWorkerHasNoDescriptorsOfTheEngine() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks: {trying: {task: TryDescriptors}, writing: {task: Print, parameters: {text: hello}}}
            checkpointer: {checkpointer: FileCheckpointer}
            """,
            to: "job.yaml"
        )
        let script = "exec 7>>inherited 9</etc/passwd; exec \(Products.path("test-app")) -j job.yaml"
        let result = try Running("/bin/sh", ["-c", script], in: sandbox.directory, environment: [:]).wait()
        #expect(result.exitCode == 0)
        let log = try sandbox.log("trying")
        #expect(
            log.prefix(4).map { $0.prefix { $0 != "[" } } == [
                "INFO - descriptor 0: /dev/null", "INFO - descriptor 1: pipe:", "INFO - descriptor 2: pipe:",
                "INFO - descriptor 3: socket:",
            ]
        )
        // The rest are its own two pairs of pipes, which its attempts use in turn, its working directory, and those of the
        // runtime, which waits for timers and looks at how busy its threads are.
        let rest = log.dropFirst(4).filter { $0.contains("descriptor") }
        let own = [": pipe:", ": anon_inode:", ": /proc/", ": \(sandbox.directory.resolvingSymlinksInPath().path)"]
        #expect(rest.allSatisfy { own.contains(where: $0.contains) }, "\(log)")
        #expect(try sandbox.read("inherited") == "")
    }

    @Test func aChildWithTheOutputOfADeadWorkerIsEnded() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            "tasks: {a: {task: LeaveChildAndExit, parameters: {marker: pid}}, b: {task: NoOp}}"
        )
        #expect(result.exitCode == 1)
        #expect(try sandbox.log("a") == ["ERROR - The worker process exited with code 3 before the task ended."])
        let child = try #require(Int32(sandbox.read("pid").trimmingCharacters(in: .newlines)))
        #expect(!isAlive(child))
    }

    /// The most memory that a process ever had, in KiB.
    private func peakMemory(of pid: Int32) -> Int? {
        let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) }
    }
}
