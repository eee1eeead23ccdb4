import FlowmancerEngine

/// What a run makes of a task, as far as that is known beforehand.
enum TaskProspect: Hashable {
    /// It runs if all goes well.
    case runs
    /// It runs only if others fail.
    case runsAfterFailures
    /// Its rule will not be met, however others end.
    case ends(ExecutionState)
    /// It is kept or left out.
    case isDone

    /// Returns the prospects of all tasks of a job.
    ///
    /// - Parameter origins: What is known of every task before the run.
    static func of(_ job: JobDefinition, _ graph: TaskGraph, origins: [TaskOrigin]) -> [TaskProspect] {
        guard job.hasRules else { return origins.map { $0 == .fresh ? .runs : .isDone } }
        let expected = RuleForecast(job, graph, origins: origins, canFail: false).prospects
        let possible = RuleForecast(job, graph, origins: origins, canFail: true).prospects
        return zip(expected, possible).map { expected, possible in
            switch (expected, possible) {
            case (_, .known): .isDone
            case (_, .ends(let state)): .ends(state)
            case (.ends, _): .runsAfterFailures
            default: .runs
            }
        }
    }
}
