import CrashCampaignKit
import Flowmancer
import Testing

/// The campaign's judgement of the values that tasks are given.
@Suite struct HistoryValueTests {
    private static let plan: JobPlan = {
        var plan = JobPlan()
        var first = JobPlan.Step(name: "a")
        first.maxAttempts = 2
        first.failures = 1
        var second = JobPlan.Step(name: "b")
        second.dependencies = ["a"]
        second.takes = ["a"]
        var third = JobPlan.Step(name: "c")
        third.failures = 1
        third.allowsFailure = true
        var fourth = JobPlan.Step(name: "d")
        fourth.dependencies = ["c"]
        fourth.asks = "c"
        plan.steps = [first, second, third, fourth]
        return plan
    }()

    @Test(arguments: [("0.a.2", true), ("0.a.1", false), ("none", false), ("1.a.2", false)])
    func aTaskIsGivenWhatTheLastAttemptPublished(mark: String, isRight: Bool) throws {
        var history = History(Self.plan)
        let events: [SideEvent] = [
            SideEvent(run: 0, task: "a", .begin(attempt: 1, isRestart: false)),
            SideEvent(run: 0, task: "a", .end(isSuccess: false)),
            SideEvent(run: 0, task: "a", .begin(attempt: 2, isRestart: false)),
            SideEvent(run: 0, task: "a", .end(isSuccess: true)),
            SideEvent(run: 0, task: "b", .begin(attempt: 1, isRestart: false)),
            SideEvent(run: 0, task: "b", .given(mark, of: "a")),
        ]
        let stored = CheckpointContents(
            name: "campaign",
            states: ["a": .completed, "b": .running],
            outputs: ["a": JSONText(rawValue: "{\"mark\":\"0.a.2\"}")]
        )
        let found = try history.add(events, ending: .killed, stored: stored)
        #expect(found == (isRight ? [] : ["b was given \(mark) of a, expected 0.a.2"]))
    }

    @Test func whoAsksForWhatIsNotThereIsSkipped() {
        #expect(Self.plan.finalStates == ["a": .completed, "b": .completed, "c": .failed, "d": .skipped])
        #expect(Self.plan.jobFile.contains(#""when": "defined($OUT{c.mark})""#))
        #expect(Self.plan.jobFile.contains(#""marks": {"a": "$OUT{a.mark:none}"}"#))
    }

}
