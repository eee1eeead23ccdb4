import FlowmancerCore

/// What holds for all machines of an executor.
struct ClusterSettings {
    let scale: PilotScale
    /// What each machine has; `nil` if that is known only once one is there.
    let capacity: NodeCapacity?
    /// Tells the build of this program from all others.
    let program: String
}
