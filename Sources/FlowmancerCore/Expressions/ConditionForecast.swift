/// What is known of conditions before a run: which tasks they skip, and what the others depend on.
package struct ConditionForecast: Sendable {
    /// What becomes of a task with a condition, if its dependencies allow it to run.
    package enum Outcome: Sendable, Hashable {
        /// The condition is true.
        case holds
        /// An earlier run decided that the task runs.
        case wasDecided
        case skips
        /// The condition has no value; the associated value says why.
        case fails(String)
        /// It is known in the run only, by these variables.
        case open([String])
    }

    /// By the numbers of the tasks that have a condition and are not settled before.
    package private(set) var outcomes: [Int: Outcome] = [:]

    /// - Parameters:
    ///   - settled: The tasks whose final states are known, with these.
    ///   - preparations: What an earlier run decided.
    package init(
        _ job: JobDefinition,
        _ graph: TaskGraph,
        settled: [Int: ExecutionState],
        preparations: [Int: Preparation] = [:]
    ) {
        var settled = settled
        guard job.hasTask(where: { $0.when != nil }) else { return }
        let scopes = JobScopes(job)
        // A condition may ask for the states of tasks that come before.
        for task in graph.order where settled[task] == nil {
            guard let condition = job.tasks.values[task].when else { continue }
            let outcome =
                preparations[task] == nil ? Self.outcome(of: condition, in: task, job, scopes, settled) : .wasDecided
            outcomes[task] = outcome
            guard outcome == .skips else { continue }
            // So are the tasks of a job within the job.
            for skipped in graph.contents(of: task) { settled[skipped] = .skipped }
        }
    }

    /// The tasks that are skipped, if their dependencies allow them to run.
    package var skipped: [Int] { outcomes.filter { $0.value == .skips }.map(\.key).sorted() }

    private static func outcome(
        of condition: TaskCondition,
        in task: Int,
        _ job: JobDefinition,
        _ scopes: JobScopes,
        _ settled: [Int: ExecutionState]
    ) -> Outcome {
        do {
            let rest = try condition.expression.get().resolved { reference in
                if let source = scopes.source(of: reference, from: task)?.place.task, let state = settled[source],
                    state != .completed
                {
                    return .missing(because: RunValues.reason(for: state, of: job.tasks.keys[source]))
                }
                guard reference.kind == .state, let other = scopes.place(of: reference, from: task)?.task,
                    let state = settled[other]
                else { return .unknown }
                return .value(.string(state.description))
            }
            if let value = rest.constant { return try value.truth(at: rest.offset) ? .holds : .skips }
            var named: Set<String> = []
            return .open(rest.references.map(\.reference.label).filter { named.insert($0).inserted })
        } catch {
            return .fails(TaskCondition.reason(of: error))
        }
    }
}
