import Dispatch
import FlowmancerCore
import Synchronization
import Testing

@testable import FlowmancerEngine

/// Nothing here takes as long as a slow sink is awaited.
@Suite struct OutputPacerTests {
    @Test func tasksWaitFromCongestionToRelief() async throws {
        let (pauses, changes) = AsyncStream<Bool>.makeStream()
        let sink = EventSink("slow", .output, .pacing)
        let thread = try EventLoopThread()
        let box = Box()
        thread.execute { [thread] loop in
            let pacer = OutputPacer([sink], on: thread, loop: loop, report: { _ in }) { changes.yield($0) }
            box.pacer = pacer
            // As much as is looked at in one piece, but less than is too much.
            sink.offer(EventQueueTests.line(0, bytes: 1 << 20))
            pacer.note(bytes: 1 << 20)
            for number in 1...5 { sink.offer(EventQueueTests.line(number, bytes: 1 << 20)) }
            pacer.note(bytes: 1)
            changes.yield(false)
            pacer.note(bytes: 1 << 18)
        }
        var iterator = pauses.makeAsyncIterator()
        // The mark that came before it, and then the pause: a byte is not reason enough to look.
        #expect(await iterator.next() == false)
        #expect(await iterator.next() == true)
        sink.close()
        while await sink.next() != nil {}
        #expect(await iterator.next() == false)
        thread.execute { _ in box.pacer?.stop() }
        await thread.stop()
    }

    /// Used on the loop's thread only.
    private final class Box: @unchecked Sendable {
        var pacer: OutputPacer?
    }
}
