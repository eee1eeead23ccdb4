import FlowmancerCore
import Testing

@testable import FlowmancerEngine

/// What a run tells those who observe it.
@Suite struct RunLoopEventsTests {
    @Test func theStreamHasTheWholeRunInOrder() async throws {
        let loop = try RunLoopFixture("a", "b < a", "c < b")
        await loop.begin()
        await loop.start("a")
        await loop.end("a", .failed(.error))
        let events = await received(from: loop)
        #expect(events.map(\.number) == Array(1...events.count))
        #expect(events.allSatisfy { $0.run == loop.run.id })
        guard case .began(let beginning) = events.first?.content, case .ended(let end) = events.last?.content else {
            Issue.record("\(events)")
            return
        }
        #expect(beginning.info.job.tasks.keys == ["a", "b", "c"])
        #expect(try end.result.get().states == [.failed, .defaulted, .defaulted])
        let a = events.dropFirst().dropLast().compactMap { text(of: $0, task: "a") }
        #expect(a == ["_P", "start", "PR", "end", "RF"])
    }

    @Test func whyATaskDoesNotRunIsSaid() async throws {
        let loop = try RunLoopFixture("a", "b < a", "c < b")
        await loop.begin()
        await loop.start("a")
        await loop.end("a", .failed(.error))
        var reasons: [String: String] = [:]
        for event in await received(from: loop) {
            if case .state(let event) = event.content, let reason = event.reason { reasons[event.taskName] = reason }
        }
        #expect(reasons == ["b": "its dependency 'a' failed", "c": "its dependency 'b' was not run"])
    }

    @Test func whatATaskPublishedIsToldMaskedBeforeItIsCompleted() async throws {
        let loop = try RunLoopFixture("a", "b")
        await loop.begin()
        await loop.start("a", "b")
        await loop.end("a", publishing: #"{"rows":1.50,"url":"x?s3cret-token","n":"s3cret-token"}"#)
        await loop.end("b")
        let events = await received(from: loop)
        #expect(events.allSatisfy { $0.run == loop.run.id })
        #expect(events.compactMap { text(of: $0, task: "a") } == ["_P", "start", "PR", "end", "published", "RC"])
        #expect(events.compactMap { text(of: $0, task: "b") } == ["_P", "start", "PR", "end", "RC"])
        for case .published(let event) in events.map(\.content) {
            #expect(event.attempt == 1 && event.jobName == "job")
            #expect(event.values.map { "\($0)=\($1.rawValue)" } == ["rows=1.50", "url=\"x?***\"", "n=\"***\""])
        }
    }

    @Test func whyThereIsNoOtherAttemptIsSaid() async throws {
        let traits = NodeTraits(policy: RetryPolicy(maxAttempts: 3, causes: [.timeout]))
        let loop = try RunLoopFixture("a", traits: traits)
        await loop.begin()
        await loop.start("a")
        await loop.end("a", .failed(.exit(code: 7)))
        let events = await received(from: loop)
        let remark = "No further attempt: 'retry_on' does not list exit code 7."
        #expect(events.contains { if case .output(let line) = $0.content { line.message == remark } else { false } })
        let changes = events.compactMap { if case .state(let change) = $0.content { change } else { nil } }
        #expect(changes.last?.reason == "no further attempt: 'retry_on' does not list exit code 7")
        #expect(changes.last?.failure?.reason == remark)
    }

    @Test func theErrorOfARunIsToldWithoutSecrets() async throws {
        let loop = try RunLoopFixture("a")
        await loop.fail()
        let events = await received(from: loop)
        guard case .ended(let end) = events.first?.content else {
            Issue.record("\(events)")
            return
        }
        #expect(throws: JobRunError(.noWorkers, "no workers for ***")) { try end.result.get() }
        #expect(events.count == 1)
    }

    private func text(of event: RunEvent, task: String) -> String? {
        switch event.content {
        case .state(let event) where event.taskName == task: "\(event.from.rawValue)\(event.to.rawValue)"
        case .output(let event) where event.taskName == task: "\(event.kind)"
        case .published(let event) where event.taskName == task: "published"
        default: nil
        }
    }

    /// Everything until the end of a run that is over.
    private func received(from loop: RunLoopFixture) async -> [RunEvent] {
        loop.sink.close()
        var events: [RunEvent] = []
        while let event = await loop.sink.next() { events.append(event) }
        await loop.stop()
        return events
    }
}
