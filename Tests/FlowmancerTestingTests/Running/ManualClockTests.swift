import FlowmancerTesting
import Synchronization
import Testing

@Suite struct ManualClockTests {
    @Test func sleepersWakeInTheOrderOfTheirTime() async throws {
        let clock = ManualClock()
        let woken = Woken()
        try await withThrowingTaskGroup { group in
            for seconds in [3, 1, 2] {
                group.addTask {
                    try await clock.sleep(for: .seconds(seconds))
                    woken.seconds.withLock { $0.append(seconds) }
                }
            }
            await clock.waitForSleepers(3)
            for number in 1...3 {
                clock.advance(by: .seconds(1))
                try await group.next()
                #expect(woken.seconds.withLock { $0 } == Array(1...number))
            }
        }
    }

    private final class Woken: Sendable {
        let seconds = Mutex([Int]())
    }

    @Test func whatIsOverIsNotWaitedFor() async throws {
        let clock = ManualClock()
        clock.advance(by: .seconds(5))
        try await clock.sleep(until: .init(offset: .seconds(5)))
        try await clock.sleep(for: .zero)
        #expect(clock.now == .init(offset: .seconds(5)))
    }

    @Test func whoWaitsForSleepersCanBeCancelled() async throws {
        let clock = ManualClock()
        let late = Task { await clock.waitForSleepers() }
        late.cancel()
        await late.value
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await clock.waitForSleepers(2)
        }
        await early.value
    }

    @Test func aCancelledSleeperThrows() async throws {
        let clock = ManualClock()
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await clock.sleep(for: .seconds(1))
        }
        await #expect(throws: CancellationError.self) { try await early.value }
        let late = Task { try await clock.sleep(for: .seconds(1)) }
        await clock.waitForSleepers()
        late.cancel()
        await #expect(throws: CancellationError.self) { try await late.value }
    }

    @Test func sleepingMovesAClockThatMovesByItself() async throws {
        let clock = ManualClock(.whenAllSleep)
        try await clock.sleep(for: .seconds(86_400))
        try await clock.sleep(for: .seconds(1))
        #expect(clock.now.offset == .seconds(86_401))
    }
}
