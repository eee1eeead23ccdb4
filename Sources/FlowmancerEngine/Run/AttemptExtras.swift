import FlowmancerCore

/// What only few attempts are told, beyond what is said of their task.
struct AttemptExtras {
    /// How the tasks ended that the task depends on; `nil` if it is not told of them.
    var dependencies: [EndedDependency]?
    /// The named units of resources that the attempt has, by the name of the resource.
    var resources: [String: [String]] = [:]

    var isEmpty: Bool { dependencies == nil && resources.isEmpty }
}
