import FlowmancerSystem

/// What a program of Slurm's left.
struct SlurmResult: Hashable, Sendable {
    enum End: Hashable {
        case ended(ProcessEnd)
        /// It took too long, and was killed.
        case overdue
    }

    var end: End
    var output = ""
    var errors = ""

    var succeeded: Bool { end == .ended(.exited(code: 0)) }

    /// Whether it was interrupted, and may have done something before.
    var wasKilled: Bool {
        switch end {
        case .ended(.exited): false
        case .ended(.killed), .overdue: true
        }
    }

    /// Why it failed: "exited with code 1".
    var reason: String {
        switch end {
        case .ended(let end): "\(end)"
        case .overdue: "did not end, because the controller of the cluster (slurmctld) does not answer"
        }
    }
}
