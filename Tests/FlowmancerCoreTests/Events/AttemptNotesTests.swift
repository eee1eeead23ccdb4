import FlowmancerCore
import Testing

@Suite struct AttemptNotesTests {
    private func note(_ line: String, isError: Bool, of task: Int, in notes: inout AttemptNotes) {
        Array(line.utf8).withUnsafeBytes { notes.note($0, isError: isError, of: task) }
    }

    @Test func theLastLinesOfStandardErrorAreKept() {
        var notes = AttemptNotes()
        for number in 1...25 { note("error \(number)", isError: true, of: 7, in: &notes) }
        note("output", isError: false, of: 7, in: &notes)
        note("of another task", isError: true, of: 8, in: &notes)
        notes.note(reason: "it broke", of: 7)
        #expect(
            notes.take(of: 7)
                == AttemptFailure(reason: "it broke", lastLines: (16...25).map { "error \($0)" })
        )
        #expect(notes.take(of: 7) == AttemptFailure(reason: ""))
        #expect(notes.take(of: 8).lastLines == ["of another task"])
    }

    @Test func theOutputSpeaksForATaskWithoutErrors() {
        var notes = AttemptNotes()
        note("one", isError: false, of: 0, in: &notes)
        note("  ", isError: true, of: 0, in: &notes)
        notes.note("two\n\nthree", .warning, of: 0)
        #expect(notes.take(of: 0).lastLines == ["one", "two", "three"])
        notes.note("hidden", .info, of: 0)
        notes.note("a\nb", .error, of: 0)
        #expect(notes.take(of: 0).lastLines == ["a", "b"])
    }

    @Test(arguments: [true, false]) func aBacktraceDoesNotBuryWhatCameBefore(isError: Bool) {
        var notes = AttemptNotes()
        let lines = [
            "* loading", "a.swift:3: Fatal error: Index out of range", "*** Signal 4: Backtracing from 0x7f… done ***",
            "*** Program crashed: Illegal instruction at 0x7f ***", "0 0x7f main in app", "Backtrace took 0.5s",
        ]
        for line in lines { note(line, isError: isError, of: 0, in: &notes) }
        #expect(notes.take(of: 0).lastLines == Array(lines.prefix(2)))
        note("of the next attempt", isError: isError, of: 0, in: &notes)
        #expect(notes.take(of: 0).lastLines == ["of the next attempt"])
    }

    @Test func anAttemptThatEndedIsForgotten() {
        var notes = AttemptNotes()
        note("of the first attempt", isError: true, of: 0, in: &notes)
        notes.drop(0)
        note("of the second attempt", isError: true, of: 0, in: &notes)
        #expect(notes.take(of: 0).lastLines == ["of the second attempt"])
    }

    @Test func whateverArrivesWhatIsKeptIsBounded() {
        var notes = AttemptNotes()
        let long = String(repeating: "é", count: 100_000)
        for _ in 0..<20 { note(long, isError: true, of: 0, in: &notes) }
        notes.note(reason: long, of: 0)
        let failure = notes.take(of: 0)
        #expect(failure.lastLines == Array(repeating: String(repeating: "é", count: 300) + "…", count: 10))
        #expect(failure.reason.count == 2_001)
    }

    @Test func bytesThatAreNotUTF8AreShownAllTheSame() {
        var tail = LineTail()
        let bytes: [UInt8] = [0x61, 0xFF, 0x62]
        bytes.withUnsafeBytes { tail.append($0) }
        #expect(tail.lines == ["a\u{FFFD}b"])
    }

    @Test(arguments: [
        ("one", ["one"]), ("", [""]), ("a\r\nb\r\n", ["a", "b", ""]), ("10%\r20%\r30%", ["30%"]),
        ("10%\r20%\r", ["20%"]), ("\r", [""]), ("a\n\nb", ["a", "", "b"]), ("x\r\r\n", ["x", ""]),
    ])
    func linesAreThoseThatATerminalShowsInTheEnd(_ text: String, _ expected: [String]) {
        #expect(text.finalLines == expected)
    }

    @Test func theReasonLeavesOutThatRunFailed() {
        struct Broken: Error {}
        func reason(_ step: TaskLifecycle.Step) -> String {
            TaskLifecycle.reason(from: TaskLifecycle.remark(on: Broken(), in: step))
        }
        #expect(reason(.run).hasPrefix("Broken"))
        #expect(reason(.onCreate).hasPrefix("onCreate failed: "))
    }
}
