import Testing

@testable import FlowmancerEngine

@Suite struct WorkerScarcityTests {
    private let start = SuspendingClock.now

    @Test func triesBecomeRarerButDoNotEnd() {
        var scarcity = WorkerScarcity(now: start, hasWorkers: true)
        var now = start
        var pauses: [Double] = []
        for _ in 0..<8 {
            let last = now
            while !scarcity.isDue(now: now) { now = now + .milliseconds(10) }
            pauses.append((now - last) / .milliseconds(1))
            scarcity.noteRefusal(now: now, hasWorkers: true)
        }
        #expect(pauses == [100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000])
        #expect(!scarcity.isHopeless(now: now + .seconds(3_600)))
    }

    @Test func refusalsOfOneTryCountOnce() {
        var scarcity = WorkerScarcity(now: start, hasWorkers: true)
        for _ in 0..<10 { scarcity.noteRefusal(now: start, hasWorkers: true) }
        #expect(scarcity.isDue(now: start + .milliseconds(100)))
    }

    @Test func theEndOfAWorkerMakesRoom() {
        var scarcity = WorkerScarcity(now: start, hasWorkers: true)
        #expect(!scarcity.isDue(now: start))
        scarcity.noteRoom(now: start)
        #expect(scarcity.isDue(now: start))
    }

    @Test func withoutWorkersThereIsAnEnd() {
        var scarcity = WorkerScarcity(now: start, hasWorkers: true)
        let empty = start + .seconds(60)
        scarcity.noteRefusal(now: empty, hasWorkers: false)
        scarcity.noteRefusal(now: empty + .seconds(5), hasWorkers: false)
        #expect(!scarcity.isHopeless(now: empty + .seconds(9)))
        #expect(scarcity.isHopeless(now: empty + .seconds(10)))
        scarcity.noteRefusal(now: empty + .seconds(11), hasWorkers: true)
        #expect(!scarcity.isHopeless(now: empty + .seconds(60)))
    }
}
