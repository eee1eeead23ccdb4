import Foundation
import Synchronization
import Testing

@testable import FlowmancerWorker

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
    @Test func everyThreadCollectsItsOwnSteps() async {
        let rounds = 20_000
        let executor = ReceptionExecutor()
        let (collected, foreign) = (Count(), Count())
        await withTaskGroup { group in
            for _ in 0..<2 {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        Thread.detachNewThread {
                            for _ in 0..<rounds {
                                let thread = pthread_self()
                                let jobs = executor.collect {
                                    Task.detached(executorPreference: executor) {
                                        let isOwn = pthread_equal(thread, pthread_self()) != 0
                                        (isOwn ? collected : foreign).increment()
                                    }
                                }
                                for job in jobs { executor.run(job) }
                            }
                            continuation.resume()
                        }
                    }
                }
            }
        }
        // None is lost, none is left to the pool, and none has gone to the other thread.
        #expect(collected.current == 2 * rounds)
        #expect(foreign.current == 0)
    }
}
