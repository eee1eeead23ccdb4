import TestSupport
import Testing

@testable import FlowmancerEngine

@Suite struct OutputPacingTests {
    @Test func tasksWaitUntilTheSinkHasCaughtUp() {
        var pacing = OutputPacing(sinks: 1)
        #expect(pacing.noteCongestion(of: 0) == [.watch(0), .pause(true)])
        #expect(!pacing.isKeepingUp(0))
        #expect(pacing.noteCongestion(of: 0) == [])
        #expect(pacing.noteRelief(of: 0) == [.pause(false)])
        #expect(pacing.isKeepingUp(0))
        #expect(pacing.noteElapsed(0) == [], "the time of a wait that is over")
    }

    @Test func aSinkThatDoesNotCatchUpIsPassedByAndReportedOnce() {
        var pacing = OutputPacing(sinks: 1)
        _ = pacing.noteCongestion(of: 0)
        #expect(pacing.noteElapsed(0) == [.report(0), .pause(false)])
        #expect(pacing.noteCongestion(of: 0) == [])
        #expect(pacing.noteRelief(of: 0) == [])
        #expect(pacing.noteCongestion(of: 0) == [.watch(0), .pause(true)])
        #expect(pacing.noteElapsed(0) == [.pause(false)])
    }

    @Test func tasksWaitForTheSlowestOfSeveral() {
        var pacing = OutputPacing(sinks: 3)
        #expect(pacing.noteCongestion(of: 0) == [.watch(0), .pause(true)])
        #expect(pacing.noteCongestion(of: 2) == [.watch(2)])
        #expect(pacing.noteRelief(of: 0) == [])
        #expect(pacing.noteElapsed(2) == [.report(2), .pause(false)])
    }

    /// Tasks wait as long as, and only as long as, a sink is awaited; every wait has an end.
    @Test func randomSinksKeepTheRules() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let count = Int.random(in: 1...4, using: &random)
            var pacing = OutputPacing(sinks: count)
            var (awaited, passedBy, reported): (Set<Int>, Set<Int>, Set<Int>) = ([], [], [])
            var isPaused = false
            for _ in 0..<100 {
                let sink = Int.random(in: 0..<count, using: &random)
                let steps: [OutputPacing.Step]
                var expected: [OutputPacing.Step] = []
                switch Int.random(in: 0..<3, using: &random) {
                case 0:
                    steps = pacing.noteCongestion(of: sink)
                    if !awaited.contains(sink), !passedBy.contains(sink) {
                        awaited.insert(sink)
                        expected = [.watch(sink)]
                    }
                case 1:
                    steps = pacing.noteElapsed(sink)
                    if awaited.remove(sink) != nil {
                        passedBy.insert(sink)
                        if reported.insert(sink).inserted { expected = [.report(sink)] }
                    }
                default:
                    steps = pacing.noteRelief(of: sink)
                    awaited.remove(sink)
                    passedBy.remove(sink)
                }
                if isPaused == awaited.isEmpty {
                    isPaused.toggle()
                    expected.append(.pause(isPaused))
                }
                #expect(steps == expected)
            }
        }
    }
}
