import Flowmancer
import FlowmancerDiscovery
import FlowmancerTesting
import Foundation
import Testing

/// The tasks of the articles do what these say.
@Suite struct TaskTests {
    @Test func aGreetingIsStored() async throws {
        let run = try await runTask(Greet.self, parameters: ["name": "you"])
        try run.requireSuccess()
        #expect(try await run.sharedDict.get("greeted") == "you")
    }

    @Test func linesAreCountedAndAdded() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try "a\n\nb\n".write(to: file, atomically: true, encoding: .utf8)
        let shared = SharedDict.inMemory()
        try await runTask(CountLines.self, parameters: ["file": .string(file.path)], sharedDict: shared)
            .requireSuccess()
        for _ in 1...2 { try await runTask(AddLines.self, sharedDict: shared).requireSuccess() }
        #expect(try await shared.get("total") == 4)
    }

    @Test func wordsAreCountedAndPublished() async throws {
        let run = try await runTask(CountWords.self, parameters: ["text": "a word or two"]).requireSuccess()
        #expect(try run.outputs.get("word_count") == 4)
        #expect(try run.outputs.get("longest") == "word")
        let empty = try await runTask(CountWords.self, parameters: ["text": ""]).requireSuccess()
        #expect(empty.outputs.names == ["word_count"])
    }

    @Test func whatIsLoggedHasItsMetadata() async throws {
        let line = try #require(try await runTask(Reconcile.self).log.first)
        #expect(line.severity == .warning)
        #expect(line.metadata == ["account": "4711", "difference": "0.01"])
    }

    @Test func aFileThatIsNotThereIsWaitedFor() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        let clock = ManualClock()
        let run = Task { try await runTask(WaitForFile.self, parameters: ["path": .string(file.path)], clock: clock) }
        await clock.waitForSleepers()
        try "".write(to: file, atomically: true, encoding: .utf8)
        clock.advance(by: .seconds(1))
        try await run.value.requireSuccess()
    }

    @Test func aPortBeyondTheLastIsRefusedBeforeAnythingRuns() async throws {
        try await runTask(Listen.self, parameters: ["port": 65_535]).requireSuccess()
        await #expect(throws: InvalidJobError.self) {
            try await runTask(Listen.self, parameters: ["port": 65_536])
        }
    }

    @Test func anAccountThatIsNotThereIsTriedOnce() async throws {
        var job = JobDefinition(name: "charges")
        job.addTask("charge", Charge.self, parameters: ["account": "B-1"]) { $0.maxAttempts = 5 }
        let run = try await runJob(job)
        #expect(run.path(of: "charge") == [.initial, .pending, .running, .failed])
        #expect(
            run.messages(of: "charge") == [
                "run failed: UnknownAccount: there is no account 'B-1'",
                "No further attempt: UnknownAccount is a permanent failure.",
            ]
        )
        #expect(try await runJob(makeUploadJob()).states == ["upload": .completed])
        #expect(try await runJob(makeTrainingJob()).states == ["train": .completed])
    }

    @Test func sourcesAreFetchedSideBySide() async throws {
        try await runTask(FetchAll.self, parameters: ["sources": ["a", "bc"]]).requireSuccess()
    }

    @Test func typesAreRegisteredUnderOtherNames() async throws {
        var catalog = TypeCatalog.discovered()
        MyJob.register(in: &catalog)
        var job = JobDefinition(name: "registered")
        job.tasks["hello"] = TaskDefinition("Hello", parameters: ["name": "you"])
        job.tasks["copy"] = TaskDefinition("Copy<Int>", parameters: ["value": 3])
        let run = try await runJob(job, catalog: catalog)
        try run.requireSuccess()
        #expect(try await run.sharedDict.get("copy") == 3)
    }
}
