import FlowmancerCore
import Foundation
import TestSupport
import Testing

@testable import Flowmancer

@Suite struct OpenRunTests {
    /// A run in which something happens whenever it is looked at.
    private actor BusyRun: RunReader {
        private let sample = SampleRun()
        private var last = 0

        func run() -> KeptRun { KeptRun(sample.record, life: .alive) }

        func shape() -> RunShape? { sample.shape }

        func next(atMost limit: Int) -> RecordedEvents {
            // Who asked for all of them would never come to an end.
            guard last < 100 else { return RecordedEvents() }
            last += 1
            let change = StateChange(task: "a", attempt: 1, from: .pending, to: .running)
            return RecordedEvents([RecordedEvent(number: last, time: Date(timeIntervalSince1970: 0), change)])
        }
    }

    @Test func aRunInWhichMuchHappensIsSeenAsItIsNow() async throws {
        let reader = BusyRun()
        var open = try await OpenRun(await reader.run(), reader)
        #expect(open.digest.lastNumber == 1)
        try await open.update()
        #expect(open.digest.lastNumber == 2)
    }
}
