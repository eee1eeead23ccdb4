import Foundation
import Testing

/// Ctrl-C on a terminal, and a terminal that goes away. The terminal is that of script(1).
@Suite(.ownThread) struct TerminalTests {
    private static let script = "/usr/bin/script"

    @Test func ctrlCOnceWaitsAndTwiceKills() throws {
        guard Self.hasTerminals else { return }
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let terminal = try Self.start("config: {abort_grace_seconds: 600}", in: sandbox)
        terminal.press("\u{3}")
        #expect(waitUntil { terminal.running.outputSoFar.contains("Aborting: waiting up to 10 min for deaf.") })
        // The display goes on, and counts down.
        #expect(waitUntil { terminal.running.outputSoFar.contains("Aborting: running tasks are killed in ") })
        #expect(waitUntil { terminal.running.outputSoFar.contains("are killed in 9:5") })
        usleep(150_000)
        terminal.press("\u{3}")
        let result = try terminal.running.wait()
        #expect(result.exitCode == 130)
        #expect(result.output.contains("Killing deaf."))
        #expect(try sandbox.log("deaf").last?.contains("killed on request") == true)
    }

    @Test func aTerminalThatIsClosedEndsTheRunInOrder() throws {
        guard Self.hasTerminals else { return }
        // Otherwise the program would ignore it as well, when the tests run under nohup(1).
        signal(SIGHUP, SIG_DFL)
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let terminal = try Self.start("config: {abort_grace_seconds: 1}", in: sandbox)
        terminal.running.signal(SIGKILL)
        _ = try terminal.running.wait()
        let worker = try #require(Int32(sandbox.read("here").dropFirst("running ".count)))
        #expect(waitUntil { sandbox.exists("here.abort") })
        #expect(waitUntil { !isAlive(worker) })
        // The lock is held until the run is over.
        #expect(
            waitUntil {
                let restarted = try? sandbox.start(["-j", "job.yaml", "-r", "--skip", "deaf"]).wait()
                return restarted?.exitCode == 0 && restarted?.output.contains("left out on request: deaf") == true
            }
        )
    }

    private struct Terminal {
        let running: Running
        let keyboard: Pipe

        func press(_ key: String) { keyboard.fileHandleForWriting.write(Data(key.utf8)) }
    }

    private static var hasTerminals: Bool {
        guard !FileManager.default.isExecutableFile(atPath: script) else { return true }
        print("skipped: \(script) is missing, which gives a program a terminal")
        return false
    }

    /// Starts a job with a task that is deaf, and waits until it runs.
    private static func start(_ config: String, in sandbox: Sandbox) throws -> Terminal {
        try sandbox.write(
            """
            \(config)
            tasks:
              deaf: {task: Block, parameters: {marker: here}}
              after: {task: NoOp, dependencies: [deaf]}
            """,
            to: "job.yaml"
        )
        let keyboard = Pipe()
        let command = "exec \(Products.path("test-app")) -j job.yaml"
        let running = try Running(
            script,
            ["--quiet", "--return", "--flush", "--command", command, "/dev/null"],
            in: sandbox.directory,
            environment: ["TERM": "xterm"],
            input: keyboard
        )
        #expect(waitUntil { sandbox.exists("here") })
        return Terminal(running: running, keyboard: keyboard)
    }
}
