import Foundation
import Synchronization
import Testing

@testable import FlowmancerEngine

@Suite struct ReceptionExecutorTests {
    private final class Count: Sendable {
        private let value = Mutex(0)

        var current: Int { value.withLock { $0 } }

        func increment() { value.withLock { $0 += 1 } }
    }

    @Test func aStepThatAMessageBringsRunsOnTheThreadThatAsks() {
        let executor = ReceptionExecutor()
        let isHere = Count()
        let jobs = executor.collect {
            Task.detached(executorPreference: executor) { if executor.isRunningHere { isHere.increment() } }
        }
        #expect(jobs.count == 1)
        for job in jobs { executor.run(job) }
        #expect(isHere.current == 1)
        #expect(!executor.isRunningHere)
    }

    /// Two threads collect at once when one has taken over from the other, which is still busy.
    @Test func noStepIsLostWhereTwoThreadsCollect() async {
        let rounds = 20_000
        let executor = ReceptionExecutor()
        let ran = Count()
        await withTaskGroup { group in
            for _ in 0..<2 {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        Thread.detachNewThread {
                            for _ in 0..<rounds {
                                let jobs = executor.collect {
                                    Task.detached(executorPreference: executor) { ran.increment() }
                                }
                                for job in jobs { executor.run(job) }
                            }
                            continuation.resume()
                        }
                    }
                }
            }
        }
        // What did not find a collection runs in the pool.
        while ran.current < 2 * rounds { await Task.yield() }
    }
}
