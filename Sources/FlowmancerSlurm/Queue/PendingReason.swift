import FlowmancerCore

/// Why Slurm does not start a job, in its own word and in plain words.
struct PendingReason: Hashable {
    let word: String

    init(_ word: String) {
        self.word = word
    }

    /// "Resources: it is next, and waits for a free node"
    var words: String {
        let word = ["", "None", "(null)"].contains(word) ? "PENDING" : word.printable
        guard let explanation else { return word }
        return "\(word): \(explanation)" + (isHopeless ? "; it will not start unless that changes" : "")
    }

    private var explanation: String? { Self.exact[key] ?? Self.pattern(key)?.words }

    /// Whether waiting alone does not help.
    var isHopeless: Bool { Self.hopeless.contains(key) || Self.pattern(key)?.isHopeless == true }

    /// The word without what follows on it: `ReqNodeNotAvail, UnavailableNodes:node1`.
    private var key: String { String(word.prefix { $0 != "," && $0 != "(" && $0 != ":" && !$0.isWhitespace }) }

    private static let exact = [
        "": "Slurm has not looked at it yet",
        "None": "Slurm has not looked at it yet",
        "Priority": "jobs with a higher priority come first",
        "Resources": "it waits for a free node",
        "Dependency": "it waits for the job that 'options' make it depend on",
        "DependencyNeverSatisfied": "the job that 'options' make it depend on did not end as demanded",
        "BeginTime": "its time to begin has not come",
        "JobHeldUser": "it is held; 'scontrol release' lets it go",
        "JobHeldAdmin": "an operator holds it",
        "JobArrayTaskLimit": "as many of its job array run as may",
        "Licenses": "it waits for a licence",
        "Reservation": "it waits for its reservation",
        "ReservationDeleted": "its reservation does not exist any more",
        "ReqNodeNotAvail": "the nodes that it could have are down, drained or reserved",
        "NodeDown": "the node that it needs is down",
        "PartitionDown": "the partition starts no jobs now",
        "PartitionInactive": "the partition accepts no jobs now",
        "PartitionNodeLimit": "it asks for more nodes than the partition allows",
        "PartitionTimeLimit": "'time' exceeds the time limit of the partition",
        "PartitionConfig": "no node of the partition can have what it asks for ('cpus', 'memory', 'time')",
        "BadConstraints": "no node can have what it asks for ('cpus', 'memory', 'gpus', 'options')",
        "MaxMemPerLimit": "'memory' exceeds the limit of the partition",
        "InvalidAccount": "the account does not exist",
        "InvalidQOS": "the QOS does not exist",
        "AccountNotAllowed": "the partition does not allow the account",
        "AccountingPolicy": "a limit of the account or the QOS does not allow it",
        "QOSNotAllowed": "the partition or the account does not allow the QOS",
        "QOSResourceLimit": "a limit of the QOS is reached",
        "AssociationJobLimit": "as many jobs of the account run as may",
        "AssociationResourceLimit": "a limit of the account is reached",
        "AssociationTimeLimit": "the account has used its time up",
        "Prolog": "its node is being prepared",
        "Cleaning": "what is left of its earlier start is being removed",
        "launch_failed_requeued_held": "it could not be started, and Slurm holds it",
        "user_env_retrieval_failed_requeued_held": "the login shell took too long on its node, and Slurm holds it",
    ]

    private static let hopeless: Set = [
        "AccountNotAllowed", "BadConstraints", "DependencyNeverSatisfied", "InvalidAccount", "InvalidQOS",
        "JobHeldAdmin",
        "JobHeldUser", "MaxMemPerLimit", "PartitionConfig", "PartitionNodeLimit", "PartitionTimeLimit", "QOSNotAllowed",
        "ReservationDeleted", "launch_failed_requeued_held", "user_env_retrieval_failed_requeued_held",
    ]

    /// The many limits, whose words are made of what is limited and of whom: `QOSMaxCpuPerUserLimit`.
    private static func pattern(_ word: String) -> (words: String, isHopeless: Bool)? {
        let kinds = [("QOS", "the QOS"), ("Assoc", "the account")]
        guard let (prefix, owner) = kinds.first(where: { word.hasPrefix($0.0) }) else { return nil }
        if word.dropFirst(prefix.count).hasPrefix("Min") { return ("it asks for less than \(owner) demands", true) }
        // What one job may have does not change while it waits.
        if word.contains("PerJob") || word.contains("PerNode") {
            return ("it asks for more than \(owner) allows one job or node", true)
        }
        return ("a limit of \(owner) is reached", false)
    }
}
