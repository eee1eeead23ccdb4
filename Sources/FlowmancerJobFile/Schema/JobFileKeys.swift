package import FlowmancerCore

/// The keys of job files, apart from those that types bring along: what is known, documented and checked of them.
package enum JobFileKeys {
    /// The keys of a file itself.
    package static let root = ["version", "include"] + sections + ["aliases"]

    /// The keys of a file itself under which a job has values, whether files give any or not.
    package static let sections = ["config", "tasks", "loggers", "extensions", "checkpointer"]

    /// The keys of `config`.
    package static let configuration: [ParameterDescription] = {
        let defaults = JobConfiguration()
        let noEffect =
            "Accepted for job files of the original, without effect: the engine acts on every event when it occurs."
        return [
            key("name", "Names the job, and so its checkpoint: give every job its own.", defaults.name),
            key("max_concurrency", "How many tasks may run at once; 0 or less: no limit.", defaults.maxConcurrency),
            key(
                "extension_directories",
                "Directories of Swift sources, relative to the app root, whose types have to be part of this program.",
                defaults.extensionDirectories
            ),
            key(
                "extension_packages",
                "Modules whose types have to be part of this program.",
                defaults.extensionPackages
            ),
            key("synchro_interval_seconds", noEffect, defaults.synchroInterval),
            key("loggers_interval_seconds", noEffect, defaults.loggersInterval),
            key("extensions_interval_seconds", noEffect, defaults.extensionsInterval),
            key(
                "checkpointer_interval_seconds",
                "How often a checkpointer that keeps no journal is asked to write.",
                defaults.checkpointerInterval
            ),
            key(
                "task_timeout",
                "How long an attempt of a task may take, unless the task has a timeout: seconds, text such as 1h30m, or none.",
                defaults.taskTimeout
            ),
            key(
                "abort_grace_seconds",
                "How long running tasks may take to end, after an abort or their time limit, before they are killed.",
                defaults.abortGrace
            ),
            key(
                "plugin_grace_seconds",
                "How long a logger, extension or checkpointer is waited for at the beginning and at the end.",
                defaults.pluginGrace
            ),
            key(
                "isolation",
                "pool: worker processes are used again; process: a fresh one for every attempt.",
                defaults.isolation
            ),
            key(
                "merge_output",
                "true: what a task writes to standard error goes to its standard output, so that the lines keep their order.",
                defaults.mergesOutput
            ),
        ]
    }()

    /// The keys of a task, but for `parameters`.
    package static let task: [ParameterDescription] = [
        required("task", "The name of the task's type; 'variant' means the same."),
        key(
            "dependencies",
            alias: "depends_on",
            "Tasks that must have completed, or been skipped, before; 'depends_on' means the same.",
            [String]()
        ),
        key("max_attempts", "How often the task may be tried in all.", 1),
        key("backoff", "The pause between two attempts: seconds, or text such as 1m30s.", Duration.zero),
        key(
            "timeout",
            "How long an attempt may take: seconds, text such as 1h30m, or none; that of the job unless given.",
            TimeLimit?.none
        ),
        key("isolation", "As in config, for this task.", Isolation?.none),
        key("merge_output", "As in config, for this task.", Bool?.none),
    ]

    /// The keys of a logger, extension or checkpointer, but for `parameters`.
    package static func plugin(_ kind: String) -> [ParameterDescription] {
        [required(kind, "The name of the \(kind)'s type; 'variant' means the same.")]
    }

    private static func key<Value>(
        _ name: String,
        alias: String? = nil,
        _ help: String,
        _ value: Value
    ) -> ParameterDescription {
        ParameterDescription(
            key: name,
            propertyName: alias ?? name,
            help: help,
            type: TypeDescription(of: Value.self),
            presence: .optional(default: ParameterValue(describing: value))
        )
    }

    private static func required(_ name: String, _ help: String) -> ParameterDescription {
        ParameterDescription(key: name, propertyName: "variant", help: help, type: .text, presence: .required)
    }
}
