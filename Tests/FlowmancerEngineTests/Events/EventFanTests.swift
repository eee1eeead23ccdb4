import FlowmancerCore
import Foundation
import Testing

@testable import FlowmancerEngine

@Suite struct EventFanTests {
    @Test func everySinkGetsWhatItWantsInOneOrder() async {
        let all = EventSink("all", [.run, .states, .output], .withoutLoss)
        let states = EventSink("states", .states, .withoutLoss)
        let output = EventSink("output", .output, .pacing)
        let fan = EventFan([all, states, output])
        let info = RunInfo(job: JobDefinition(name: "job"), startedAt: Date(timeIntervalSince1970: 1))
        let end = Date(timeIntervalSince1970: 2)
        fan.publish(RunBeginning(info: info, roster: TaskRoster(info.job)))
        fan.publish(EventQueueTests.state)
        fan.publish(EventQueueTests.output(.start))
        fan.publish(EventQueueTests.output(.line, "text"))
        fan.publish(EventQueueTests.state)
        fan.publish(RunEnd(run: info.id, time: end, result: .success(RunOutcome(["a"], [.completed]))))
        let received = await events(of: all)
        #expect(received.map(\.number) == [1, 2, 3, 4, 5, 6])
        #expect(received.first?.run == info.id)
        #expect(received.first?.time == info.startedAt)
        #expect(received.last?.run == info.id)
        #expect(received.last?.time == end)
        #expect(await events(of: states).map(\.number) == [2, 5])
        #expect(await events(of: output).map(\.number) == [3, 4])
        #expect(fan.pacingSinks.map(\.name) == ["output"])
    }

    @Test func itSaysWhatNobodyWants() {
        #expect(!EventFan([]).wantsStates)
        #expect(!EventFan([]).wantsOutput)
        #expect(!EventFan([EventSink("a", .output, .pacing)]).wantsStates)
        #expect(!EventFan([EventSink("a", .states, .withoutLoss)]).wantsOutput)
    }

    @Test func whatComesAfterTheEndIsLostAndCounted() async {
        let sink = EventSink("a", .states, .withoutLoss)
        let fan = EventFan([sink])
        fan.publish(EventQueueTests.state)
        sink.close()
        fan.publish(EventQueueTests.state)
        #expect(sink.lost == 1)
        #expect(await events(of: sink).count == 1)
    }

    @Test func whoWaitsForReliefIsCalledOnce() async {
        let sink = EventSink("a", .output, .pacing)
        let calls = Calls()
        sink.whenRelieved { calls.add() }
        #expect(calls.count == 1, "it was relieved from the beginning")
        for number in 1...5 { sink.offer(EventQueueTests.line(number, bytes: 1 << 20)) }
        #expect(sink.isCongested)
        sink.whenRelieved { calls.add() }
        #expect(calls.count == 1)
        sink.close()
        while await sink.next() != nil {}
        #expect(calls.count == 2)
        #expect(!sink.isCongested)
    }

    private func events(of sink: EventSink) async -> [RunEvent] {
        sink.close()
        var events: [RunEvent] = []
        while let event = await sink.next() { events.append(event) }
        return events
    }
}
