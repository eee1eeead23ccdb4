import Testing

@testable import FlowmancerCore

@Suite struct RunStartTests {
    @Test func aRunFromTheBeginningKnowsNothing() {
        let start = start(["a", "b", "c"], from: nil, leftOut: [1])
        #expect(start.origins == [.fresh, .skipped, .fresh])
        #expect(start.restarted == [])
        #expect(start.checkpoint.states == ["a": .initial, "b": .skipped, "c": .initial])
        #expect(start.checkpoint.sharedDict == [:])
        #expect(start.checkpoint.name == "job")
        #expect(start.checkpoint.jobFile == "/job.yaml")
        #expect(start.checkpoint.fingerprints == ["a": present, "b": present, "c": present])
    }

    @Test(
        arguments: [
            (.completed, .completed, .completed, false), (.failed, .fresh, .failed, true),
            (.running, .fresh, .initial, false), (.aborted, .fresh, .initial, false),
            (.defaulted, .fresh, .initial, false), (.skipped, .fresh, .initial, false),
            (.pending, .fresh, .initial, false), (nil, .fresh, .initial, false),
        ] as [(ExecutionState?, TaskOrigin, ExecutionState, Bool)]
    )
    func anEarlierStateDecides(state: ExecutionState?, origin: TaskOrigin, stored: ExecutionState, isRestart: Bool) {
        let start = start(["a"], from: ["a": state])
        #expect(start.origins == [origin])
        #expect(start.checkpoint.states == ["a": stored])
        #expect(start.restarted == (isRestart ? [0] : []))
    }

    /// A task that is left out keeps what is stored of it, so that a later restart knows what to do.
    @Test(
        arguments: [
            (.completed, .completed, .completed), (.failed, .skipped, .failed), (.aborted, .skipped, .aborted),
            (.running, .skipped, .running), (nil, .skipped, .skipped),
        ] as [(ExecutionState?, TaskOrigin, ExecutionState)]
    )
    func whatIsLeftOutKeepsItsState(state: ExecutionState?, origin: TaskOrigin, stored: ExecutionState) {
        let start = start(["a"], from: ["a": state], leftOut: [0])
        #expect(start.origins == [origin])
        #expect(start.checkpoint.states == ["a": stored])
        #expect(start.restarted == [])
    }

    @Test func anAllowedFailureStaysStored() {
        var job = JobDefinition(name: "job")
        job.tasks["a"] = TaskDefinition("T")
        job.tasks["a"]?.allowsFailure = true
        let checkpoint = CheckpointContents(name: "job", states: ["a": .failed], fingerprints: ["a": "earlier"])
        let start = RunStart(of: RunID(), TaskRoster(job), ResumePlan(job, from: checkpoint, leftOut: []))
        #expect(start.origins == [.failed])
        #expect(start.restarted == [])
        #expect(start.checkpoint.states == ["a": .failed])
        #expect(start.checkpoint.fingerprints == ["a": "earlier"])
    }

    @Test func onlyWhatIsKeptKeepsItsFingerprint() {
        let start = start(
            ["a", "b", "c"],
            from: ["a": .completed, "b": .failed, "c": .completed],
            fingerprints: ["a": "earlier", "b": "earlier"]
        )
        #expect(start.checkpoint.fingerprints == ["a": "earlier", "b": present, "c": present])
    }

    @Test func whatWasDecidedHoldsAsLongAsTheDefinitionDoes() {
        let decided = JSONText(rawValue: #"{"when":false}"#)
        let start = start(
            ["a", "b", "c"],
            from: ["a": .failed, "b": .failed, "c": .completed, "gone": .failed],
            fingerprints: ["a": present, "b": "earlier", "c": "earlier", "gone": "earlier"],
            decisions: ["a": decided, "b": decided, "c": decided, "gone": decided]
        )
        #expect(start.checkpoint.decisions == ["a": decided, "c": decided])
    }

    @Test func whatKeptTasksPublishedIsKept() {
        let json = JSONText(rawValue: #"{"n":1}"#)
        let start = start(
            ["a", "b", "c", "d"],
            from: ["a": .completed, "b": .failed, "c": .completed, "gone": .completed],
            leftOut: [2],
            outputs: ["a": json, "b": json, "c": json, "gone": json]
        )
        #expect(start.checkpoint.outputs == ["a": json, "c": json])
        #expect(start.progress.outputs(of: 0) == json && start.progress.outputs(of: 1) == nil)
    }

    @Test func whatTheJobNoLongerHasIsForgottenButNotTheSharedValues() {
        let start = start(["a"], from: ["a": .completed, "gone": .failed], sharedDict: ["k": JSONText(rawValue: "1")])
        #expect(start.checkpoint.states == ["a": .completed])
        #expect(start.sharedDict == ["k": JSONText(rawValue: "1")])
        #expect(start.checkpoint.sharedDict == start.sharedDict)
    }

    private let present = TaskDefinition("T").fingerprint

    private func start(
        _ tasks: [String],
        from states: [String: ExecutionState?]?,
        leftOut: Set<Int> = [],
        fingerprints: [String: String] = [:],
        sharedDict: [String: JSONText] = [:],
        decisions: [String: JSONText] = [:],
        outputs: [String: JSONText] = [:]
    ) -> RunStart {
        var job = JobDefinition(name: "job")
        for task in tasks { job.tasks[task] = TaskDefinition("T") }
        let checkpoint = states.map {
            CheckpointContents(
                name: "job",
                states: $0.compactMapValues(\.self),
                sharedDict: sharedDict,
                decisions: decisions,
                outputs: outputs,
                fingerprints: fingerprints
            )
        }
        let plan = ResumePlan(job, from: checkpoint, leftOut: leftOut)
        return RunStart(of: RunID(), TaskRoster(job), plan, jobFile: "/job.yaml")
    }
}
