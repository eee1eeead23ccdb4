import Glibc
import Synchronization
import Testing

@testable import FlowmancerEngine

@Suite struct EventLoopTests {
    @Test func timersElapseInTheirOrder() throws {
        let loop = try EventLoop()
        var elapsed: [String] = []
        loop.schedule(after: .milliseconds(20)) { elapsed.append("last") }
        loop.schedule(after: .zero) { elapsed.append("first") }
        let cancelled = loop.schedule(after: .milliseconds(1)) { elapsed.append("cancelled") }
        let time = Duration.milliseconds(5)
        loop.schedule(after: time) {
            elapsed.append("second")
            loop.schedule(after: .zero) { elapsed.append("third") }
        }
        cancelled.cancel()
        while elapsed.last != "last" { loop.turn() }
        #expect(elapsed == ["first", "second", "third", "last"])
    }

    /// A job's time limit is long, its attempts are many and short.
    @Test func cancelledTimersAreLetGoOf() throws {
        final class Canary {}
        let loop = try EventLoop()
        weak var canary: Canary?
        for _ in 0..<10_000 {
            let own = Canary()
            canary = own
            loop.schedule(after: .seconds(86_400)) { withExtendedLifetime(own) {} }.cancel()
        }
        #expect(canary == nil)
        var isDue = false
        loop.schedule(after: .zero) { isDue = true }
        loop.schedule(after: .seconds(86_400)) {}.cancel()
        while !isDue { loop.turn() }
        #expect(loop.timerCount < 2_500)
    }

    @Test func whatIsForLaterComesAfterAllThatIsThere() throws {
        let loop = try EventLoop()
        let pipes = try [Pipe(), Pipe()]
        var events: [String] = []
        for (number, pipe) in pipes.enumerated() {
            pipe.write("x")
            loop.watch(pipe.input, for: .reading) { _ in
                events.append("event \(number)")
                loop.setInterest([], in: pipe.input)
                loop.later { events.append("later \(number)") }
            }
        }
        loop.later { loop.later { events.append("in the next turn") } }
        loop.turn()
        #expect(events == ["event 0", "event 1", "later 0", "later 1"])
        loop.turn()
        #expect(events.last == "in the next turn")
    }

    @Test func aDescriptorIsHeardOfOnlyForWhatItIsWatchedFor() throws {
        let loop = try EventLoop()
        let pipe = try Pipe()
        var events: [EventLoop.Interest] = []
        loop.watch(pipe.input, for: []) { events.append($0) }
        pipe.write("x")
        pipe.closeOutput()
        loop.later {}
        loop.turn()
        #expect(events.isEmpty)
        loop.setInterest(.reading, in: pipe.input)
        loop.turn()
        loop.turn()
        #expect(events == [.reading, .reading])
        loop.setInterest([], in: pipe.input)
        loop.later {}
        loop.turn()
        #expect(events.count == 2)
    }

    /// What was noticed of a descriptor is nothing to one that got its number since.
    @Test func numbersMayBeUsedAgain() throws {
        let loop = try EventLoop()
        let first = try Pipe()
        let second = try Pipe()
        var others: [Pipe] = []
        var stray = 0
        first.write("x")
        second.write("x")
        for (own, other) in [(first, second), (second, first)] {
            loop.watch(own.input, for: .reading) { _ in
                guard others.isEmpty else { return stray += 1 }
                let number = other.input
                loop.close(number)
                // The lowest number that is free is the next.
                while others.last?.input != number, let pipe = try? Pipe() { others.append(pipe) }
                loop.watch(number, for: .reading) { _ in stray += 1 }
                loop.setInterest([], in: own.input)
            }
        }
        loop.turn()
        #expect(!others.isEmpty && stray == 0)
    }

    @Test func theEndForgetsWhatIsNotDueAndDoesTheRest() async throws {
        final class Canary: Sendable {}
        weak var canary: Canary?
        weak var thread: EventLoopThread?
        let isDone = Atomic(0)
        do {
            let own = Canary()
            let running = try EventLoopThread()
            (canary, thread) = (own, running)
            running.execute { loop in
                loop.schedule(after: .seconds(86_400)) { withExtendedLifetime((own, loop)) {} }
            }
            running.execute { loop in
                loop.later { loop.later { isDone.add(1, ordering: .relaxed) } }
            }
            await running.stop()
        }
        #expect(isDone.load(ordering: .relaxed) == 1)
        // The thread itself may end a moment later.
        while thread != nil { await Task.yield() }
        #expect(canary == nil)
    }

    @Test func otherThreadsHaveThingsDoneInTheirOrder() async throws {
        let thread = try EventLoopThread()
        let numbers = Mutex<[Int]>([])
        for number in 0..<1_000 { thread.execute { _ in numbers.withLock { $0.append(number) } } }
        await thread.stop()
        #expect(numbers.withLock { $0 } == Array(0..<1_000))
        // Nothing is done any more, and nobody waits for it.
        thread.execute { _ in numbers.withLock { $0.append(-1) } }
        #expect(numbers.withLock { $0.count } == 1_000)
    }
}
