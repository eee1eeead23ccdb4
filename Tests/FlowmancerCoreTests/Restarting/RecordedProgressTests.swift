import TestSupport
import Testing

@testable import FlowmancerCore

@Suite struct RecordedProgressTests {
    @Test func aTaskThatIsAbortedBeforeItsFirstAttemptHasNotStarted() {
        var progress = progress(from: ["a": .aborted])
        #expect(progress.note(0, from: .initial, to: .pending, attempt: 0) == nil)
        let entry = progress.note(0, from: .pending, to: .aborted, attempt: 0)
        #expect(entry == .state(task: "a", .pending, attempt: 0))
        var retried = self.progress(from: [:])
        let aborted = retried.note(0, from: .pending, to: .aborted, attempt: 1)
        #expect(aborted == .state(task: "a", .aborted, attempt: 1))
    }

    @Test func aFailedTaskStaysFailedUntilItBegins() {
        var progress = progress(from: ["a": .failed])
        #expect(progress.note(0, from: .initial, to: .pending, attempt: 0) == nil)
        #expect(progress.contents(sharedDict: [:]).states == ["a": .failed])
        #expect(progress.note(0, from: .pending, to: .running, attempt: 1) == .state(task: "a", .running, attempt: 1))
        #expect(progress.note(0, from: .running, to: .pending, attempt: 1) == .state(task: "a", .pending, attempt: 1))
        #expect(progress.contents(sharedDict: [:]).states == ["a": .pending])
    }

    @Test(arguments: [.aborted, .defaulted] as [ExecutionState])
    func aFailedTaskThatDoesNotBeginIsStillToBeToldOfItsRestart(end: ExecutionState) {
        var progress = progress(from: ["a": .failed])
        #expect(progress.note(0, from: .initial, to: .pending, attempt: 0) == nil)
        #expect(progress.note(0, from: .pending, to: end, attempt: 0) == nil)
        #expect(progress.contents(sharedDict: [:]).states == ["a": .failed])
    }

    /// What is held may have begun when the engine dies, so the journal says that it runs.
    @Test func whatAWorkerHoldsIsStoredAsRunning() {
        var progress = progress(from: [:])
        #expect(progress.note(0, from: .initial, to: .pending, attempt: 0) == nil)
        #expect(progress.noteHeld(0, attempt: 1) == .state(task: "a", .running, attempt: 1))
        progress.noteReturned(0)
        #expect(progress.contents(sharedDict: [:]).states == ["a": .pending])
    }

    @Test func whatWasFoundOutAboutATaskIsStored() {
        var progress = progress(from: [:])
        let found = JSONText(rawValue: #"{"when":false}"#)
        #expect(progress.note(0, Preparation(.skip, record: found)) == .decision(task: "a", found))
        #expect(progress.contents(sharedDict: [:]).decisions == ["a": found])
    }

    @Test func aFailedTaskThatItsConditionSkipsHasNotFailedAnyMore() {
        var progress = progress(from: ["a": .failed])
        #expect(progress.note(0, from: .initial, to: .pending, attempt: 0) == nil)
        _ = progress.note(0, Preparation(.skip, record: JSONText(rawValue: "{}")))
        #expect(progress.note(0, from: .pending, to: .skipped, attempt: 0) == .state(task: "a", .skipped, attempt: 0))
        #expect(progress.contents(sharedDict: [:]).states == ["a": .skipped])
    }

    /// Against a model that looks at all that ever happened.
    @Test func theJournalAndTheContentsAgreeAtEveryStep() {
        for seed in UInt64(0)..<400 {
            var walk = Walk(seed: seed)
            for step in 0..<200 where walk.advance() {
                guard walk.isConsistent else {
                    Issue.record("seed \(seed), step \(step): \(walk.difference)")
                    return
                }
            }
        }
    }

    private func progress(from states: [String: ExecutionState]) -> RecordedProgress {
        var job = JobDefinition(name: "job")
        job.tasks["a"] = TaskDefinition("T")
        let checkpoint = CheckpointContents(name: "job", states: states)
        return RunStart(of: RunID(), TaskRoster(job), ResumePlan(job, from: checkpoint, leftOut: [])).progress
    }
}

/// Tasks that go through states as a scheduler would send them, in any order, from any earlier run.
private struct Walk {
    private let earlier: CheckpointContents
    private let decisions: [ResumePlan.Decision]
    private let names: [String]
    private var random: SeededGenerator
    private var progress: RecordedProgress
    /// The first contents, with all that the journal was told.
    private var replayed: CheckpointContents

    // What really happened.
    private var states: [ExecutionState]
    private var attempts: [Int]
    private var held: Set<Int> = []
    private var hasBegun: Set<Int> = []
    /// What tasks published that are completed.
    private var outputs: [String: JSONText] = [:]

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        var job = JobDefinition(name: "job")
        var earlier = CheckpointContents(name: "job")
        var leftOut: Set<Int> = []
        for number in 0..<Int.random(in: 1...8, using: &random) {
            job.tasks["t\(number)"] = TaskDefinition("T")
            job.tasks["t\(number)"]?.allowsFailure = random.chance(30)
            if random.chance(80) {
                earlier.states["t\(number)"] = ExecutionState.allCases.randomElement(using: &random)
                if random.chance(40) { earlier.outputs["t\(number)"] = JSONText(rawValue: "{\"n\":\(number)}") }
            }
            if random.chance(20) { leftOut.insert(number) }
        }
        let plan = ResumePlan(job, from: earlier, leftOut: leftOut)
        let start = RunStart(of: RunID(), TaskRoster(job), plan)
        (self.earlier, decisions, names) = (earlier, plan.decisions, plan.names)
        (progress, replayed) = (start.progress, start.checkpoint)
        outputs = earlier.outputs.filter { earlier.states[$0.key] == .completed }
        states = names.map { _ in .initial }
        attempts = names.map { _ in 0 }
        for (task, origin) in start.origins.enumerated() {
            move(task, to: origin == .completed ? .completed : origin == .failed ? .failed : .pending)
            if origin == .skipped { move(task, to: .skipped) }
        }
    }

    /// Does something.
    ///
    /// - Returns: Whether there was anything to do.
    mutating func advance() -> Bool {
        let open = states.indices.filter { !states[$0].isFinal }
        guard let task = open.randomElement(using: &random) else { return false }
        switch states[task] {
        case .pending where held.contains(task) && random.chance(40):
            held.remove(task)
            progress.noteReturned(task)
        case .pending where !decisions[task].isRestart && !held.contains(task) && random.chance(30):
            held.insert(task)
            if let entry = progress.noteHeld(task, attempt: attempts[task] + 1) { replayed.apply(entry) }
        case .pending where held.contains(task) || random.chance(70):
            held.remove(task)
            hasBegun.insert(task)
            attempts[task] += 1
            move(task, to: .running)
        case .pending:
            move(task, to: random.chance(50) || attempts[task] > 0 ? .aborted : .defaulted)
        default:
            move(task, to: [.pending, .completed, .failed, .aborted].randomElement(using: &random) ?? .pending)
        }
        return true
    }

    private mutating func move(_ task: Int, to state: ExecutionState) {
        let isEnd = state == .completed && states[task] != .initial
        let published = isEnd && random.chance(50) ? JSONText(rawValue: "{\"n\":-\(attempts[task])}") : nil
        let entry = progress.note(
            task,
            from: states[task],
            to: state,
            attempt: attempts[task],
            outputs: published
        )
        if let entry { replayed.apply(entry) }
        if states[task] != .initial { outputs[names[task]] = published }
        states[task] = state
    }

    var isConsistent: Bool { difference.isEmpty }

    var difference: String {
        let stored = progress.contents(sharedDict: [:])
        guard stored.outputs == outputs, replayed.outputs == outputs else {
            return "published: \(stored.outputs), \(replayed.outputs), \(outputs)"
        }
        return names.indices.compactMap { task in
            let (present, replayed) = (stored.states[names[task]], replayed.states[names[task]])
            // A task that was given back counts as running until it is handed out again.
            let isReplayed =
                present == replayed || present == .pending && (replayed == .initial || replayed == .running)
            let isRight = present == expected(task) && isReplayed
            return isRight ? nil : "\(names[task]): \(present as Any), \(replayed as Any), \(expected(task))"
        }
        .joined(separator: "; ")
    }

    private func expected(_ task: Int) -> ExecutionState {
        if held.contains(task) { return .running }
        let isLasting = earlier.states[names[task]] == .failed || decisions[task].origin == .skipped
        if isLasting, !hasBegun.contains(task), let state = earlier.states[names[task]] { return state }
        return states[task] == .aborted && attempts[task] == 0 ? .pending : states[task]
    }
}
