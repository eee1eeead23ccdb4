import FlowmancerSystem
import FlowmancerWire
import Glibc
import Testing

@testable import FlowmancerEngine

@Suite struct WorkerHandleTests {
    /// With `isolation: process`, thousands of workers come and go in a second.
    @Test func noTimerOutlivesItsWorker() throws {
        let loop = try EventLoop()
        let pool = Pool()
        for number in 0..<5_000 as Range<UInt32> {
            let descriptors = try WorkerDescriptors(turns: 1, below: .max)
            let worker = WorkerHandle(
                number: number,
                descriptors,
                isOutputPaused: false,
                masker: nil,
                on: loop,
                delegate: pool
            )
            worker.limitPhase(to: .seconds(3_600)) { _ in pool.late += 1 }
            worker.phase = .idle
            worker.phase = .retiring(nil, nil)
            worker.limitPhase(to: .seconds(3_600)) { _ in pool.late += 1 }
            // The socket is closed first, as when a process ends: its end is expected from then on.
            close(descriptors.remote[0])
            loop.turn()
            for pipe in descriptors.remote.dropFirst() { close(pipe) }
            worker.noteEnd(.exited(code: 0))
            withExtendedLifetime(worker) {
                while pool.ended == number { loop.turn() }
            }
        }
        #expect(pool.ended == 5_000)
        #expect(loop.timerCount < 2_500)
        #expect(pool.late == 0)
    }

    @Test func aPhaseThatLastsTooLongIsEnded() throws {
        let loop = try EventLoop()
        let pool = Pool()
        let descriptors = try WorkerDescriptors(turns: 1, below: .max)
        let worker = WorkerHandle(
            number: 1,
            descriptors,
            isOutputPaused: false,
            masker: nil,
            on: loop,
            delegate: pool
        )
        worker.limitPhase(to: .zero) { _ in pool.late += 1 }
        worker.phase = .idle
        worker.limitPhase(to: .milliseconds(1)) { _ in pool.late += 10 }
        while pool.late == 0 { loop.turn() }
        #expect(pool.late == 10)
        worker.close()
        for descriptor in descriptors.remote { close(descriptor) }
    }

    private final class Pool: WorkerHandleDelegate {
        var ended: UInt32 = 0
        var late = 0

        func worker(_ worker: WorkerHandle, didSay body: WireFromWorker.OneOf_Body) {}
        func worker(_ worker: WorkerHandle, didWrite line: UnsafeRawBufferPointer, on stream: WorkerHandle.Stream) {}
        func worker(_ worker: WorkerHandle, didMisbehave reason: String) {}
        func worker(_ worker: WorkerHandle, didEnd end: ProcessEnd) { ended += 1 }
    }
}
