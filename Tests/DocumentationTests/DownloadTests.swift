import Flowmancer
import FlowmancerTesting
import Testing

@Suite struct DownloadTests {
    @Test func recordsAreCounted() async throws {
        let run = try await runTask(CountRecords.self, parameters: ["source": "https://example.org", "limit": 100])
        try run.requireSuccess()
        #expect(run.messages == ["counting"])
        #expect(try await run.sharedDict.get("records") == 100)
    }

    @Test func otherSourcesAreRefused() async throws {
        let run = try await runTask(CountRecords.self, parameters: ["source": "ftp://example.org"])
        #expect(run.state == .failed)
        #expect(run.error as? SourceError == SourceError(source: "ftp://example.org"))
        #expect(run.messages.last == "no records from ftp://example.org")
    }

    @Test func recordsAreWaitedFor() async throws {
        let shared = SharedDict.inMemory()
        let clock = ManualClock()
        let run = Task {
            try await runTask(AwaitRecords.self, parameters: ["minimum": 10], sharedDict: shared, clock: clock)
        }
        await clock.waitForSleepers()
        try await shared.set("records", to: 12)
        clock.advance(by: .seconds(60))
        #expect(try await run.value.messages == ["not yet"])
    }

    @Test func aFailedSourceIsTriedAgainAnHourLater() async throws {
        var job = JobDefinition(name: "download")
        job.addTask("count", CountRecords.self, parameters: ["source": "x"]) {
            $0.maxAttempts = 3
            $0.backoff = Backoff(first: .seconds(3_600))
        }
        job.addTask("await", AwaitRecords.self, dependsOn: ["count"], parameters: ["minimum": 1])
        let run = try await runJob(job)
        #expect(run.states == ["count": .failed, "await": .defaulted])
        #expect(run.path(of: "count").filter { $0 == .running }.count == 3)
    }
}
