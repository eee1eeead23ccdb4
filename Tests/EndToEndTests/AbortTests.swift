import Foundation
import Testing

/// The command `abort`, by the real program.
@Suite(.ownThread) struct AbortTests {
    private static let slow = """
        config: {name: slow, abort_grace_seconds: 600}
        tasks:
          a: {task: SleepLong, parameters: {marker: here}}
          b: {task: NoOp, dependencies: [a]}
        """
    private static let deaf = """
        config: {name: deaf, abort_grace_seconds: 600}
        tasks:
          a: {task: Shell, parameters: {command: 'trap "touch told" TERM; touch here; while true; do sleep 0.02; done'}}
          b: {task: NoOp, dependencies: [a]}
        """

    /// Starts a job, and waits until its task runs.
    private func start(_ job: String, in sandbox: Sandbox) throws -> Running {
        let running = try sandbox.start(job, [])
        #expect(waitUntil { sandbox.exists("here") }, "\(running.errorsSoFar)")
        return running
    }

    private func abort(_ sandbox: Sandbox, _ arguments: String...) throws -> Finished {
        try sandbox.start(["abort"] + arguments).wait()
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func aRunUnderWayIsAbortedAsByASignal() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let running = try start(Self.slow, in: sandbox)
        let told = try abort(sandbox, "last")
        #expect(told.exitCode == 0, "\(told.errors)")
        #expect(told.output.hasPrefix("The run ") && told.output.contains("its running tasks are cancelled."))
        #expect(try running.wait().exitCode == 143)
        #expect(sandbox.exists("here.abort"))
        let again = try abort(sandbox, "last:slow")
        #expect(again.exitCode == 1 && again.output.isEmpty)
        #expect(again.errors.contains("is over: it was aborted"), "\(again.errors)")
        let result = try abort(sandbox, "last", "--json")
        #expect(result.exitCode == 1 && result.errors.isEmpty)
        let object = try json(result.output)
        #expect(object["answer"] as? String == "over" && object["state"] as? String == "aborted")
        let restarted = try sandbox.start(["-j", "job.yaml", "-r", "--skip", "a"]).wait()
        #expect(restarted.exitCode == 0)
    }

    @Test func theEndIsWaitedForAndTold() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let running = try start(Self.slow, in: sandbox)
        let result = try abort(sandbox, "last", "--wait", "--json")
        #expect(result.exitCode == 0, "\(result.errors)")
        let object = try json(result.output)
        #expect(object["answer"] as? String == "told" && object["state"] as? String == "aborted")
        #expect(object["tasks"] as? [String: Int] == ["aborted": 2])
        #expect(try running.wait().exitCode == 143)
    }

    @Test func whatDoesNotEndIsKilled() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let running = try start(Self.deaf, in: sandbox)
        #expect(try abort(sandbox, "last").exitCode == 0)
        #expect(waitUntil { sandbox.exists("told") })
        #expect(running.process.isRunning)
        let killed = try abort(sandbox, "last", "--kill", "--wait")
        #expect(killed.exitCode == 0, "\(killed.errors)")
        #expect(killed.output == "deaf: aborted (2 aborted)\n")
        let result = try running.wait()
        #expect(result.exitCode == 143)
        #expect(result.output.contains("Killing a."), "\(result.output)")
    }

    /// However often it is asked for, the engine ends the run in order, and it is on record how.
    @Test func killingIsOneRequestHoweverOftenItIsMade() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let waiting = "\nextensions: {slow: {extension: WaitAtEnd, parameters: {marker: waiting, gate: gate}}}\n"
        let job = Self.deaf + waiting
        let running = try start(job.replacing("600}", with: "600, plugin_grace_seconds: 600}"), in: sandbox)
        #expect(try abort(sandbox, "last", "--kill").output.contains("its running tasks are killed."))
        #expect(waitUntil { sandbox.exists("waiting") })
        for _ in 0..<2 { _ = try abort(sandbox, "last", "--kill") }
        for _ in 0..<3 { running.signalAgain(SIGUSR1) }
        try sandbox.write("", to: "gate")
        #expect(try running.wait().exitCode == 143)
        #expect(try abort(sandbox, "last").errors.contains("is over: it was aborted"))
    }

    @Test func aRunThatWasKilledIsInterrupted() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let running = try start(Self.slow, in: sandbox)
        running.signal(SIGKILL)
        _ = try running.wait()
        let result = try abort(sandbox, "last")
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("was interrupted: its process is gone"), "\(result.errors)")
    }

    /// Who waits for the end is not left waiting if there is none.
    @Test func anEngineThatIsKilledMeanwhileEndsTheWait() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let running = try start(Self.deaf, in: sandbox)
        let waiting = try sandbox.start(["abort", "last", "--wait"])
        #expect(waitUntil { sandbox.exists("told") })
        running.signal(SIGKILL)
        _ = try running.wait()
        let result = try waiting.wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("deaf: interrupted"), "\(result.output)")
    }

    @Test func whichRunIsMeantIsAskedFor() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        for (arguments, words) in [(["last"], "the history has no run"), (["xyz"], "'xyz' is no run")] {
            let result = try sandbox.start(["abort"] + arguments).wait()
            #expect(result.exitCode != 0 && result.errors.contains(words), "\(result.errors)")
        }
    }
}
