import FlowmancerCore
import FlowmancerDatabases
import Testing

@Suite struct AttemptHistoryTests {
    private let history = AttemptHistory()

    private func note(_ state: ExecutionState, _ attempt: Int, at time: Double) {
        history.note([.remove(key: "a"), .state(task: "a", state, attempt: attempt)], at: time)
    }

    private func expect(_ state: ExecutionState, _ number: Int?, _ startedAt: Double?, _ endedAt: Double?) {
        let attempt = history.attempt(of: "a", in: state)
        #expect(attempt?.number == number)
        #expect(attempt?.startedAt == startedAt)
        #expect(attempt?.endedAt == endedAt)
    }

    @Test func theLastAttemptIsKept() {
        expect(.running, nil, nil, nil)
        note(.running, 1, at: 10)
        expect(.running, 1, 10, nil)
        note(.pending, 1, at: 11)
        expect(.pending, 1, 10, 11)
        note(.running, 2, at: 12)
        expect(.running, 2, 12, nil)
        note(.completed, 2, at: 13)
        expect(.completed, 2, 12, 13)
    }

    /// Nobody knows when a task went on while nothing was noted.
    @Test func whatWasNotNotedHasNoTimes() {
        note(.pending, 0, at: 9)
        expect(.running, 0, nil, nil)
        note(.running, 1, at: 10)
        expect(.completed, 1, 10, nil)
        note(.failed, 1, at: 11)
        expect(.running, 1, nil, nil)
    }
}
