import FlowmancerCore

/// What only few attempts are told, beyond what is said of their task.
struct AttemptExtras {
    /// How the tasks ended that the task depends on.
    var dependencies: [EndedDependency]
}
