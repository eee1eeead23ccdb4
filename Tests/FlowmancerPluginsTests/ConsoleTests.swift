import FlowmancerCore
import FlowmancerPlugins
import FlowmancerTerminal
import FoundationEssentials
import Glibc
import Synchronization
import SystemPackage
import Testing

/// Shows what a terminal would, as far as the console uses it.
final class FakeTerminal: Sendable {
    struct State {
        var rows: [String] = [""]
        var row = 0
        var column = 0
        var writes = 0
        var written = ""
        var size = TerminalSize(columns: 40, rows: 10)
        var isForeground = true
        var failure: Errno?
    }

    let state = Mutex(State())

    var screen: [String] { state.withLock { Array($0.rows.dropLast($0.rows.last == "" ? 1 : 0)) } }
    var writes: Int { state.withLock { $0.writes } }
    var written: String { state.withLock { $0.written } }

    func stream(isTerminal: Bool = true) -> ConsoleStream {
        ConsoleStream(
            isTerminal: isTerminal,
            isForeground: { self.state.withLock { $0.isForeground } },
            write: { bytes in
                if let failure = self.state.withLock({ $0.failure }) { return failure }
                self.write(String(decoding: bytes, as: UTF8.self))
                return nil
            }
        )
    }

    func console(errors: FakeTerminal? = nil, isTerminal: Bool = true) -> Console {
        Console(
            output: stream(isTerminal: isTerminal),
            errorOutput: (errors ?? self).stream(isTerminal: isTerminal && errors == nil),
            size: { self.state.withLock { $0.size } },
            style: .plain
        )
    }

    private func write(_ text: String) {
        state.withLock { state in
            state.writes += 1
            state.written += text
            var rest = Substring(text)
            while let character = rest.popFirst() {
                switch character {
                case "\n":
                    state.row += 1
                    state.column = 0
                    if state.row == state.rows.count { state.rows.append("") }
                case "\r": state.column = 0
                case "\u{1B}":
                    let end = rest.dropFirst().firstIndex { $0.isLetter } ?? rest.startIndex
                    let sequence = rest[...end]
                    rest = rest[rest.index(after: end)...]
                    Self.obey(sequence, &state)
                default:
                    var row = Array(state.rows[state.row])
                    while row.count <= state.column { row.append(" ") }
                    row[state.column] = character
                    state.rows[state.row] = String(row)
                    state.column += 1
                }
            }
        }
    }

    private static func obey(_ sequence: Substring, _ state: inout State) {
        switch sequence.last {
        case "A": state.row = max(0, state.row - (Int(sequence.dropFirst().dropLast()) ?? 1))
        case "K": state.rows[state.row] = String(state.rows[state.row].prefix(state.column))
        case "J":
            state.rows[state.row] = String(state.rows[state.row].prefix(state.column))
            state.rows.removeSubrange((state.row + 1)...)
        default: break
        }
    }
}

@Suite struct ConsoleTests {
    private let terminal = FakeTerminal()

    @Test func messagesStayAboveTheLiveRegion() {
        let console = terminal.console()
        console.print("one")
        console.setLiveRegion(["bar 1", "task a", "task b"])
        #expect(terminal.screen == ["one", "bar 1", "task a", "task b"])
        console.print("two\nthree")
        #expect(terminal.screen == ["one", "two", "three", "bar 1", "task a", "task b"])
        console.setLiveRegion(["b 2", "task b"])
        #expect(terminal.screen == ["one", "two", "three", "b 2", "task b"])
        console.setLiveRegion(["bar 3", "x", "y", "z"])
        #expect(terminal.screen == ["one", "two", "three", "bar 3", "x", "y", "z"])
        console.printError("oh")
        #expect(terminal.screen == ["one", "two", "three", "oh", "bar 3", "x", "y", "z"])
        console.endLiveRegion()
        console.print("end")
        #expect(terminal.screen == ["one", "two", "three", "oh", "bar 3", "x", "y", "z", "end"])
    }

    @Test func theRegionGoesAwayIfItIsNotKept() {
        let console = terminal.console()
        console.print("one")
        console.setLiveRegion(["bar", "task"])
        console.endLiveRegion(isKept: false)
        console.print("summary")
        #expect(terminal.screen == ["one", "summary"])
    }

    @Test func everyPictureIsOneWrite() {
        let console = terminal.console()
        console.setLiveRegion(["a", "b"])
        console.setLiveRegion(["a", "c"])
        console.setLiveRegion(["a", "c"])
        console.print("x")
        #expect(terminal.writes == 3)
    }

    @Test func theRegionIsCutToTheTerminal() {
        terminal.state.withLock { $0.size = TerminalSize(columns: 5, rows: 3) }
        terminal.console().setLiveRegion(["1234567", "日本語", "third", "fourth"])
        #expect(terminal.screen == ["12345", "日本"])
    }

    @Test func theFooterStaysBelowTheRegionAndIsDrawnAnew() {
        let console = terminal.console()
        let count = Mutex(9)
        console.setFooter { "in \(count.withLock { $0 })" }
        console.setLiveRegion([])
        #expect(terminal.screen == [])
        console.setLiveRegion(["bar", "task"])
        #expect(terminal.screen == ["bar", "task", "in 9"])
        count.withLock { $0 = 8 }
        console.setLiveRegion(["bar", "task"])
        #expect(terminal.screen == ["bar", "task", "in 8"])
        terminal.state.withLock { $0.size = TerminalSize(columns: 5, rows: 3) }
        for _ in 0..<4 { console.setLiveRegion(["bar", "task"]) }
        #expect(terminal.screen.prefix(2) == ["bar", "in 8"])
        console.setFooter(nil)
        console.setLiveRegion(["bar", "task"])
        #expect(terminal.screen.prefix(2) == ["bar", "task"])
    }

    @Test func nothingIsDrawnWhereNobodyWatches() {
        let console = terminal.console(isTerminal: false)
        #expect(!console.isLive)
        console.setLiveRegion(["bar"])
        console.print("message")
        console.endLiveRegion(isKept: false)
        #expect(terminal.written == "message\n")
    }

    @Test func errorsInAFileDoNotTouchTheRegion() {
        let errors = FakeTerminal()
        let console = terminal.console(errors: errors)
        console.setLiveRegion(["bar"])
        let before = terminal.writes
        console.printError("oh")
        #expect(errors.written == "oh\n")
        #expect(terminal.writes == before)
    }

    @Test func messagesLeaveAReservedOutputToResults() throws {
        let errors = FakeTerminal()
        let console = terminal.console(errors: errors, isTerminal: false)
        console.reserveOutput()
        console.reserveOutput()
        console.releaseOutput()
        console.print("message")
        try console.printResult("result")
        #expect(terminal.written == "result\n" && errors.written == "message\n")
        console.releaseOutput()
        console.print("later")
        #expect(terminal.written == "result\nlater\n")
    }

    @Test func aTerminalShowsMessagesBesideResults() throws {
        let errors = FakeTerminal()
        let console = terminal.console(errors: errors)
        console.reserveOutput()
        console.print("message")
        #expect(terminal.screen == ["message"])
    }

    @Test(arguments: [15, 200])
    func aChangeOfSizeErasesNothingAboveTheRegion(_ columns: Int) {
        let console = terminal.console()
        console.print("one")
        console.setLiveRegion([String(repeating: "x", count: 40), "y"])
        let before = terminal.writes
        terminal.state.withLock { $0.size = TerminalSize(columns: columns, rows: 10) }
        // The terminal may not have broken the lines yet, or never do that.
        console.setLiveRegion(["z"])
        #expect(terminal.writes == before)
        console.print("two")
        #expect(terminal.screen == ["one", "two", String(repeating: "x", count: 40), "y"])
        for _ in 0..<3 { console.setLiveRegion(["z"]) }
        #expect(terminal.screen == ["one", "two", "z"])
    }

    @Test func theBackgroundGetsPlainLinesAndTheForegroundTheRegionAgain() {
        let console = terminal.console()
        console.print("one")
        console.setLiveRegion(["bar", "task"])
        terminal.state.withLock { $0.isForeground = false }
        #expect(console.isRedrawable && !console.isLive)
        let before = terminal.written
        console.setLiveRegion(["bar 2"])
        console.print("two")
        console.printError("three")
        console.endLiveRegion(isKept: false)
        // No movement of the cursor: what is above it belongs to the shell.
        #expect(terminal.written.dropFirst(before.count) == "two\nthree\n")
        terminal.state.withLock { $0.isForeground = true }
        console.setLiveRegion(["bar 3"])
        console.print("four")
        #expect(terminal.screen == ["one", "bar", "task", "two", "three", "four", "bar 3"])
    }

    @Test func theRegionIsGoneWhileTheProgramIsStopped() {
        let console = terminal.console()
        console.print("one")
        console.setLiveRegion(["bar", "task"])
        console.suspend { #expect(terminal.screen == ["one"]) }
        console.setLiveRegion(["bar", "task"])
        #expect(terminal.screen == ["one", "bar", "task"])
    }

    @Test func aMessageThatTheOutputDoesNotTakeGoesToTheErrorOutput() {
        let errors = FakeTerminal()
        let console = terminal.console(errors: errors, isTerminal: false)
        terminal.state.withLock { $0.failure = .noSpace }
        #expect(throws: ConsoleError(.output, .noSpace)) { try console.show("line") }
        console.print("message")
        #expect(errors.written == "message\n")
        errors.state.withLock { $0.failure = .ioError }
        console.print("message")
        console.reserveOutput()
        #expect(throws: ConsoleError(.errorOutput, .ioError)) { try console.show("line") }
    }

    @Test func aPipeWithoutReaderDoesNotEndTheProcess() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        let stream = ConsoleStream(descriptor: ends[1])
        #expect(stream.write([1, 2, 3]) == nil)
        #expect(stream.write([4]) == nil)
        close(ends[1])
        #expect(!stream.isTerminal)
    }

    @Test func whatTheOutputDoesNotTakeIsAnErrorOfAResultOnly() throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        let console = Console(
            output: ConsoleStream(descriptor: full),
            errorOutput: terminal.stream(),
            size: { TerminalSize(columns: 40, rows: 10) },
            style: .plain
        )
        #expect(throws: Errno.noSpace) { try console.printResult("x") }
        console.print("x")
    }

    @Test(arguments: [
        ("abc", 3), ("", 0), ("日本", 4), ("é", 1), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2),
        ("\u{1B}[31mred\u{1B}[0m", 3), ("ｆ", 2), ("한", 2), ("━", 1), ("\u{200B}", 0), ("\u{1B}", 0),
    ])
    func widthsAreThoseOfTerminals(_ text: String, _ width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test(arguments: [
        ("abcdef", 3, "abc"), ("日本語", 5, "日本"), ("ab", 5, "ab"), ("ab", 0, ""),
        ("\u{1B}[31mred\u{1B}[0m", 2, "\u{1B}[31mre\u{1B}[0m"), ("\u{1B}[31mred\u{1B}[0m", 3, "\u{1B}[31mred\u{1B}[0m"),
        ("e\u{301}x", 1, "e\u{301}"), ("\u{1B}[31", 4, "\u{1B}[31"),
    ])
    func linesAreCutByWidth(_ text: String, _ columns: Int, _ expected: String) {
        #expect(DisplayWidth.cut(text, to: columns) == expected)
    }

    @Test func namesCannotSteerTheTerminal() {
        #expect("a\u{1B}[2J\nb\u{9B}\u{202E}".printable == "a\\u{1B}[2J\\u{A}b\\u{9B}\\u{202E}")
        #expect("größe 👩‍👩‍👧".printable == "größe 👩‍👩‍👧")
    }
}

@Suite struct RichProgressBarTests {
    private let terminal = FakeTerminal()

    private func run(isTerminal: Bool) async throws {
        let progress = RichProgressBar(
            console: terminal.console(isTerminal: isTerminal),
            now: { Date(timeIntervalSince1970: 4) },
            pause: { await Task.yield() }
        )
        try await progress.onCreate()
        var run = FakeRun()
        for task in ["a", "b", "c"] { try await progress.update(run.event(task, .pending, at: 0)) }
        for (task, state) in [("a", ExecutionState.running), ("b", .running), ("a", .completed), ("b", .failed)] {
            var event = run.event(task, state, at: state == .running ? 1 : 3)
            if state == .failed {
                event.failure = AttemptFailure(reason: "the command exited with code 3", lastLines: ["no such host"])
            }
            try await progress.update(event)
            await progress.redraw()
        }
        if isTerminal { #expect(terminal.screen.contains("  1 completed, 1 failed, 1 pending")) }
        try await progress.update(run.event("c", .defaulted, at: 3))
        try await progress.onDestroy()
    }

    @Test func aPipeGetsPlainLines() async throws {
        try await run(isTerminal: false)
        #expect(
            terminal.written == """
                completed a after 2.0 s
                failed b (attempt 1) after 2.0 s: the command exited with code 3
                    │ no such host
                not run: c ('b' failed)
                1 task failed:
                  b (attempt 1): the command exited with code 3
                    │ no such host
                job failed: 1 completed, 1 failed, 1 not run in 4.0 s

                """
        )
    }

    @Test func aTerminalKeepsFailuresAndTheSummary() async throws {
        try await run(isTerminal: true)
        #expect(
            terminal.screen == [
                "failed b (attempt 1) after 2.0 s: the command exited with code 3",
                "    │ no such host",
                "not run: c ('b' failed)",
                "1 task failed:",
                "  b (attempt 1): the command exited with code 3",
                "    │ no such host",
                "job failed: 1 completed, 1 failed, 1 not run in 4.0 s",
            ]
        )
    }

    @Test func whatHoldsTasksBackIsToldWithoutAFurtherEvent() async throws {
        let (pauses, pause) = AsyncStream<Void>.makeStream()
        let progress = RichProgressBar(
            console: terminal.console(isTerminal: false),
            now: { Date(timeIntervalSince1970: 4) },
            pause: { for await _ in pauses { break } }
        )
        var run = FakeRun()
        for task in ["a", "b", "c"] { try await progress.update(run.event(task, .pending, at: 0)) }
        try await progress.update(run.event("a", .running, at: 1))
        try await progress.update(run.event("a", .failed, at: 2))
        try await progress.update(run.event("b", .defaulted, at: 2))
        try await progress.update(run.event("c", .defaulted, at: 2))
        #expect(!terminal.written.contains("not run"))
        pause.yield()
        while !terminal.written.contains("not run: b, c ('a' failed)\n") { await Task.yield() }
    }

    @Test func aFullOutputIsSaidWithTheNumberOfLostLines() async throws {
        terminal.state.withLock { $0.failure = .noSpace }
        let progress = RichProgressBar(
            console: terminal.console(errors: FakeTerminal(), isTerminal: false),
            now: { Date(timeIntervalSince1970: 4) },
            pause: { await Task.yield() }
        )
        try await progress.onCreate()
        var run = FakeRun()
        try await progress.update(run.event("a", .running, at: 1))
        await #expect(throws: ConsoleError(.output, .noSpace)) {
            try await progress.update(run.event("a", .completed, at: 2))
        }
        let failure = await #expect(throws: (any Error).self) { try await progress.onDestroy() }
        let text = "\(try #require(failure))"
        #expect(text.hasPrefix("2 lines were lost: cannot write to standard output: No space left"), "\(text)")
    }

    @Test func aRunWithoutEventsSaysNothing() async throws {
        let progress = RichProgressBar(console: terminal.console(), now: { Date() }, pause: { await Task.yield() })
        try await progress.onCreate()
        try await progress.onDestroy()
        #expect(terminal.written == "")
    }
}
