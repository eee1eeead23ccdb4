import FlowmancerCore

extension PilotState {
    /// What Slurm's state of a job means for the pilot that it is.
    init(_ entry: QueueListing.Entry) {
        let place = entry.node.isEmpty ? "" : " on \(entry.node.printable)"
        let reason = ["", "None", "(null)"].contains(entry.reason) ? "" : " (\(entry.reason.printable))"
        func over(_ words: String?) -> PilotState {
            .over(reason: "\(entry.state.printable)\(place)\(reason)\(words.map { ": \($0)" } ?? "")")
        }
        self =
            switch entry.state {
            case "PENDING":
                .waiting(reason: PendingReason(entry.reason).words)
            case "CONFIGURING", "POWER_UP_NODE":
                .waiting(reason: "\(entry.state)\(place): its machine is being prepared")
            case "REQUEUED", "REQUEUE_FED":
                .waiting(reason: "\(entry.state): Slurm begins it anew")
            case "REQUEUE_HOLD", "SPECIAL_EXIT", "RESV_DEL_HOLD":
                .waiting(reason: "\(entry.state): Slurm holds it until somebody releases it ('scontrol release')")
            case "RUNNING", "SUSPENDED", "STOPPED", "SIGNALING", "RESIZING":
                .running
            // Something of it may be left on its machine.
            case "COMPLETING", "STAGE_OUT":
                .running
            case "NODE_FAIL":
                .unreachable(reason: "NODE_FAIL\(place)\(reason): its machine does not answer")
            case "COMPLETED": over("it has ended")
            case "CANCELLED": over("it was cancelled")
            case "FAILED": over(Self.failure(entry.reason))
            case "TIMEOUT": over("its time limit has passed ('time')")
            case "OUT_OF_MEMORY": over("it needed more memory than it had ('memory')")
            case "PREEMPTED": over("it had to give way to other jobs")
            case "BOOT_FAIL": over("its machine did not start")
            case "DEADLINE": over("it could not end before its deadline")
            case "LAUNCH_FAILED": over("it could not be started")
            case "REVOKED": over("another cluster has taken it")
            // A state that a later version of Slurm has. In the end, Slurm forgets every job.
            default: .running
            }
    }

    private static func failure(_ reason: String) -> String? {
        switch reason {
        case "BadConstraints": "no node can have what it asks for ('cpus', 'memory', 'gpus', 'options')"
        // So Slurm says it when it cannot write the output.
        case "JobLaunchFailure":
            "Slurm could not start it; probably the app root is not in a file system that its machine shares"
        default: nil
        }
    }

    /// The state of a pilot of which Slurm says nothing.
    static let forgotten = PilotState.over(reason: "Slurm does not know it any more")

    /// Whether nothing is to be expected of the pilot any more.
    var isOver: Bool {
        if case .over = self { true } else { false }
    }
}
