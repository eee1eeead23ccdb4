import FlowmancerCore
import FlowmancerWire
import Logging
import Synchronization
import Testing

@testable import FlowmancerWorker

@Suite struct AttemptExecutionTests {
    /// Succeeds, unless it was cancelled before it began.
    private struct Quick: FlowTask {
        func run() async throws {}
    }

    private struct NoStorage: SharedDictStorage {
        func perform(_ operation: SharedDictOperation) async throws -> SharedDictReply { .done }
    }

    private func execution() -> AttemptExecution {
        AttemptExecution(
            .with {
                $0.id = 1
                $0.taskName = "a"
            },
            type: Quick.self,
            context: FlowContext(
                metadata: TaskMetadata(jobName: "job", name: "a", variant: "Quick"),
                sharedDict: SharedDict(storage: NoStorage()),
                logger: Logging.Logger(label: "a")
            ),
            log: { _, _ in }
        )
    }

    /// A cancellation may come between the moment in which the worker knows the attempt and that in which it starts.
    @Test(arguments: [false, true])
    func aCancellationBeforeTheStartIsHeard(isCancelled: Bool) {
        let executor = ReceptionExecutor()
        let execution = execution()
        let outcome = Mutex<AttemptOutcome?>(nil)
        if isCancelled { execution.abort(endingAfter: .seconds(600)) }
        // Its steps run here, one after the other.
        var jobs = executor.collect {
            execution.start(on: executor) { ended in outcome.withLock { $0 = ended } }
        }
        while !jobs.isEmpty {
            let next = jobs
            jobs = executor.collect { for job in next { executor.run(job) } }
        }
        #expect(outcome.withLock { $0 } == (isCancelled ? .aborted : .succeeded))
    }
}
