import FlowmancerCore

/// Why Slurm accepts no pilots, in its own words and in those of the job file.
struct SubmissionRefusal: Hashable {
    /// What `sbatch` said.
    let message: String

    init(_ message: String) {
        self.message = message
    }

    /// What to do about a part of a message.
    private struct Advice {
        var signs: [String]
        var words: String
        /// Whether asking again for the same cannot succeed.
        var isLasting = true
    }

    /// The first one with a sign in the message counts.
    private static let advices = [
        Advice(
            signs: ["Unable to contact slurm controller", "timed out", "Zero Bytes"],
            words: "the controller of the cluster (slurmctld) does not answer",
            isLasting: false
        ),
        Advice(
            signs: ["onfiguration source", "slurm.conf"],
            words: "this machine is not set up for Slurm; run the engine on a login node, or set SLURM_CONF"
        ),
        Advice(
            signs: ["unge", "Protocol authentication error", "Invalid authentication credential"],
            words: "munge, by which Slurm knows users, does not work on this machine",
            isLasting: false
        ),
        Advice(
            signs: ["nvalid partition", "partition inactive", "Partition inactive"],
            words: "set 'partition' to one that 'sinfo --summarize' lists"
        ),
        Advice(
            signs: ["nvalid account"],
            words: "set 'account' to one that you may use in this partition; "
                + "'sacctmgr show associations user=$USER' lists them"
        ),
        Advice(
            signs: ["nvalid qos", "nvalid QOS"],
            words: "set 'qos' to one that you may use; 'sacctmgr show qos' lists them"
        ),
        Advice(
            signs: ["SubmitJob", "submit job limit", "submit limit"],
            words: "there are as many jobs as you may have at a time; lower the maximum of 'nodes' if that lasts",
            isLasting: false
        ),
        Advice(
            signs: ["time limit is invalid", "time limit invalid", "MaxWall", "imeLimit"],
            words: "lower 'time'"
        ),
        Advice(
            signs: ["accounting/QOS policy"],
            words: "lower what the pilots ask for ('nodes', 'time', 'cpus', 'memory', 'gpus'), or choose another 'qos'",
            isLasting: false
        ),
        Advice(signs: ["Memory specification", "emory limit"], words: "no node has so much; lower 'memory'"),
        Advice(
            signs: ["job array"],
            words: "the cluster allows shorter job arrays only (MaxArraySize); lower the maximum of 'nodes'"
        ),
        Advice(
            signs: ["eneric resource", "gres", "Gres", "TRES"],
            words: "set 'gpus' to what the nodes have; 'sinfo --format=%N,%G' lists it"
        ),
        Advice(
            signs: ["node configuration is not available", "CPU count", "More processors requested", "Node count"],
            words: "no node of the partition has what the pilots ask for; lower 'cpus', 'memory' or 'gpus', "
                + "or choose another 'partition'"
        ),
        Advice(
            signs: [
                "nvalid feature", "eservation", "icense", "nvalid node name", "unrecognized option", "invalid option",
                "nvalid constraint", "requires an argument", "ependency", "ambiguous",
            ],
            words: "change 'options'"
        ),
    ]

    private var advice: Advice? {
        Self.advices.first { $0.signs.contains(where: message.contains) }
    }

    /// Whether asking again for the same cannot succeed.
    var isLasting: Bool { advice?.isLasting ?? false }

    /// What is wrong, and what to do about it.
    var words: String {
        "Slurm accepts no pilots: \(SlurmMessage.plain(message))\(advice.map { "; \($0.words)" } ?? "")"
    }
}
