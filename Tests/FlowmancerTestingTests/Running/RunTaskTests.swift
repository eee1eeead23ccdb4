import Flowmancer
import FlowmancerTesting
import Testing

@Suite struct RunTaskTests {
    @Test func theMethodsAreCalledInTheirOrder() async throws {
        let run = try await runTask(Chatty.self).requireSuccess()
        #expect(run.messages == ["onCreate", "run", "onSuccess", "onDestroy"])
        #expect(run.failures.isEmpty)
        #expect(run.error == nil)
        let again = try await runTask(Chatty.self, isRestart: true, attempt: 3)
        #expect(again.messages == ["onCreate", "onRestart", "run", "onSuccess", "onDestroy"])
        #expect(again.log.allSatisfy { $0.metadata == ["attempt": "3"] })
    }

    @Test(arguments: [
        (["run"], ["onCreate", "run", "onFailure", "onDestroy"]),
        (["onCreate"], ["onCreate", "onFailure", "onDestroy"]),
        (["onSuccess"], ["onCreate", "run", "onSuccess", "onFailure", "onDestroy"]),
        (["onDestroy"], ["onCreate", "run", "onSuccess", "onDestroy"]),
        (["run", "onFailure"], ["onCreate", "run", "onFailure", "onDestroy"]),
    ])
    func errorsOfAllMethodsAreKept(methods: [String], calls: [String]) async throws {
        let run = try await runTask(Chatty.self, parameters: ["fails_in": .array(methods.map { .string($0) })])
        #expect(run.state == .failed)
        #expect(run.failures.map(\.method) == methods)
        #expect(run.failures.map { ($0.error as? SampleError)?.description } == methods.map { "\($0) was told to" })
        #expect(run.log.filter { $0.severity == .info }.map(\.message) == calls)
        #expect(
            run.log.filter { $0.severity == .error }.map(\.message)
                == methods.map { "\($0) failed: SampleError: \($0) was told to" }
        )
        let error = #expect(throws: TaskFailedError.self) { try run.requireSuccess() }
        #expect(error?.description.contains("Chatty, attempt 1: \(methods[0]) failed") == true)
    }

    @Test func whatIsPublishedIsReturned() async throws {
        let run = try await runTask(Publishes.self, attempt: 2).requireSuccess()
        #expect(run.outputs.names == ["attempt", "names"])
        #expect(try run.outputs.get("attempt", as: Int.self) == 2)
        let missing = #expect(throws: OutputValueError.self) { try run.outputs.get("x", as: Int.self) }
        #expect(missing?.description == "there is no output 'x'; published: attempt, names")
        let other = #expect(throws: OutputValueError.self) { try run.outputs.get("names", as: Int.self) }
        #expect(other?.description == #"the output 'names' is not of type Int: ["a","Publishes"]"#)
        #expect(try await runTask(Publishes.self, parameters: ["failures": 1]).outputs.isEmpty)
    }

    @Test func parametersAreBoundAsInAJob() async throws {
        let error = await #expect(throws: InvalidJobError.self) {
            try await runTask(Sleeps.self, parameters: ["duratoin": 1])
        }
        #expect(error?.issues.count == 2)
        let shared = SharedDict.inMemory()
        try await runTask(Sleeps.self, parameters: ["duration": "1h30m"], sharedDict: shared).requireSuccess()
        #expect(try await shared.get("order") == ["Sleeps"])
    }

    @Test func theSharedDictionaryIsFilledAndLookedInto() async throws {
        let shared = SharedDict.inMemory()
        try await shared.set("count", to: 41)
        let run = try await runTask(Counts.self, sharedDict: shared)
        #expect(try await run.sharedDict.get("count") == 42)
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 { group.addTask { _ = try await runTask(Counts.self, sharedDict: shared) } }
            try await group.waitForAll()
        }
        #expect(try await shared.get("count") == 92)
    }

    @Test func debugMessagesAreKept() async throws {
        let run = try await runTask(FailsAtFirst.self, attempt: 2)
        #expect(run.log.map(\.description) == ["DEBUG - a detail", "INFO - done"])
    }

    @Test func aTestMovesTheClock() async throws {
        let clock = ManualClock()
        let run = Task { try await runTask(Sleeps.self, parameters: ["duration": 60], clock: clock) }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(59))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        #expect(try await run.value.messages == ["asleep", "awake"])
        #expect(clock.now.offset == .seconds(60))
    }

    @Test func cancellingTheCallAbortsTheTask() async throws {
        let clock = ManualClock()
        let run = Task { try await runTask(Sleeps.self, parameters: ["duration": 60], clock: clock) }
        await clock.waitForSleepers()
        run.cancel()
        let result = try await run.value
        #expect(result.state == .aborted)
        #expect(result.messages == ["asleep", "aborted"])
    }
}
