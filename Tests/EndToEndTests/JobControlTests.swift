import Foundation
import Testing

/// The progress display on a terminal that it shares with a shell, and whose size changes.
@Suite(.ownThread) struct JobControlTests {
    private func prepare(_ sandbox: Sandbox) throws {
        try sandbox.write(
            """
            config: {name: nightly}
            tasks:
              talk: {task: Shell, parameters: {command: 'for i in 1 2 3 4 5; do echo "line $i of a text that is longer than a narrow terminal is wide"; done'}}
              fail: {task: Shell, parameters: {command: 'touch here; while [ ! -e fail ]; do sleep 0.02; done; exit 3'}}
              wait: {task: Shell, parameters: {command: 'while [ ! -e go ]; do sleep 0.02; done'}}
            loggers: {console: {logger: ConsoleLogger}}
            """,
            to: "job.yaml"
        )
    }

    private var program: String { "\(Products.path("test-app")) -j job.yaml" }
    private let picture = "1/3 tasks"

    /// What the clock of the lowest picture shows.
    private func time(on terminal: Tmux) -> Substring? {
        let screen = terminal.screen
        return screen.range(of: "tasks, ", options: .backwards).map { screen[$0.upperBound...].prefix(4) }
    }

    @Test func theBackgroundIsLeftToTheShell() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let terminal = try Tmux(in: sandbox.directory) else { return }
        try prepare(sandbox)
        try terminal.type("\(program) &")
        #expect(waitUntil { sandbox.exists("here") && terminal.screen.contains("line 5 of a text") })
        try sandbox.write("", to: "fail")
        #expect(waitUntil { terminal.screen.contains("failed fail (attempt 1)") })
        try terminal.type("echo typed by a $((1+1))nd")
        #expect(waitUntil { terminal.screen.contains("typed by a 2nd") })
        // Also a completion, as in a file.
        #expect(terminal.screen.contains("completed talk"))
        #expect(!terminal.screen.contains("tasks, 0:"), "\(terminal.screen)")
        try terminal.type("fg")
        #expect(waitUntil { terminal.screen.contains("2/3 tasks, 0:") }, "\(terminal.screen)")
        #expect(terminal.screen.contains("typed by a 2nd"))
        try terminal.press("C-z")
        #expect(waitUntil { terminal.screen.contains("Stopped") }, "\(terminal.screen)")
        #expect(!terminal.screen.contains("2/3 tasks"), "\(terminal.screen)")
        try terminal.type("bg; echo back in $((1+1))")
        #expect(waitUntil { terminal.screen.contains("back in 2") })
        try sandbox.write("", to: "go")
        #expect(waitUntil { terminal.screen.contains("completed wait") }, "\(terminal.screen)")
        #expect(waitUntil { terminal.screen.contains("nightly failed: 2 completed, 1 failed in") })
        #expect(!terminal.screen.contains("2/3 tasks"), "\(terminal.screen)")
    }

    @Test func aTerminalThatStopsWritersInTheBackgroundStopsNoRun() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let terminal = try Tmux(in: sandbox.directory) else { return }
        try prepare(sandbox)
        for file in ["fail", "go"] { try sandbox.write("", to: file) }
        try terminal.type("stty tostop; (\(program); echo $? > code) &")
        #expect(waitUntil { sandbox.exists("code") }, "\(terminal.screen)")
        #expect(waitUntil { (try? sandbox.read("code")) == "1\n" })
    }

    @Test func noChangeOfTheSizeErasesWhatWasPrinted() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let terminal = try Tmux(in: sandbox.directory) else { return }
        try prepare(sandbox)
        try terminal.type(program)
        #expect(waitUntil { sandbox.exists("here") && terminal.screen.contains(picture) })
        for columns in [50, 100, 30, 140, 30, 100] {
            let before = time(on: terminal)
            try terminal.resize(columns: columns)
            // Once another time is shown, the picture was drawn in the new size.
            #expect(waitUntil { time(on: terminal) != before }, "\(columns): \(terminal.screen)")
            #expect(
                terminal.history.count { $0.contains(" of a text that is longer than a narrow terminal is wide") } == 5,
                "\(columns): \(terminal.history.joined(separator: "\n"))"
            )
        }
        for file in ["fail", "go"] { try sandbox.write("", to: file) }
        #expect(waitUntil { terminal.screen.contains("nightly failed: 2 completed, 1 failed in") })
    }

    @Test func aLineThatReplacesItselfDoesNotDisturbThePicture() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let terminal = try Tmux(in: sandbox.directory) else { return }
        try sandbox.write(
            #"""
            config: {name: nightly}
            tasks:
              a: {task: Shell, parameters: {command: 'printf "10%%\r20%%\r30%%\r\n\033[2Jcleared?\n"; touch here; while [ ! -e go ]; do sleep 0.02; done'}}
            loggers: {console: {logger: ConsoleLogger}}
            """#,
            to: "job.yaml"
        )
        try terminal.type("echo above; \(program)")
        #expect(waitUntil { terminal.screen.contains("0/1 tasks") && terminal.screen.contains("cleared?") })
        #expect(terminal.screen.contains("above"))
        #expect(terminal.history.contains("a │ 30%"), "\(terminal.screen)")
        #expect(terminal.history.contains(#"a │ \u{1B}[2Jcleared?"#), "\(terminal.screen)")
        try sandbox.write("", to: "go")
        #expect(waitUntil { terminal.screen.contains("nightly succeeded") })
    }
}
