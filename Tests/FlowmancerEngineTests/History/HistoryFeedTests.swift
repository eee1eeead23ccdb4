import FlowmancerCore
import Foundation
import Synchronization
import Testing

@testable import FlowmancerEngine

/// What reaches a history of the events of a run.
@Suite struct HistoryFeedTests {
    private let history = FakeHistory()
    private let notices = NoticeList()

    private final class NoticeList: Sendable {
        let texts = Mutex<[String]>([])
    }

    private let job: JobDefinition = {
        var job = JobDefinition(name: "job")
        job.tasks["a"] = TaskDefinition("T")
        job.tasks["b"] = TaskDefinition("T")
        job.tasks["b"]?.dependencies = ["a"]
        return job
    }()

    /// Offers events, and waits until the history has had all of them.
    private func feed(_ events: [(EventFan) -> Void]) async {
        let feed = HistoryFeed(history) { [notices] notice in notices.texts.withLock { $0.append(notice.text) } }
        let context = FlowContext(
            metadata: TaskMetadata(jobName: "job", name: "history", variant: "FakeHistory"),
            sharedDict: SharedDict(storage: UnavailableSharedDictStorage()),
            logger: .init(label: "history")
        )
        let host = feed.host(in: context)
        let fan = EventFan([host.sink])
        let info = RunInfo(job: job, startedAt: Date(), hostName: "here")
        fan.publish(RunBeginning(info: info, roster: TaskRoster(job)))
        for event in events { event(fan) }
        host.sink.close()
        await host.consume()
        host.reportTotals()
    }

    private func change(_ task: String, _ from: ExecutionState, _ to: ExecutionState) -> (EventFan) -> Void {
        let event = ExecutionEvent(jobName: "job", taskName: task, timestamp: Date(), attempt: 1, from: from, to: to)
        return { $0.publish(event) }
    }

    private let end: (EventFan) -> Void = { fan in
        let outcome = RunOutcome(["a", "b"], [.completed, .failed], allowedFailures: [1])
        fan.publish(RunEnd(run: .unknown, time: Date(), result: .success(outcome)))
    }

    @Test func theWholeRunIsRecordedAndNumberedWithoutGaps() async throws {
        await feed([
            change("a", .initial, .pending), change("a", .pending, .running), change("a", .running, .completed), end,
        ])
        let kept = history.kept.withLock { ($0.records, $0.shapes, $0.batches.flatMap { $0 }, $0.isClosed) }
        #expect(kept.0.map(\.jobName) == ["job"] && kept.0.map(\.hostName) == ["here"])
        #expect(kept.0.first?.process != nil)
        #expect(kept.1.first?.tasks.map(\.name) == ["a", "b"])
        #expect(kept.1.first?.tasks.map(\.dependencies) == [[], [0]])
        #expect(kept.2.map(\.number) == [1, 2, 3])
        #expect(kept.2.compactMap(\.change).map(\.to) == [.running, .completed])
        let conclusion = try #require(kept.2.last?.conclusion)
        #expect(conclusion.state == .succeeded && conclusion.allowedFailures == 1)
        #expect(conclusion.counts == [.completed: 1, .failed: 1])
        #expect(kept.3)
        #expect(notices.texts.withLock { $0 } == [])
    }

    @Test func whatAHistoryDoesNotTakeIsOfferedAgainAndSaidOnce() async {
        history.kept.withLock { $0.failures = 1 }
        await feed([change("a", .pending, .running), change("a", .running, .completed), end])
        let numbers = history.kept.withLock { $0.batches.flatMap { $0 }.map(\.number) }
        #expect(numbers == [1, 2, 3])
        #expect(
            notices.texts.withLock { $0 } == [
                "The history of this run is incomplete: it is full. The job continues, and recording is retried until it ends."
            ]
        )
    }

    @Test(.timeLimit(.minutes(5)))
    func whatAHistoryDoesNotTakeIsOfferedAgainAlsoIfNothingElseHappens() async {
        history.kept.withLock { $0.failures = 2 }
        let feed = HistoryFeed(history) { _ in }
        let context = FlowContext(
            metadata: TaskMetadata(jobName: "job", name: "history", variant: "FakeHistory"),
            sharedDict: SharedDict(storage: UnavailableSharedDictStorage()),
            logger: .init(label: "history")
        )
        let host = feed.host(in: context)
        let fan = EventFan([host.sink])
        let info = RunInfo(job: job, startedAt: Date(), hostName: "here")
        fan.publish(RunBeginning(info: info, roster: TaskRoster(job)))
        change("a", .pending, .running)(fan)
        async let consumption: Void = host.consume()
        while history.kept.withLock({ $0.batches.isEmpty }) { await Task.yield() }
        #expect(history.kept.withLock { $0.batches.flatMap { $0 }.map(\.number) } == [1])
        host.sink.close()
        await consumption
    }

    @Test func aHistoryThatCannotBeginARunIsSaidOnce() async {
        history.kept.withLock { $0.failsToBegin = true }
        await feed([change("a", .pending, .running), end])
        #expect(
            notices.texts.withLock { $0 } == [
                "This run is not recorded in the history: it is full. The job continues."
            ]
        )
    }

    @Test func aHistoryThatKeepsNothingIsLeftAlone() async {
        history.kept.withLock { $0.keepsNothing = true }
        await feed([change("a", .pending, .running), end])
        #expect(notices.texts.withLock { $0 } == [])
        #expect(history.kept.withLock { $0.batches.isEmpty })
    }
}
