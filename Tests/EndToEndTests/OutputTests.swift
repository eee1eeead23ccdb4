import Foundation
import Testing

/// What tasks write, from their streams to the loggers.
@Suite(.ownThread) struct OutputTests {
    @Test func childProcessesAreCaptured() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run("tasks: {a: {task: RunChild, parameters: {script: 'echo out; echo err >&2; exit 3'}}}")
        let log = try sandbox.log("a")
        #expect(log.contains("INFO - out"))
        #expect(log.contains("ERROR - err"))
        #expect(log.contains("INFO - child ended with 768"))
    }

    @Test func onePrintOfSeveralValuesIsOneLine() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run("tasks: {a: {task: PrintSeveral}}")
        #expect(try sandbox.log("a") == ["INFO - a b 3"])
    }

    @Test func timeStampsSayWhenALineWasWritten() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let begin = Date()
        try sandbox.run("tasks: {a: {task: PrintApart}}")
        let end = Date()
        let text = try String(contentsOfFile: sandbox.logFile("a"), encoding: .utf8)
        let stamps = try text.split(separator: "\n").map { line in
            let stamp = line.dropFirst().prefix { $0 != "]" }
            // [2026-01-01 00:00:00.123456+00:00]: the formatter reads neither the blank nor such a fraction.
            let whole = "\(stamp.prefix(10))T\(stamp.dropFirst(11).prefix(8))\(stamp.suffix(6))"
            let fraction = try #require(Double("0\(stamp.dropFirst(19).prefix(7))"))
            return try #require(ISO8601DateFormatter().date(from: whole)).addingTimeInterval(fraction)
        }
        try #require(stamps.count == 2)
        #expect(begin.addingTimeInterval(-0.001) <= stamps[0])
        #expect(stamps[0] < stamps[1])
        #expect(stamps[1] <= end)
    }

    private static let inTurns =
        ["WARNING - begins"]
        + (1...20).flatMap { ["INFO - printed \($0)", "WARNING - logged \($0) number=\($0)"] }
        + ["ERROR - from a library", "DEBUG - a detail", "INFO - ends"]

    /// Many attempts, so that what is printed and what is logged arrives in each order.
    @Test(arguments: ["pool", "process"])
    func printedAndLoggedLinesKeepTheirOrder(isolation: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...15).map { "  t\($0): {task: LogInTurns}" }.joined(separator: "\n")
        let result = try sandbox.run("config: {isolation: \(isolation)}\ntasks:\n\(tasks)")
        #expect(result.exitCode == 0)
        for number in 1...15 { #expect(try sandbox.log("t\(number)") == Self.inTurns) }
    }

    @Test func loggedLinesComeWithLevelAndMetadata() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run("tasks: {a: {task: LogInTurns}}", "--debug")
        #expect(try sandbox.log("a") == Self.inTurns.dropLast() + ["DEBUG - a detail of a library", "INFO - ends"])
    }

    /// What shows where a line was logged is seen by nobody, and does not get into a file that a task prints to.
    @Test(arguments: ["pool", "process"], ["file", "closed", "nonblocking", "partial"])
    func linesAreLoggedWhateverBecomesOfStandardOutput(isolation: String, way: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {isolation: \(isolation), max_concurrency: 1}
            tasks:
              a: {task: LogElsewhere, parameters: {way: \(way)}}
              b: {task: LogInTurns, dependencies: [a]}
            """
        #expect(try sandbox.run(job).exitCode == 0)
        let lines = (1...3).map { "WARNING - logged \($0)" }
        let log = try sandbox.log("a")
        switch way {
        case "file":
            #expect(log == ["INFO - before"] + lines)
            #expect(try sandbox.read("printed.txt") == "printed 1\nprinted 2\nprinted 3\n")
        case "closed": #expect(log == ["INFO - before"] + lines)
        case "partial": #expect(log == ["INFO - before"] + lines + ["INFO - printed 1printed 2printed 3"])
        default:
            #expect(log == ["INFO - before"] + (1...3).flatMap { ["INFO - printed \($0)", "WARNING - logged \($0)"] })
        }
        #expect(try sandbox.log("b") == Self.inTurns)
    }

    /// What the engine says of an attempt does not come between what the task wrote.
    @Test(arguments: ["false", "true"]) func aLineWithoutAnEndIsLoggedBeforeTheFailure(isMerged: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let command = "echo first; printf 'no end'; printf 'no newline' >&2; exit 3"
        let job = """
            tasks:
              a: {task: Shell, merge_output: \(isMerged), parameters: {command: "\(command)"}}
            """
        #expect(try sandbox.run(job).exitCode == 1)
        let log = try sandbox.log("a")
        #expect(log.last?.hasPrefix("ERROR - run failed: ") == true, "\(log)")
        #expect(log.count == (isMerged == "true" ? 3 : 4), "\(log)")
    }

    private static let merged = (1...20).flatMap { ["INFO - out \($0)", "INFO - err \($0)", "WARNING - log \($0)"] }

    @Test(arguments: ["pool", "process"])
    func mergedOutputKeepsItsOrder(isolation: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let command = "for i in $(seq 40); do echo out $i; echo err $i >&2; done"
        let result = try sandbox.run(
            """
            config: {isolation: \(isolation), max_concurrency: 1, merge_output: true}
            tasks:
              a: {task: PrintToBoth}
              b: {task: PrintToBoth, dependencies: [a], merge_output: false}
              c: {task: PrintToBoth, dependencies: [b], merge_output: true}
              sh: {task: Shell, dependencies: [c], parameters: {command: '\(command)'}}
              direct: {task: Shell, parameters: {command: [sh, -c, '\(command)']}}
              captured: {task: Shell, parameters: {command: '\(command)', capture: key}}
              print: {task: PrintShared, dependencies: [captured], parameters: {key: key}}
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        for name in ["a", "c"] { #expect(try sandbox.log(name) == Self.merged) }
        #expect(try sandbox.log("b").filter { $0.hasPrefix("ERROR") } == (1...20).map { "ERROR - err \($0)" })
        let lines = (1...40).flatMap { ["INFO - out \($0)", "INFO - err \($0)"] }
        for name in ["sh", "direct", "captured"] { #expect(try sandbox.log(name) == lines) }
        #expect(try sandbox.log("print").count == 80)
    }

    @Test func lineEndsOfOtherSystemsAreLineEnds() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let script = #"printf "a\\r\\n\\r\\nb\\r"; sleep 0.01; printf "\\nc""#
        try sandbox.run(
            """
            tasks:
              a: {task: RunChild, parameters: {script: '\(script)'}}
              b: {task: Shell, parameters: {command: '\(script)'}}
            """
        )
        #expect(try sandbox.log("a").dropLast() == ["INFO - a", "INFO - ", "INFO - b"])
        #expect(try sandbox.log("b") == ["INFO - a", "INFO - ", "INFO - b", "INFO - c"])
    }

    @Test(arguments: ["pool", "process"], ["1%\\r2%\\r", "\\r1%\\r2%"])
    func aLineThatReplacesItselfIsShownNowAndThen(isolation: String, text: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            "config: {isolation: \(isolation)}\ntasks: {a: {task: PrintProgress, parameters: {text: \"\(text)\", signal: seen}}}",
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { (try? sandbox.log("a")) == ["INFO - 2%"] })
        try sandbox.write("", to: "seen")
        #expect(try running.wait().exitCode == 0)
        #expect(try sandbox.log("a") == ["INFO - 2%", "INFO - 100%"])
    }

    @Test func ofALineThatReplacesItselfTheLastStateIsKept() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let command = #"i=0; while [ $i -lt 20000 ]; do i=$((i+1)); printf "%s of 20000\\r" $i; done; echo; echo end"#
        try sandbox.run("tasks: {a: {task: Shell, parameters: {command: '\(command)', capture: all}}}")
        let log = try sandbox.log("a")
        // Where the machine is slow, some were shown before.
        #expect(log.suffix(2) == ["INFO - 20000 of 20000", "INFO - end"])
        #expect(log.count < 40)
    }

    @Test func binaryOutputAndAMissingLineFeedAreKept() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run("tasks: {a: {task: WriteBinary}}")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: sandbox.logFile("a")))
        #expect(bytes.range(of: Data([0x41, 0xff, 0xfe, 0x00, 0x42, 0x0a])) != nil)
        #expect(bytes.suffix(11) == Data("no newline\n".utf8))
    }

    @Test func aLineOfTenMegabytesIsOneLine() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run("tasks: {a: {task: Flood, parameters: {lines: 1, line_length: 10000000}}}")
        #expect(try sandbox.log("a").map(\.count) == [10_000_007])
    }

    private let hundredMegabytes = """
        tasks: {a: {task: Flood, parameters: {lines: 1000000, line_length: 100}}}
        extensions: {memory: {extension: PeakMemory, parameters: {target: memory.txt}}}
        """

    @Test func aHundredMegabytesAreKeptWithBoundedMemory() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(hundredMegabytes)
        #expect(result.exitCode == 0, "\(result.errors)")
        let size = try FileManager.default.attributesOfItem(atPath: sandbox.logFile("a"))[.size] as? Int
        #expect(try #require(size) == 1_000_000 * (100 + "[2026-01-01 00:00:00.000000+00:00] INFO - \n".utf8.count))
        #expect(try #require(Int(sandbox.read("memory.txt"))) < 100_000)
    }

    @Test func aLoggerThatTakesNothingDoesNotFillTheMemory() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {plugin_grace_seconds: 10}
            \(hundredMegabytes)
            loggers: {files: {logger: FileLogger}, bad: {logger: MisbehavingLogger, parameters: {how: block}}}
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.errors.contains("loggers.bad is too slow. Tasks no longer wait for it"), "\(result.errors)")
        // One event was handed over: those that were dropped on the way and those that waited at the end are counted.
        #expect(result.errors.contains("loggers.bad was too slow. It did not get 1000001 events"), "\(result.errors)")
        let log = try Data(contentsOf: URL(fileURLWithPath: sandbox.logFile("a")))
        #expect(log.count { $0 == 0x0a } == 1_000_000)
        #expect(try #require(Int(sandbox.read("memory.txt"))) < 180_000)
    }

    @Test func attemptsKeepTheirOutputApart() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run(
            """
            config: {max_concurrency: 1}
            tasks:
              a: {task: SucceedOnAttempt, max_attempts: 3, parameters: {attempt: 3}}
              b: {task: Print, parameters: {text: from b}}
            loggers: {recording: {logger: RecordingLogger, parameters: {target: events.txt}}}
            """
        )
        let events = try sandbox.read("events.txt").split(separator: "\n").map(String.init)
        for attempt in 1...3 {
            let start = try #require(events.firstIndex(of: "[a] START \(attempt)"))
            let end = try #require(events.firstIndex(of: "[a] END \(attempt)"))
            let printed = try #require(events.firstIndex(of: "[a] INFO: attempt \(attempt)"))
            #expect(start < printed && printed < end)
        }
        #expect(events.contains("[b] INFO: from b"))
    }

    @Test func aSlashInATaskNameIsNoDirectory() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a/b: {task: Print, parameters: {text: hello}}}")
        #expect(result.exitCode == 0)
        #expect(try sandbox.log("a%2Fb") == ["INFO - hello"])
    }

    @Test func progressOffATerminalIsPlain() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a: {task: NoOp}, b: {task: Fail}}")
        #expect(!result.output.contains("\u{1b}"))
        #expect(result.output.contains("failed b"))
        #expect(result.output.contains("1 completed"))
    }
}
