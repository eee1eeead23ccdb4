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
    /// The longest that a change of state may wait before it is acted on. The engine acts at once.
    public var synchroInterval: Duration = .milliseconds(250)
    /// The longest that log events may be held back to hand them to loggers in one go.
    public var loggersInterval: Duration = .milliseconds(250)
    /// The longest that execution events may be held back to hand them to extensions in one go.
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
