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
