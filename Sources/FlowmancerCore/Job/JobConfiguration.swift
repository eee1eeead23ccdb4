public import OrderedCollections

/// The settings of a whole job: the `config` section of a job file.
public struct JobConfiguration: Sendable, Hashable {
    /// The name of a job that has none.
    public static let defaultName = "flowmancer"

    /// The name of the job, which identifies its checkpoint.
    public var name: String
    /// The maximum number of tasks that run at the same time; 0 or less for no limit.
    public var maxConcurrency = 0
    /// After this many failed tasks, no task starts any more that has not begun; at least 1. `nil` for no limit.
    public var maxFailures: Int?
    /// What the tasks of the job share, by name. Attempts ask for parts of it: ``TaskDefinition/resources``. `cpus`, `memory` and
    /// `gpus` are those of the machine, unless they stand here.
    ///
    /// ```swift
    /// job.configuration.resources = ["db": 2, "licence": ["a", "b"]]
    /// ```
    public var resources: OrderedDictionary<String, ResourceSupply> = [:]
    /// The name of the executor on which tasks run that name none.
    public var executor = JobDefinition.localExecutor
    /// The directories of Swift sources that the job uses types from.
    public var extensionDirectories: [String] = []
    /// The modules that the job uses types from.
    public var extensionPackages: [String] = []
    /// Has no effect, and is accepted for job files of the original: the engine acts on each event immediately.
    public var synchroInterval: Duration = .milliseconds(250)
    /// Has no effect, and is accepted for job files of the original: loggers receive each event immediately.
    public var loggersInterval: Duration = .milliseconds(250)
    /// Has no effect, and is accepted for job files of the original: extensions receive each event immediately.
    public var extensionsInterval: Duration = .milliseconds(250)
    /// The interval at which a checkpointer without a journal stores the progress.
    public var checkpointerInterval: Duration = .seconds(10)
    /// The time limit of a run, from when its first task can start. A run that takes longer is aborted.
    public var timeout = TimeLimit.unlimited
    /// The time limit of an attempt of a task without a `timeout`.
    public var taskTimeout = TimeLimit.unlimited
    /// The time that a running task has to end after an abort or its time limit, before it is killed.
    public var abortGrace: Duration = .seconds(10)
    /// The time that a plug-in has to finish at the end of a run.
    public var pluginGrace: Duration = .seconds(10)
    /// The process that a task without an `isolation` runs in.
    public var isolation = Isolation.pool
    /// Whether a task's standard error is written to the same pipe as its standard output, unless the task says otherwise.
    public var mergesOutput = false

    /// Creates the default settings.
    public init(name: String = JobConfiguration.defaultName) {
        self.name = name
    }
}

/// The process that an attempt of a task runs in.
public enum Isolation: String, Sendable, Hashable, CaseIterable {
    /// A worker process that runs one attempt after another.
    case pool
    /// A new process for each attempt.
    case process
}
