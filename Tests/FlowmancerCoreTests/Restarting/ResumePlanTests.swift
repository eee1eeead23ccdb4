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

    // MARK: Rules

    /// `load` is what others react to; `report` only waits for `audit`.
    private func reacting(
        _ rule: TriggerRule,
        load: ExecutionState,
        audit: ExecutionState?,
        allowed: Bool = false,
        leftOut: Set<Int> = []
    ) -> [ResumePlan.Decision] {
        var job = JobDefinition(name: "job")
        job.tasks["load"] = TaskDefinition("T")
        job.tasks["load"]?.allowsFailure = allowed
        job.tasks["audit"] = TaskDefinition("T")
        job.tasks["audit"]?.dependencies = ["load"]
        job.tasks["audit"]?.runIf = rule
        job.tasks["report"] = TaskDefinition("T")
        job.tasks["report"]?.dependencies = ["audit"]
        let states = ["load": load, "audit": audit, "report": .completed]
        let checkpoint = CheckpointContents(name: "job", states: states.compactMapValues(\.self))
        return ResumePlan(job, from: checkpoint, leftOut: leftOut).decisions
    }

    @Test(arguments: [.anyFailed, .allFailed, .allFinished] as [TriggerRule])
    func whoReactsIsDecidedAnewIfADependencyRunsAgain(rule: TriggerRule) {
        let again = reacting(rule, load: .failed, audit: .completed)
        #expect(again == [.run(.was(.failed)), .run(.dependencyRuns), .keep])
        #expect(!again[1].isKept && !again[1].isRestart && again[1].lastingState == nil)
        #expect(reacting(rule, load: .completed, audit: .completed) == [.keep, .keep, .keep])
        // A failure that is allowed is not repeated, so nothing is new.
        #expect(reacting(rule, load: .failed, audit: .completed, allowed: true) == [.keepFailure, .keep, .keep])
        #expect(reacting(rule, load: .failed, audit: .completed, leftOut: [1])[1] == .keep)
        #expect(reacting(rule, load: .failed, audit: .completed, leftOut: [0])[1] == .keep)
    }

    @Test(arguments: [.allCompleted, .anyCompleted] as [TriggerRule])
    func othersAreKept(rule: TriggerRule) {
        #expect(reacting(rule, load: .failed, audit: .completed) == [.run(.was(.failed)), .keep, .keep])
    }

    @Test(arguments: [nil, .skipped, .pending, .aborted, .defaulted] as [ExecutionState?])
    func whatWaitsForFailuresIsDecidedByItsRule(state: ExecutionState?) {
        #expect(reacting(.anyFailed, load: .completed, audit: state)[1] == .run(.ruleDecides))
    }

    /// `audit` stays skipped, so `notify`, which reacts to it, has nothing new to react to.
    @Test(arguments: [(ExecutionState.completed, ResumePlan.Decision.keep), (.failed, .run(.dependencyRuns))])
    func whatWillNotRunIsNothingNew(load: ExecutionState, notify: ResumePlan.Decision) {
        var job = JobDefinition(name: "job")
        for (name, dependency, rule) in [
            ("load", nil, .allCompleted), ("audit", "load", .anyFailed), ("notify", "audit", .allFinished),
        ] as [(String, String?, TriggerRule)] {
            job.tasks[name] = TaskDefinition("T")
            job.tasks[name]?.dependencies = dependency.map { [$0] } ?? []
            job.tasks[name]?.runIf = rule
        }
        let checkpoint = CheckpointContents(
            name: "job",
            states: ["load": load, "audit": .skipped, "notify": .completed]
        )
        #expect(ResumePlan(job, from: checkpoint, leftOut: []).decisions[2] == notify)
    }

    @Test func anAllowedFailureIsKeptUnlessItsDefinitionChanged() {
        var job = JobDefinition(name: "job")
        job.tasks["a"] = TaskDefinition("T")
        job.tasks["a"]?.allowsFailure = true
        let checkpoint = CheckpointContents(name: "job", states: ["a": .failed], fingerprints: ["a": "other"])
        let plan = ResumePlan(job, from: checkpoint, leftOut: [])
        #expect(plan.decisions == [.keepFailure])
        #expect(plan.decisions[0].isKept && !plan.decisions[0].isRestart && plan.decisions[0].origin == .failed)
        #expect(plan.description.hasSuffix("failed, kept because that is allowed: a"))
        #expect(ResumePlan(job, from: checkpoint, leftOut: [0]).decisions == [.keepFailure])
        let changed = ResumePlan(job, from: checkpoint, leftOut: [], rerunChanged: true)
        #expect(changed.decisions == [.run(.was(.failed))])
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
