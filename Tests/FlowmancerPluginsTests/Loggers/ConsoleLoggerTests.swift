import FlowmancerCore
import FlowmancerPlugins
import FlowmancerTerminal
import FoundationEssentials
import Testing

@Suite struct ConsoleLoggerTests {
    private func event(
        _ task: String,
        _ message: String,
        _ severity: Severity = .info,
        metadata: [String: String] = [:]
    ) -> TaskLogEvent {
        TaskLogEvent(
            jobName: "job",
            taskName: task,
            timestamp: Date(),
            attempt: 1,
            kind: .line,
            severity: severity,
            message: message,
            metadata: metadata
        )
    }

    private func plain(_ tasks: [String]) -> ConsoleLine {
        ConsoleLine(style: TerminalStyle(isColoured: false, isUnicode: true), tasks: tasks)
    }

    @Test func namesAreBroughtToOneLength() {
        let line = plain(["a", "fetch", String(repeating: "x", count: 40)])
        #expect(line.text(of: event("a", "hello")) == "a     │ hello")
        #expect(line.text(of: event("fetch", "hello")) == "fetch │ hello")
        #expect(
            line.text(of: event(String(repeating: "x", count: 40), "y")) == String(repeating: "x", count: 40) + " │ y"
        )
    }

    @Test func whatIsNotInfoIsMarked() {
        let line = plain(["a"])
        #expect(line.text(of: event("a", "bad", .error)) == "a │ ERROR bad")
        #expect(line.text(of: event("a", "hm", .warning, metadata: ["k": "v w"])) == #"a │ WARNING hm k="v w""#)
    }

    @Test func startsAndEndsAreNotShown() {
        var start = event("a", "")
        start.kind = .start
        #expect(plain(["a"]).text(of: start) == nil)
    }

    @Test func everyLineOfAMessageHasTheName() {
        #expect(plain(["a"]).text(of: event("a", "1\n\n2")) == "a │ 1\na │ \na │ 2")
    }

    @Test func controlCharactersDoNotReachTheTerminal() {
        #expect(plain([]).text(of: event("a", "x\u{1B}[2J\tz")) == "a │ x\\u{1B}[2J\tz")
    }

    @Test func aNameAlwaysHasItsColour() throws {
        let style = TerminalStyle(isColoured: true, isUnicode: true)
        let one = ConsoleLine(style: style, tasks: ["a", "b"])
        let other = ConsoleLine(style: style, tasks: ["b", "c"])
        let text = try #require(one.text(of: event("b", "x")))
        #expect(text == other.text(of: event("b", "x")))
        #expect(text == "\u{1B}[96mb\u{1B}[0m\u{1B}[2m │ \u{1B}[0mx")
        let colours = Set((0..<40).compactMap { one.text(of: event("task-\($0)", ""))?.prefix(5) })
        #expect(colours.count > 5)
        #expect(one.text(of: event("b", "x", .error))?.hasSuffix("\u{1B}[31mERROR x\u{1B}[0m") == true)
    }

    @Test func linesScrollAboveTheProgressDisplay() async throws {
        let terminal = FakeTerminal()
        let console = terminal.console()
        console.setLiveRegion(["progress"])
        let logger = ConsoleLogger(console: console)
        try await logger.update(event("a", "first"))
        try await logger.update(event("a", "second"))
        #expect(terminal.screen == ["a │ first", "a │ second", "progress"])
    }

    @Test func theNamesComeFromTheJobOfTheRun() async throws {
        var job = JobDefinition(name: "job")
        job.tasks = ["a": TaskDefinition("X"), "longer": TaskDefinition("X")]
        let terminal = FakeTerminal()
        let logger = ConsoleLogger(console: terminal.console(isTerminal: false))
        var context = FlowContext.current
        context.runInfo = RunInfo(job: job, startedAt: Date())
        try await FlowContext.$taskLocal.withValue(context) { try await logger.update(event("a", "x")) }
        #expect(terminal.written == "a      │ x\n")
    }
}
