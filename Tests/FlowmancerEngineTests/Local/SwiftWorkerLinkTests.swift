import FlowmancerCore
import FlowmancerSystem
import Glibc
import Testing

@testable import FlowmancerEngine

@Suite struct SwiftWorkerLinkTests {
    /// With `isolation: process`, thousands of workers come and go in a second.
    @Test func noTimerOutlivesItsWorker() throws {
        let loop = try EventLoop()
        let observer = Observer()
        let job = JobDefinition(name: "job")
        let messages = try AttemptMessages(
            job,
            TaskGraph(job),
            run: RunID(),
            catalog: TypeCatalog(),
            restarted: [],
            isDebug: false
        )
        let source = LocalWorkerSource(messages, earlyKeeper: nil, masker: nil, on: loop)
        source.observer = observer
        for number in 0..<5_000 {
            let descriptors = try WorkerDescriptors(turns: 1, below: .max)
            let link = SwiftWorkerLink(number, number: UInt32(number), descriptors, of: source)
            // The socket is closed first, as when a process ends: its end is expected from then on.
            close(descriptors.remote[0])
            loop.turn()
            for pipe in descriptors.remote.dropFirst() { close(pipe) }
            link.noteEnd(.exited(code: 0))
            withExtendedLifetime(link) {
                while observer.gone == number { loop.turn() }
            }
        }
        #expect(observer.gone == 5_000)
        #expect(loop.timerCount < 2_500)
    }

    private final class Observer: WorkerObserver {
        var gone = 0

        func worker(_ worker: Int, did news: WorkerNews) { if case .gone = news { gone += 1 } }
        func worker(_ worker: Int, didWrite line: UnsafeRawBufferPointer, on stream: OutputStream) {}
        func worker(_ worker: Int, didLog line: LoggedLine) {}
        func worker(_ worker: Int, didLogLate line: LateLine) {}
        func worker(_ worker: Int, didRequest operation: SharedDictOperation?, id: UInt64) {}
        func sourceDidLoseWorkers(_ end: ProcessEnd) {}
    }
}
