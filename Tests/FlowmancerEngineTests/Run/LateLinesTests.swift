import Testing

@testable import FlowmancerEngine

@Suite struct LateLinesTests {
    private func line(_ attempt: UInt64, _ message: String) -> LateLine {
        LateLine(attempt: attempt, taskName: "task \(attempt)", attemptNumber: 2, message: message)
    }

    @Test func anAttemptIsNamedOnceAndItsLinesAreCounted() {
        var lines = LateLines()
        let first = lines.add(line(7, "one"), masker: nil)
        #expect(first?.text.contains("The task 'task 7' (attempt 2) logged a line after it had ended: one") == true)
        #expect(lines.add(line(7, "two"), masker: nil) == nil)
        #expect(lines.add(line(3, "another"), masker: nil) != nil)
        #expect(lines.totals.map(\.text) == ["The task 'task 7' (attempt 2) logged 2 lines after it had ended."])
    }

    @Test func secretsAreMaskedBeforeALineIsShortened() {
        var lines = LateLines()
        let text = String(repeating: "x", count: 297) + "secret" + String(repeating: "y", count: 100)
        let notice = lines.add(line(1, text), masker: SecretMasker(["secret"]))
        #expect(notice?.text.contains("xx***…\n") == true, "\(notice?.text ?? "")")
    }
}
