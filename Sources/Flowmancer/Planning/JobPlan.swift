import FlowmancerEngine

/// What a run of a job would do.
struct JobPlan {
    /// What the run goes on from.
    enum Restart {
        case notAsked
        case nothingStored
        case from(ResumePlan)
    }

    let job: JobDefinition
    let graph: TaskGraph
    /// The tasks that are left out on request.
    let leftOut: Set<Int>
    let restart: Restart
    /// What is known of the conditions of tasks.
    let conditions: ConditionForecast
    /// For each task what becomes of it.
    let prospects: [TaskProspect]
    /// The order of what runs if all goes well.
    let execution: ExecutionPlan
    /// For each task, what a restart does with it; empty without one.
    var decisions: [ResumePlan.Decision] {
        if case .from(let resumption) = restart { resumption.decisions } else { [] }
    }

    /// - Parameter preparations: What an earlier run decided about tasks, and still holds.
    init(
        job: JobDefinition,
        graph: TaskGraph,
        leftOut: Set<Int>,
        restart: Restart,
        preparations: [Int: Preparation] = [:]
    ) {
        self.job = job
        self.graph = graph
        self.leftOut = leftOut
        self.restart = restart
        var origins: [TaskOrigin] =
            if case .from(let resumption) = restart {
                resumption.decisions.map(\.origin)
            } else {
                graph.names.indices.map { leftOut.contains($0) ? .skipped : .fresh }
            }
        var settled: [Int: ExecutionState] = [:]
        for (task, origin) in origins.enumerated() { settled[task] = origin.knownState }
        conditions = ConditionForecast(job, graph, settled: settled, preparations: preparations)
        for task in conditions.skipped { origins[task] = .skipped }
        prospects = TaskProspect.of(job, graph, origins: origins)
        let (all, prospects) = (prospects.indices, prospects)
        execution = ExecutionPlan(
            graph,
            satisfied: Set(all.filter { prospects[$0] == .isDone }),
            undone: Set(all.filter { prospects[$0] != .isDone && prospects[$0] != .runs })
        )
    }

    /// The variables of a task, without that of its condition, that are known in the run only; each once and without its
    /// default.
    func variables(of task: Int) -> [String] {
        let definition = job.tasks.values[task]
        guard definition.hasVariables else { return [] }
        var named: Set<String> = []
        return definition.variables().filter { $0.offset == nil }.map(\.reference.label).filter {
            named.insert($0).inserted
        }
    }

    /// The tasks that run only if others fail.
    var afterFailures: [Int] { prospects.indices.filter { prospects[$0] == .runsAfterFailures } }

    /// The tasks that run, in an order in which they could start one after the other.
    var order: [Int] { execution.levels.flatMap(\.self) }
}
