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
    /// The order of what runs.
    let execution: ExecutionPlan
    /// For each task, what a restart does with it; empty without one.
    var decisions: [ResumePlan.Decision] {
        if case .from(let resumption) = restart { resumption.decisions } else { [] }
    }

    init(job: JobDefinition, graph: TaskGraph, leftOut: Set<Int>, restart: Restart) {
        self.job = job
        self.graph = graph
        self.leftOut = leftOut
        self.restart = restart
        var satisfied = leftOut
        if case .from(let resumption) = restart {
            satisfied.formUnion(resumption.decisions.indices.filter { resumption.decisions[$0].isKept })
        }
        execution = ExecutionPlan(graph, satisfied: satisfied)
    }

    /// The tasks that run, in an order in which they could start one after the other.
    var order: [Int] { execution.levels.flatMap(\.self) }
}
