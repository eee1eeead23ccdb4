/// What a checkpoint says of the tasks of a run, and what a journal is told of every step.
///
/// A pure value, and the only place that knows how the stored state of a task differs from its real one. What the journal
/// was told, applied to the first contents, gives the present contents; only the state before the first attempt has two
/// names, `initial` and `pending`.
package struct RecordedProgress: Sendable {
    private var names: [String]
    /// All that is stored beside the states and the shared dictionary.
    private var header: CheckpointContents
    /// What is stored of each task.
    private var states: [ExecutionState]
    /// The tasks of which this stays until they begin, or until a condition skips them.
    private var lasting: Set<Int>
    /// What an earlier run left of members of groups that are not expanded yet. It stays until then.
    private var dormant: [String: ExecutionState]

    init(
        _ names: [String],
        _ decisions: [ResumePlan.Decision],
        header: CheckpointContents,
        dormant: [String: ExecutionState] = [:]
    ) {
        self.names = names
        self.header = header
        self.dormant = dormant
        states = decisions.map { $0.lastingState ?? $0.origin.firstState }
        lasting = Set(decisions.indices.filter { decisions[$0].lastingState != nil })
    }

    /// Adds the members of a group, which get the next numbers.
    package mutating func add(_ members: TaskExpansion) {
        let first = names.count
        names += members.names
        if members.decisions.isEmpty {
            states += repeatElement(.initial, count: members.names.count)
        } else {
            states += members.decisions.map { $0.lastingState ?? $0.origin.firstState }
            for (member, decision) in members.decisions.enumerated() where decision.lastingState != nil {
                lasting.insert(first + member)
            }
        }
        if !dormant.isEmpty { for name in members.names { dormant[name] = nil } }
    }

    /// Notes that a task changed its state.
    ///
    /// - Parameters:
    ///   - attempt: The number of the attempt, which is 0 before the first one.
    ///   - outputs: What the attempt published that completed the task.
    /// - Returns: What the journal must have; `nil` if a restart needs nothing of it.
    package mutating func note(
        _ task: Int,
        from: ExecutionState,
        to: ExecutionState,
        attempt: Int,
        outputs: JSONText? = nil
    ) -> JournalEntry? {
        if !lasting.isEmpty {
            if to == .running || to == .completed { lasting.remove(task) } else if lasting.contains(task) { return nil }
        }
        // A task that was aborted before its first attempt has not started.
        states[task] = to == .aborted && attempt == 0 ? .pending : to
        // A task that is kept keeps what it published.
        guard from != .initial else { return nil }
        if outputs != nil || !header.outputs.isEmpty { header.outputs[names[task]] = outputs }
        return .state(task: names[task], states[task], attempt: attempt, outputs: outputs)
    }

    /// Returns what a completed task published, in this run or an earlier one.
    package func outputs(of task: Int) -> JSONText? { header.outputs[names[task]] }

    /// Notes what was found out about a task, from which a restart decides in the same way.
    ///
    /// - Returns: What the journal must have.
    package mutating func note(_ task: Int, _ preparation: Preparation) -> JournalEntry {
        if preparation.decision == .skip { lasting.remove(task) }
        header.decisions[names[task]] = preparation.record
        return .decision(task: names[task], preparation.record)
    }

    /// Notes that a worker holds a task: it may begin before the engine hears of that.
    ///
    /// - Returns: What the journal must have.
    package mutating func noteHeld(_ task: Int, attempt: Int) -> JournalEntry? {
        note(task, from: .pending, to: .running, attempt: attempt)
    }

    /// Notes that a worker gave back a task that it held. The journal need not know: it is handed out again.
    package mutating func noteReturned(_ task: Int) {
        if states[task] == .running { states[task] = .pending }
    }

    /// The progress as a checkpoint has it.
    package func contents(sharedDict: [String: JSONText]) -> CheckpointContents {
        var contents = header
        contents.states = Dictionary(uniqueKeysWithValues: zip(names, states))
        contents.states.merge(dormant) { present, _ in present }
        contents.sharedDict = sharedDict
        return contents
    }
}

extension TaskOrigin {
    /// What is stored of the task before the run begins.
    fileprivate var firstState: ExecutionState {
        knownState ?? .initial
    }
}
