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
            "Has no effect; accepted for job files of the original. The engine acts on each event immediately."
        return [
            key(
                "name",
                "The name of the job, which identifies its checkpoint. Give each job its own name.",
                defaults.name
            ),
            key(
                "max_concurrency",
                "The maximum number of tasks that run at the same time; 0 or less for no limit.",
                defaults.maxConcurrency
            ),
            key(
                "extension_directories",
                "Directories of Swift sources, relative to the app root. Their types must be part of this program.",
                defaults.extensionDirectories
            ),
            key(
                "extension_packages",
                "Modules whose types must be part of this program.",
                defaults.extensionPackages
            ),
            key("synchro_interval_seconds", noEffect, defaults.synchroInterval),
            key("loggers_interval_seconds", noEffect, defaults.loggersInterval),
            key("extensions_interval_seconds", noEffect, defaults.extensionsInterval),
            key(
                "checkpointer_interval_seconds",
                "The interval at which a checkpointer without a journal stores the progress.",
                defaults.checkpointerInterval
            ),
            key(
                "task_timeout",
                "The time limit of an attempt of a task without a timeout: seconds, text such as 1h30m, or none.",
                defaults.taskTimeout
            ),
            key(
                "abort_grace_seconds",
                "The time that running tasks have to end after an abort or their time limit, before they are killed.",
                defaults.abortGrace
            ),
            key(
                "plugin_grace_seconds",
                "The time that a logger, extension or checkpointer has to start and to finish.",
                defaults.pluginGrace
            ),
            key(
                "isolation",
                "pool: a worker process runs many attempts; process: each attempt has its own process.",
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
        required("task", "The name of the task's type. 'variant' is another spelling of this key."),
        key(
            "dependencies",
            alias: "depends_on",
            "The tasks that must complete, or be skipped, first. 'depends_on' is another spelling of this key.",
            [String]()
        ),
        key("max_attempts", "The maximum number of attempts.", 1),
        key("backoff", "The pause between two attempts: seconds, or text such as 1m30s.", Duration.zero),
        key(
            "timeout",
            "The time limit of an attempt: seconds, text such as 1h30m, or none. The default is the job's task_timeout.",
            TimeLimit?.none
        ),
        key("isolation", "Like isolation in config, for this task.", Isolation?.none),
        key("merge_output", "Like merge_output in config, for this task.", Bool?.none),
    ]

    /// The keys of a logger, extension or checkpointer, but for `parameters`.
    package static func plugin(_ kind: String) -> [ParameterDescription] {
        [required(kind, "The name of the \(kind)'s type. 'variant' is another spelling of this key.")]
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
