import FlowmancerEngine
import FlowmancerSystem

/// What a run of a job would do.
struct JobPlan {
    /// What the run goes on from.
    enum Restart {
        case notAsked
        case nothingStored
        case from(ResumePlan, TaskRoster)
    }

    let job: JobDefinition
    let graph: TaskGraph
    let scopes: JobScopes
    let leftOut: LeftOutTasks
    let restart: Restart
    /// What there is of the resources that tasks ask for.
    let resources: [Resource]
    /// What is known of the conditions of tasks.
    let conditions: ConditionForecast
    /// What is known of tasks that may be up to date.
    let reuse: [Int: ReuseForecast.Outcome]
    /// For each task what becomes of it.
    let prospects: [TaskProspect]
    /// The order of what runs if all goes well.
    let execution: ExecutionPlan
    /// For each task, what a restart does with it; empty without one.
    let decisions: [RestartDecision]
    /// How long the run takes; `nil` if nothing is known of that.
    var expectedTime: ExpectedTime?

    /// - Parameters:
    ///   - preparations: What an earlier run decided about tasks, and still holds.
    ///   - reuse: Returns what is known of tasks that may be up to date, given what is known of every task before the run.
    init(
        job: JobDefinition,
        graph: TaskGraph,
        leftOut: LeftOutTasks,
        restart: Restart,
        preparations: [Int: Preparation] = [:],
        reuse: ([TaskOrigin]) -> [Int: ReuseForecast.Outcome] = { _ in [:] }
    ) {
        self.job = job
        self.graph = graph
        scopes = JobScopes(job)
        self.leftOut = leftOut
        self.restart = restart
        resources = ResourceTable(job) { .current() }.resources
        decisions =
            if case .from(let resumption, let roster) = restart { RestartDecision.all(of: resumption, roster) } else {
                []
            }
        var origins: [TaskOrigin] =
            decisions.isEmpty
            ? graph.names.indices.map { leftOut.tasks.contains($0) ? .skipped : .fresh } : decisions.map(\.origin)
        var settled: [Int: ExecutionState] = [:]
        for (task, origin) in origins.enumerated() { settled[task] = origin.knownState }
        conditions = ConditionForecast(job, graph, settled: settled, preparations: preparations)
        for task in conditions.skipped.flatMap(graph.contents) { origins[task] = .skipped }
        self.reuse = reuse(origins)
        for (task, outcome) in self.reuse where outcome == .upToDate { origins[task] = .completed }
        prospects = TaskProspect.of(job, graph, origins: origins)
        let (all, prospects) = (prospects.indices, prospects)
        execution = ExecutionPlan(
            graph,
            satisfied: Set(all.filter { prospects[$0] == .isDone }),
            undone: Set(all.filter { prospects[$0] != .isDone && prospects[$0] != .runs })
        )
    }

    /// The tasks that are up to date, in the order of the job.
    var upToDate: [Int] { reuse.filter { $0.value == .upToDate }.map(\.key).sorted() }

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
    var afterFailures: [Int] { tasks.filter { prospects[$0] == .runsAfterFailures } }

    /// The tasks that run, in an order in which they could start one after the other.
    var order: [Int] { execution.levels.flatMap(\.self) }
}
