import Foundation
import Testing

/// A shim may be given its next command while it runs another: nobody notices.
@Suite(.ownThread) struct CommandHoldingTests {
    private func job(_ tasks: [String], concurrency: Int = 2) -> String {
        "config: {name: holding, max_concurrency: \(concurrency)}\ntasks:\n" + tasks.joined(separator: "\n") + "\n"
    }

    private func command(_ name: String, _ script: String, _ keys: String = "") -> String {
        "  \(name): {task: Shell, \(keys)parameters: {command: '\(script)'}}"
    }

    @Test func everyLineIsInTheLogOfItsOwnCommand() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...300).map { number in
            let script = "echo line \(number); echo error \(number) >&2; printf \"last of \(number)\""
            return command("t\(number)", script, number.isMultiple(of: 5) ? "merge_output: true, " : "")
        }
        let result = try sandbox.run(job(tasks))
        #expect(result.exitCode == 0, "\(result.errors)")
        for number in 1...300 {
            let words = try sandbox.log("t\(number)").map { $0.drop { $0 != "-" }.dropFirst(2) }
            let expected = ["line \(number)", "error \(number)", "last of \(number)"]
            if number.isMultiple(of: 5) {
                #expect(words.map(String.init) == expected)
            } else {
                #expect(words.map(String.init).sorted() == expected.sorted())
            }
        }
    }

    @Test func everyCommandHasItsOwnCapture() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let writing = (1...100).map { number in
            number.isMultiple(of: 3)
                ? command("t\(number)", "echo noise")
                : "  t\(number): {task: Shell, parameters: {command: 'echo value \(number)', capture: key\(number)}}"
        }
        let result = try sandbox.run(job(writing + [command("gate", "[ -e gate ]")]))
        #expect(result.exitCode == 1, "\(result.errors)")
        let checkpoint = try sandbox.read(".flowmancer/holding.checkpoint")
        for number in 1...100 {
            #expect(checkpoint.contains("value \(number)\\\"") == !number.isMultiple(of: 3), "\(number)")
        }
    }

    /// A command that leaves something behind is followed by none in its shim.
    @Test func nothingRunsBesideWhatACommandLeft() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("", to: "pids")
        let look = "for p in $(cat pids); do kill -0 $p && echo alive $p; done; echo looked"
        let tasks = (1...80).map { number in
            number.isMultiple(of: 8)
                ? command("t\(number)", "sleep 600 >/dev/null 2>&1 & echo $! >> pids") : command("t\(number)", look)
        }
        let result = try sandbox.run(job(tasks, concurrency: 1))
        #expect(result.exitCode == 0, "\(result.errors)")
        for number in 1...80 {
            let log = try sandbox.log("t\(number)")
            if number.isMultiple(of: 8) {
                #expect(log == ["WARNING - Processes that the task left running were killed."])
            } else {
                #expect(log.contains("INFO - looked") && !log.contains { $0.contains("alive") }, "\(log)")
            }
        }
        let pids = try sandbox.read("pids").split(separator: "\n").compactMap { Int32($0) }
        #expect(pids.count == 10 && !pids.contains(where: isAlive))
    }

    @Test func aCommandIsNotKeptBehindOneThatTakesLong() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let before = (1...40).map { command("before-\($0)", "exit 0") }
        let after = (1...40).map { command("after-\($0)", "exit 0") }
        let all = (1...40).map { "after-\($0)" }.joined(separator: ", ")
        // Whatever waits behind the first of these would wait for itself.
        let long = [
            command("waiting", "until [ -e made ]; do sleep 0.01; done"),
            command("making", "touch made", "dependencies: [\(all)], "),
        ]
        let result = try sandbox.run(job(before + long.prefix(1) + after + long.suffix(1)))
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func noMoreRunAtOnceThanAllowed() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let script = "touch here.$$; set -- here.*; rm here.$$; [ $# -le 2 ]"
        let result = try sandbox.run(job((1...60).map { command("t\($0)", script) }))
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func whatKillsItsShimLeavesTheNextCommandAlone() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...60).map { number in
            command("t\(number)", number.isMultiple(of: 10) ? "kill -9 $PPID; sleep 600" : "echo \(number)")
        }
        let result = try sandbox.run(job(tasks))
        #expect(result.exitCode == 6, "\(result.errors)")
        for number in 1...60 where !number.isMultiple(of: 10) {
            #expect(try sandbox.log("t\(number)") == ["INFO - \(number)"])
        }
    }

    /// The numbers that commands have written down, each in a line.
    private func numbers(_ file: String, in sandbox: Sandbox) throws -> [Int] {
        try sandbox.read(file).split(separator: "\n").compactMap { Int($0) }
    }

    @Test(arguments: [SIGINT, SIGKILL]) func aRestartRunsWhatWasHeldAndNothingTwiceThatCompleted(signal: Int32) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("", to: "ran")
        try sandbox.write("", to: "pids")
        let tasks = (1...2_000).map { command("t\($0)", "echo $$ >> pids; echo \($0) >> ran") }
        let running = try sandbox.start(job(tasks), [])
        #expect(waitUntil { ((try? numbers("ran", in: sandbox).count) ?? 0) >= 100 })
        running.signal(signal)
        _ = try running.wait()
        let pids = try sandbox.read("pids").split(separator: "\n").compactMap { Int32($0) }
        #expect(waitUntil { !pids.contains(where: isAlive) })
        let first = try numbers("ran", in: sandbox)
        #expect(first.count == Set(first).count)

        let restarted = try sandbox.run(job(tasks), "-r")
        #expect(restarted.exitCode == 0, "\(restarted.errors)")
        let all = try numbers("ran", in: sandbox)
        #expect(Set(all) == Set(1...2_000))
        // What each of the two shims had in hand, and what it held.
        #expect(all.count - 2_000 <= 4)
    }
}
