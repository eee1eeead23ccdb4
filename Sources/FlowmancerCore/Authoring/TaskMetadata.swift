/// Information about a task and the attempt that is running.
public struct TaskMetadata: Sendable, Hashable {
    /// The id of the run. Processes that a task starts find it in their environment, as `FLOWMANCER_RUN_ID`.
    public var runID: RunID
    /// The name of the job.
    public var jobName: String
    /// The task's name in the job.
    public var name: String
    /// The name of the task's type, as written in the job.
    public var variant: String
    /// The names of the tasks that this task depends on.
    public var dependsOn: [String]
    /// How the tasks ended that this task depends on, in the order of the job file. Only a task that reacts to that is told:
    /// one whose ``TaskDefinition/runIf`` is not ``TriggerRule/allCompleted``. For others, it is empty.
    ///
    /// A task that is a command finds the same in the JSON file that `FLOWMANCER_DEPENDENCIES` names.
    public var dependencies: [EndedDependency]
    /// The units of resources that the attempt has, by the name of the resource: `["licence": ["b"]]`. Only resources whose
    /// units have names in ``JobConfiguration/resources`` are here, and `gpus` of the machine.
    ///
    /// A task that is a command finds the same in `FLOWMANCER_RESOURCE_LICENCE`, separated by commas.
    public var resources: [String: [String]]
    /// The number of the attempt; the first is 1.
    public var attempt: Int
    /// Whether a restarted job runs a task that failed before.
    public var isRestart: Bool

    /// Creates metadata, for tests of tasks.
    public init(
        runID: RunID = .unknown,
        jobName: String,
        name: String,
        variant: String,
        dependsOn: [String] = [],
        dependencies: [EndedDependency] = [],
        resources: [String: [String]] = [:],
        attempt: Int = 1,
        isRestart: Bool = false
    ) {
        self.runID = runID
        self.jobName = jobName
        self.name = name
        self.variant = variant
        self.dependsOn = dependsOn
        self.dependencies = dependencies
        self.resources = resources
        self.attempt = attempt
        self.isRestart = isRestart
    }
}
