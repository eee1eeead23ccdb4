extension TaskDefinition: JobKeyOwner {
    package static let unset = TaskDefinition("")

    /// The keys of a task.
    package static let keys = JobKeyTable<TaskDefinition>([
        JobKey(
            text: "task",
            \.variant,
            alias: "variant",
            isRequired: true,
            substitute: "job",
            expectation: "the name of a task type",
            identify: { $1.combine(TypeName.bare($0.variant)) },
            "The name of the task's type. 'variant' is another spelling of this key."
        ),
        JobKey(
            job: "job",
            \.subJob,
            "A job in the place of a task: a job file, or a mapping with 'tasks' in it. Its tasks join the job as name/…"
        ),
        JobKey(
            values: "variables",
            \.subJobVariables,
            expectation: "a mapping of variables ({} for none)",
            "The variables that the tasks of 'job' see as $VAR{…}."
        ),
        JobKey(
            names: "dependencies",
            \.dependencies,
            alias: "depends_on",
            identify: { for dependency in $0.dependencies.sorted() { $1.combine(dependency) } },
            "The tasks that must complete, or be skipped, first: names, or patterns with * and ?. '*' alone stands for every "
                + "task that does not depend on this one. 'depends_on' is another spelling of this key."
        ),
        JobKey(
            "run_if",
            \.runIf,
            "How the dependencies have to end for the task to run; any_failed and all_finished react to failures."
        ),
        JobKey(
            "allow_failure",
            \.allowsFailure,
            "true: a failure of the task is no failure of the job."
        ),
        JobKey(
            expression: "when",
            \.when,
            fault: { $0.when?.fault },
            "An expression that decides whether the task runs, once its dependencies have ended; if it is "
                + "false, the task is skipped."
        ),
        JobKey(
            "reuse",
            \.reuse,
            set: { $0.reuse = $1 },
            fault: { $0.reuse?.fault },
            takesValuesOfRun: true,
            "The task does not run if nothing changed since it last completed: its type, its parameters, the contents of "
                + "inputs, version, and the files that it produces."
        ),
        JobKey(
            "for_each",
            \.forEach,
            set: { $0.forEach = $1 },
            fault: { $0.forEach?.fault },
            takesValuesOfRun: true,
            "What the task runs for: a list, a mapping of lists for all combinations, or a mapping with 'items' in it. "
                + "Every item makes a task of its own, name[key]."
        ),
        JobKey(
            "max_attempts",
            \.maxAttempts,
            type: .integer(minimum: 1, maximum: nil),
            fault: { task in
                let count = task.maxAttempts
                return count < 1 ? .wrongValue(expected: "at least 1", found: "\(ParameterValue.int(count))") : nil
            },
            "The maximum number of attempts."
        ),
        JobKey(
            "lost_attempts",
            \.lostAttempts,
            set: { $0.lostAttempts = $1 },
            type: .integer(minimum: 0, maximum: nil),
            fault: { task in
                let count = task.lostAttempts
                return count < 0 ? .wrongValue(expected: "at least 0", found: "\(ParameterValue.int(count))") : nil
            },
            "How many attempts may be lost with their machine without counting. A further one counts as a crash."
        ),
        JobKey(
            "backoff",
            \.backoff,
            set: { $0.backoff = $1 },
            fault: { $0.backoff.fault },
            "The pause between two attempts: seconds, text such as 1m30s, or a mapping of first, factor, max and jitter."
        ),
        JobKey(
            "retry_on",
            \.retryOn,
            set: { $0.retryOn = $1 },
            fault: { RetryCause.fault(in: $0.retryOn) },
            "The failures after which there is another attempt: error, timeout, crash, exit codes such as 75 or 137-140, "
                + "and names of error types. The default is all."
        ),
        JobKey(
            "timeout",
            \.timeout,
            set: { $0.timeout = $1 },
            fallback: ParameterPath("config", "task_timeout"),
            fault: { $0.timeout?.fault },
            takesValuesOfRun: true,
            "The time limit of an attempt: seconds, text such as 1h30m, or none. The default is the job's task_timeout."
        ),
        JobKey(
            "resources",
            \.resourceRequests,
            set: { $0.resourceRequests = $1 },
            takesValuesOfRun: true,
            "What each attempt needs for itself while it runs: amounts by the names of resources. A list is for attempt "
                + "1, 2, …. cpus, memory and gpus are those of the machine, others stand in config."
        ),
        JobKey(
            "priority",
            \.priority,
            set: { $0.priority = $1 },
            "Of the tasks that are ready, those of a higher priority start first. The default is 0, or that of the job "
                + "around the task."
        ),
        JobKey(
            "executor",
            \.executor,
            set: { $0.executor = $1 },
            fallback: ParameterPath("config", "executor"),
            "The executor on which the task runs: one of executors, or local. The default is the job's executor."
        ),
        JobKey(
            "isolation",
            \.isolation,
            fallback: ParameterPath("config", "isolation"),
            "Like isolation in config, for this task."
        ),
        JobKey(
            "merge_output",
            \.mergesOutput,
            fallback: ParameterPath("config", "merge_output"),
            "Like merge_output in config, for this task."
        ),
        JobKey(
            parameters: "parameters",
            \.parameters,
            takesValuesOfRun: true,
            identify: { $1.combine(.object($0.parameters)) },
            "The values of the type's parameters."
        ),
    ])

    /// A digest of what the task does: its type, its parameters and its dependencies.
    ///
    /// Equal definitions have equal fingerprints in every process and on every machine; what is hashed is an unambiguous
    /// serialisation.
    ///
    /// A digest of a short secret would give it away to whoever tries all of them, and a new token makes no new task:
    /// ``JobSecrets/redactedJob`` has the definition to take the fingerprint of.
    package var fingerprint: String {
        var hash = StableHash()
        for key in Self.keys.keys { key.identify?(self, &hash) }
        return hash.hexadecimal
    }
}

extension TaskDefinition: CustomReflectable {
    /// Shows the names of the parameters, since a value may be secret.
    public var customMirror: Mirror { Self.keys.mirror(of: self) }
}
