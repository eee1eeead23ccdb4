import FlowmancerCore

/// What a ``ClusterPool`` tells the run, beyond what a pool on this machine does.
protocol ClusterPoolDelegate: WorkerPoolDelegate {
    /// The machine of an attempt was lost, and the attempt with it, for this reason.
    func pool(_ assignment: Assignment, wasLost reason: String)
    /// People should know this about the machines of an executor.
    func pool(of executor: String, didNote note: ClusterNote)
}
