/// Settings of a job as a whole: the `config` section of a job file.
public struct JobConfiguration: Sendable, Hashable {
    /// The name of a job that has none.
    public static let defaultName = "flowmancer"

    /// The name under which checkpoints are kept.
    public var name: String
    /// How many tasks may run at once; unlimited if 0 or less.
    public var maxConcurrency = 0
    /// Directories of Swift sources whose types the job uses.
    public var extensionDirectories: [String] = []
    /// Modules whose types the job uses.
    public var extensionPackages: [String] = []
    /// Accepted for job files of the original, and without effect: the engine acts on every event when it occurs.
    public var synchroInterval: Duration = .milliseconds(250)
    /// Accepted for job files of the original, and without effect: loggers receive every event when it occurs.
    public var loggersInterval: Duration = .milliseconds(250)
    /// Accepted for job files of the original, and without effect: extensions receive every event when it occurs.
    public var extensionsInterval: Duration = .milliseconds(250)
    /// How often a checkpointer without a journal is asked to write.
    public var checkpointerInterval: Duration = .seconds(10)
    /// How long an attempt of a task may take unless the task says otherwise.
    public var taskTimeout = TimeLimit.unlimited
    /// How long running tasks have to end after an abort, or after their time limit, before they are killed.
    public var abortGrace: Duration = .seconds(10)
    /// How long a plug-in has to finish at the end of a run.
    public var pluginGrace: Duration = .seconds(10)
    /// Which process a task gets unless the task says otherwise.
    public var isolation = Isolation.pool
    /// Whether a task's standard error is written to the same pipe as its standard output, unless the task says otherwise.
    public var mergesOutput = false

    /// Creates the default settings.
    public init(name: String = JobConfiguration.defaultName) {
        self.name = name
    }
}

/// Which process an attempt of a task runs in.
public enum Isolation: String, Sendable, Hashable, CaseIterable {
    /// A worker process that runs one attempt at a time and is used again.
    case pool
    /// A fresh process for every attempt.
    case process
}
