import FlowmancerCore

/// Where the tasks of a job within a job stand.
struct SubJobMount: Sendable {
    /// The mapping with `tasks` in it.
    let root: SourceNode
    /// The path that leads to it in its file.
    let prefix: [ParameterPath.Component]
    /// The task whose job has the file; `nil` if it is the file of the whole job.
    let owner: String?
    /// The variables that its tasks see.
    let scope: VariableScope
}
