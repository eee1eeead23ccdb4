extension JobConfiguration: JobKeyOwner {
    package static let unset = JobConfiguration()

    /// The keys of `config`.
    package static let keys = JobKeyTable<JobConfiguration>([
        JobKey(
            text: "name",
            \.name,
            expectation: "the job's name (text)",
            fault: { $0.name.isEmpty ? .unsafeName("", reason: "a job needs a name, for its checkpoints") : nil },
            "The name of the job, which identifies its checkpoint. Give each job its own name."
        ),
        JobKey(
            "max_concurrency",
            \.maxConcurrency,
            "The maximum number of tasks that run at the same time; 0 or less for no limit."
        ),
        JobKey(
            "max_failures",
            \.failureLimit,
            fault: { $0.failureLimit.fault },
            "After this many failed tasks, no task starts any more that has not begun; none for no limit."
        ),
        JobKey(
            "timeout",
            \.timeout,
            fault: { $0.timeout.fault },
            "The time limit of a run, which is aborted then: seconds, text such as 1h30m, or none."
        ),
        JobKey(
            "resources",
            \.resourceSupplies,
            "What tasks share, by name: an amount, or a list of units, which tasks are told by name. It takes the place of "
                + "what the machine has of cpus, memory and gpus."
        ),
        JobKey(
            "executor",
            \.executor,
            "The executor on which tasks run that name none: one of executors, or local."
        ),
        JobKey(
            "extension_directories",
            \.extensionDirectories,
            "Directories of Swift sources, relative to the app root. Their types must be part of this program."
        ),
        JobKey("extension_packages", \.extensionPackages, "Modules whose types must be part of this program."),
        JobKey("synchro_interval_seconds", \.synchroInterval, fault: { $0.synchroInterval.fault }, withoutEffect),
        JobKey("loggers_interval_seconds", \.loggersInterval, fault: { $0.loggersInterval.fault }, withoutEffect),
        JobKey(
            "extensions_interval_seconds",
            \.extensionsInterval,
            fault: { $0.extensionsInterval.fault },
            withoutEffect
        ),
        JobKey(
            "checkpointer_interval_seconds",
            \.checkpointerInterval,
            fault: { $0.checkpointerInterval.fault },
            "The interval at which a checkpointer without a journal stores the progress."
        ),
        JobKey(
            "task_timeout",
            \.taskTimeout,
            fault: { $0.taskTimeout.fault },
            "The time limit of an attempt of a task without a timeout: seconds, text such as 1h30m, or none."
        ),
        JobKey(
            "abort_grace_seconds",
            \.abortGrace,
            fault: { $0.abortGrace.fault },
            "The time that running tasks have to end after an abort or their time limit, before they are killed."
        ),
        JobKey(
            "plugin_grace_seconds",
            \.pluginGrace,
            fault: { $0.pluginGrace.fault },
            "The time that a plug-in has to start and to finish."
        ),
        JobKey(
            "isolation",
            \.isolation,
            "pool: a worker process runs many attempts; process: each attempt has its own process."
        ),
        JobKey(
            "merge_output",
            \.mergesOutput,
            "true: what a task writes to standard error goes to its standard output, so that the lines keep their order."
        ),
    ])

    private static let withoutEffect =
        "Has no effect; accepted for job files of the original. The engine acts on each event immediately."
}
