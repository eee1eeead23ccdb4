import FlowmancerCore

/// What a run takes over from an earlier one that it continues.
struct EarlierProgress {
    /// The tasks that do not run again.
    let completed: Set<String>
    /// The tasks that run again.
    let restarted: Set<String>
    /// The states of tasks that are left out now, and keep them.
    let leftOut: [String: ExecutionState]
    let sharedDict: [String: JSONText]
    /// The digests of the definitions by which tasks completed.
    let fingerprints: [String: String]

    /// - Parameters:
    ///   - contents: The earlier run's checkpoint.
    ///   - leftOut: The tasks that do not run now, on request.
    init(_ contents: CheckpointContents, plan: ResumePlan, leftOut: Set<String>) {
        let completed = Set(plan.steps.filter(\.decision.isKept).map(\.task))
        self.completed = completed
        restarted = Set(plan.steps.filter(\.decision.isRestart).map(\.task))
        self.leftOut = contents.states.filter { leftOut.contains($0.key) && !completed.contains($0.key) }
        sharedDict = contents.sharedDict
        fingerprints = contents.fingerprints.filter { completed.contains($0.key) }
    }
}
