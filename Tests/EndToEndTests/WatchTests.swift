import Foundation
import Testing

/// The command `watch`, by the real program.
@Suite(.ownThread) struct WatchTests {
    private static let hold = "while [ ! -e go ]; do sleep 0.02; done"
    private static let job = """
        config: {name: seen}
        tasks:
          a: {task: Shell, parameters: {command: 'echo "list=[4,5]" > "$FLOWMANCER_OUTPUT"'}}
          g:
            task: Shell
            dependencies: [a]
            for_each: [1, 2]
            parameters: {command: 'touch here; \(hold); [ -e nothing ]'}
          d:
            task: Shell
            dependencies: [a]
            for_each:
              items: $OUT{a.list}
            max_attempts: 2
            parameters:
              command: !sub |
                [ $ITEM = 4 ] || [ -e "x$ITEM" ] || { touch "x$ITEM"; exit 3; }
          e: {task: NoOp, dependencies: [g]}
          f: {task: Shell, dependencies: [a], allow_failure: true, parameters: {command: 'exit 4'}}
          inner: {job: {tasks: {one: {task: NoOp}, two: {task: NoOp, dependencies: [one]}}}, dependencies: [a]}
        """

    /// What a run printed itself, without what the program says behind it. Each measures the time of the run by itself, so
    /// it may be rounded differently.
    private func shown(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("The job ") }.map { line in
            line.hasPrefix("seen failed: ") ? line.replacing(#/ in [0-9.]+ s$/#, with: "") : line
        }
    }

    @Test func theLinesAreThoseOfTheRun() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let running = try sandbox.start(Self.job, [])
        #expect(waitUntil { sandbox.exists("here") }, "\(running.errorsSoFar)")
        let watch = try sandbox.start(["watch", "last"])
        #expect(waitUntil { watch.outputSoFar.contains("completed a after") }, "\(watch.errorsSoFar)")
        try sandbox.write("", to: "go")
        let (run, watched) = (try running.wait(), try watch.wait())
        #expect(run.exitCode == 3)
        #expect(watched.exitCode == 1, "\(watched.errors)")
        // What is held back for a moment may be printed a line earlier or later.
        let (expected, found) = (shown(run.output), shown(watched.output))
        #expect(found.sorted() == expected.sorted(), "\(run.output)\n\(watched.output)")
        #expect(found.last == expected.last && found.last?.hasPrefix("seen failed: ") == true)
        let later = try sandbox.start(["watch", "last:seen"]).wait()
        #expect(later.exitCode == 1)
        #expect(later.output.hasPrefix("1 task failed as allowed:\n"), "\(later.output)")
        #expect(shown(later.output).last == expected.last)
        #expect(!later.output.contains("completed a"), "\(later.output)")
    }

    @Test func aRunThatIsOverIsSummedUp() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("{config: {name: fine}, tasks: {a: {task: NoOp}}}").exitCode == 0)
        let result = try sandbox.start(["watch", "last"]).wait()
        #expect(result.exitCode == 0)
        #expect(result.output.hasPrefix("fine succeeded: 1 completed in "), "\(result.output)")
        let job = "{config: {name: late, timeout: 0.2}, tasks: {a: {task: SleepLong, parameters: {marker: here}}}}"
        #expect(try sandbox.run(job).exitCode == 99)
        let late = try sandbox.start(["watch", "last"]).wait()
        #expect(late.exitCode == 1)
        #expect(late.output.contains("because: it exceeded its time limit of 0.2 s"), "\(late.output)")
    }

    @Test func theEndOfAnEngineThatWasKilledIsSeen() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: gone}
            tasks: {a: {task: NoOp}, b: {task: Shell, dependencies: [a], parameters: {command: 'touch here; sleep 600'}}}
            """
        let running = try sandbox.start(job, [])
        #expect(waitUntil { sandbox.exists("here") })
        let watch = try sandbox.start(["watch", "last"])
        #expect(waitUntil { watch.outputSoFar.contains("completed a after") }, "\(watch.errorsSoFar)")
        running.signal(SIGKILL)
        _ = try running.wait()
        let result = try watch.wait()
        #expect(result.exitCode == 1)
        #expect(result.output.contains("gone was interrupted: 1 running, 1 completed in "), "\(result.output)")
        let again = try sandbox.start(["watch", "last"]).wait()
        #expect(again.exitCode == 1 && again.output.hasPrefix("gone was interrupted: "), "\(again.output)")
    }

    @Test func onATerminalTheProgressIsDrawnAndCtrlCEndsOnlyTheWatching() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let terminal = try Tmux(in: sandbox.directory) else { return }
        let job = """
            config: {name: nightly}
            tasks:
              a: {task: NoOp}
              fail: {task: Shell, parameters: {command: 'exit 3'}}
              wait: {task: Shell, dependencies: [a], parameters: {command: 'touch here; \(Self.hold)'}}
            """
        let running = try sandbox.start(job, [])
        #expect(waitUntil { sandbox.exists("here") })
        let watch = "\(Products.path("test-app")) watch last"
        try terminal.type(watch)
        #expect(waitUntil { terminal.screen.contains("2/3 tasks, 0:") }, "\(terminal.screen)")
        #expect(waitUntil { terminal.screen.contains("▸ wait") }, "\(terminal.screen)")
        #expect(terminal.screen.contains("failed fail (attempt 1)"))
        // Good news is in the picture only.
        #expect(!terminal.screen.contains("completed a"))
        try terminal.press("C-c")
        try terminal.type("echo code $?")
        #expect(waitUntil { terminal.screen.contains("code 130") }, "\(terminal.screen)")
        #expect(running.process.isRunning)
        try terminal.type("clear; \(watch); echo code $?")
        #expect(waitUntil { terminal.screen.contains("2/3 tasks, 0:") }, "\(terminal.screen)")
        try sandbox.write("", to: "go")
        #expect(waitUntil { terminal.screen.contains("code 1\n") }, "\(terminal.screen)")
        #expect(terminal.screen.contains("nightly failed: 2 completed, 1 failed in"), "\(terminal.screen)")
        #expect(!terminal.screen.contains("2/3 tasks"), "\(terminal.screen)")
        #expect(try running.wait().exitCode == 1)
    }
}
