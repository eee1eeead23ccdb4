import Testing

@testable import FlowmancerCore

@Suite struct ResumePlanTests {
    @Test(
        arguments: [
            (nil, .run(.new)), (.completed, .keep), (.running, .run(.interrupted)), (.failed, .run(.was(.failed))),
            (.aborted, .run(.was(.aborted))), (.defaulted, .run(.was(.defaulted))), (.pending, .run(.was(.pending))),
            (.skipped, .run(.was(.skipped))), (.initial, .run(.was(.initial))),
        ] as [(ExecutionState?, ResumePlan.Decision)]
    )
    func theCheckpointDecides(state: ExecutionState?, decision: ResumePlan.Decision) {
        let plan = plan(["a": state])
        #expect(plan.decisions == [decision])
        #expect(decision.isKept == (state == .completed))
        #expect(decision.isRestart == (state == .failed))
        #expect(plan.description.split(separator: "\n").count == 2)
        #expect(plan.description.hasSuffix(": a"))
    }

    @Test(arguments: [(false, .keepChanged), (true, .run(.changed))] as [(Bool, ResumePlan.Decision)])
    func aChangedDefinitionIsNoticed(rerunChanged: Bool, decision: ResumePlan.Decision) {
        let plan = plan(["a": .completed], fingerprints: ["a": "other"], rerunChanged: rerunChanged)
        #expect(plan.decisions == [decision])
        #expect(plan.description.contains("definition changed"))
    }

    @Test func anUnchangedOrUnknownDefinitionIsKept() {
        let same = TaskDefinition("T").fingerprint
        #expect(plan(["a": .completed], fingerprints: ["a": same]).decisions[0] == .keep)
        #expect(plan(["a": .completed], rerunChanged: true).decisions[0] == .keep)
    }

    @Test func thePlanReadsByKindOfDecision() {
        let plan = plan(["a": .completed, "b": .failed, "c": nil, "d": .completed], gone: ["z", "y"])
        #expect(
            plan.description == """
                Restarting from the checkpoint:
                  done, kept: a, d
                  failed, run again: b
                  new, run now: c
                  no longer in the job: y, z
                """
        )
    }

    @Test func whatIsLeftOutOnRequestDoesNotRun() {
        let states: [String: ExecutionState?] = ["a": .completed, "b": .failed, "c": nil, "d": .failed]
        let plan = plan(states, leftOut: [0, 1, 2])
        #expect(plan.decisions == [.keep, .leaveOut(.failed), .leaveOut(nil), .run(.was(.failed))])
        #expect(
            plan.description == """
                Restarting from the checkpoint:
                  done, kept: a
                  failed, run again: d
                  left out on request: b, c
                """
        )
    }

    @Test func aCompletedTaskThatIsLeftOutStaysCompletedThoughItChanged() {
        let plan = plan(["a": .completed], fingerprints: ["a": "other"], leftOut: [0], rerunChanged: true)
        #expect(plan.decisions == [.keepChanged])
    }

    @Test func aLongListIsCut() {
        let states = [String: ExecutionState?](uniqueKeysWithValues: (10..<40).map { ("t\($0)", .completed) })
        #expect(plan(states).description.hasSuffix("t28, t29 and 10 more tasks"))
    }

    private func plan(
        _ states: [String: ExecutionState?],
        gone: [String] = [],
        fingerprints: [String: String] = [:],
        leftOut: Set<Int> = [],
        rerunChanged: Bool = false
    ) -> ResumePlan {
        var job = JobDefinition(name: "job")
        var checkpoint = CheckpointContents(name: "job", fingerprints: fingerprints)
        for (name, state) in states.sorted(by: { $0.key < $1.key }) {
            job.tasks[name] = TaskDefinition("T")
            checkpoint.states[name] = state
        }
        for name in gone { checkpoint.states[name] = .completed }
        return ResumePlan(job, from: checkpoint, leftOut: leftOut, rerunChanged: rerunChanged)
    }
}
