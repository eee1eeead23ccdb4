import CrashCampaignKit
import Flowmancer
import Testing

/// The campaign's judgement of a run: everything that may not be is noticed, everything that may be is not.
@Suite struct HistoryTests {
    private static let plan: JobPlan = {
        var plan = JobPlan()
        var first = JobPlan.Step(name: "a")
        first.writes = [.append, .count]
        var second = JobPlan.Step(name: "b")
        second.dependencies = ["a"]
        second.maxAttempts = 2
        second.failures = 2
        plan.steps = [first, second]
        return plan
    }()

    private static let events: [SideEvent] = [
        SideEvent(run: 0, task: "a", .begin(attempt: 1, isRestart: false)),
        SideEvent(run: 0, task: "a", .intent(.append, key: "list-0", mark: "1")),
        SideEvent(run: 0, task: "a", .acknowledged(mark: "1")),
        SideEvent(run: 0, task: "a", .intent(.count, key: "counter", mark: "2")),
        SideEvent(run: 0, task: "a", .acknowledged(mark: "2")),
        SideEvent(run: 0, task: "a", .intent(.set, key: "own-a", mark: "3")),
        SideEvent(run: 0, task: "a", .acknowledged(mark: "3")),
        SideEvent(run: 0, task: "a", .intent(.remove, key: "own-a", mark: "4")),
        SideEvent(run: 0, task: "a", .end(isSuccess: true)),
        SideEvent(run: 0, task: "b", .begin(attempt: 1, isRestart: false)),
    ]

    private static let stored = CheckpointContents(
        name: "campaign",
        states: ["a": .completed, "b": .running],
        sharedDict: [
            "list-0": JSONText(rawValue: "[\"1\"]"), "counter": JSONText(rawValue: "1"),
            "own-a": JSONText(rawValue: "\"3\""),
        ],
        outputs: ["a": JSONText(rawValue: "{\"mark\":\"0.a.1\"}")]
    )

    private func violations(
        _ events: [SideEvent] = Self.events,
        _ change: (inout CheckpointContents) -> Void = { _ in }
    ) throws -> [String] {
        var (history, contents) = (History(Self.plan), Self.stored)
        change(&contents)
        return try history.add(events, ending: .killed, stored: contents)
    }

    @Test func aKillThatLosesNothingIsRight() throws {
        #expect(try violations() == [])
        // The last write was not acknowledged: it may be there as well.
        #expect(try violations { $0.sharedDict["own-a"] = nil } == [])
    }

    @Test(
        arguments: [
            ("list-0", nil), ("list-0", "[]"), ("list-0", "[\"1\",\"1\"]"), ("list-0", "[\"1\",\"9\"]"),
            ("counter", "0"), ("counter", "2"), ("counter", nil), ("own-a", "\"2\""), ("own-z", "\"2\""),
        ] as [(String, String?)]
    )
    func everyChangeOfTheDictionaryIsNoticed(_ key: String, _ value: String?) throws {
        let found = try violations { $0.sharedDict[key] = value.map { JSONText(rawValue: $0) } }
        #expect(found.count == 1 && found[0].contains("'\(key)'"))
    }

    @Test(
        arguments: [("a", .running), ("a", .initial), ("b", .completed), ("b", .pending), ("b", .initial)]
            as [(String, ExecutionState)]
    )
    func everyWrongStateIsNoticed(_ task: String, _ state: ExecutionState) throws {
        #expect(try !violations { $0.states[task] = state }.isEmpty)
    }

    @Test(arguments: [("a", nil), ("a", "{\"mark\":\"0.a.2\"}"), ("b", "{\"mark\":\"0.b.1\"}")] as [(String, String?)])
    func everyChangeOfWhatWasPublishedIsNoticed(_ task: String, _ json: String?) throws {
        let found = try violations { $0.outputs[task] = json.map { JSONText(rawValue: $0) } }
        #expect(found.count == 1 && found[0].hasPrefix("\(task) is stored with the outputs"))
    }

    @Test func whatIsRepeatedIsNoticed() throws {
        var history = History(Self.plan)
        #expect(try history.add(Self.events, ending: .killed, stored: Self.stored) == [])
        let again = [SideEvent(run: 1, task: "a", .begin(attempt: 1, isRestart: false))]
        let found = try history.add(again, ending: .killed, stored: Self.stored)
        #expect(found.contains("a was stored as completed and ran again"))
    }

    @Test func theEndIsCompared() throws {
        var failed = Self.stored
        failed.states["b"] = .failed
        func end(_ code: Int32, _ stored: CheckpointContents?) throws -> [String] {
            var history = History(Self.plan)
            _ = try history.add(Self.events, ending: .killed, stored: Self.stored)
            return try history.add([], ending: .exited(code), stored: stored)
        }
        #expect(try end(1, failed) == [])
        #expect(try end(0, failed) == ["the exit code is 0, expected 1"])
        #expect(try end(1, nil) == ["the checkpoint is gone after a failure"])
        #expect(try end(1, Self.stored) == ["b ended as R, expected F"])
    }

    @Test func aCheckpointMayOnlyBeMissingBeforeTheBeginningAndAfterSuccess() throws {
        var history = History(Self.plan)
        #expect(try history.add([], ending: .killed, stored: nil) == [])
        #expect(try history.add(Self.events, ending: .killed, stored: nil) == ["the checkpoint is gone"])
    }
}
