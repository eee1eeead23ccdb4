import FlowmancerCore
import FlowmancerTerminal
import FoundationEssentials
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

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
