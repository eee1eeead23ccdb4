public import struct FoundationEssentials.Date

/// Information about a run, for its plug-ins.
///
/// Plug-ins find it in ``PluginLifecycle/runInfo``.
public struct RunInfo: Sendable {
    /// The id of the run. It is in all events of the run, and in the environment of its tasks.
    public let id: RunID
    /// The job, with `***` instead of every secret.
    public var job: JobDefinition
    /// Whether the run continues an earlier one. For a checkpointer, this is set from ``PluginLifecycle/onRestart()`` on.
    public var isRestart: Bool
    /// When the run began.
    public var startedAt: Date
    /// The shell command that continues the job where this run stops; `nil` if the job was started from code.
    ///
    /// It contains no secrets. A variable with a secret reads `--var tok="${TOK:?the secret tok}"`, so that the shell stops
    /// with an error until you set the environment variable.
    public var resumeCommand: String?
    /// The name of the machine.
    public var hostName: String
    /// The program that runs the job.
    package var program = ProgramIdentity()
    /// The absolute path of the job file; `nil` for a job that was built in code or read from a pipe.
    package var jobFile: String?
    /// The run that this one continues, if its id is known.
    package var continuedRun: RunID?
    /// The run of which this one runs a task again; `nil` for any other run.
    package var retriedRun: RunID?
    /// Masks the secrets of the job in a text of somebody else's, for who is going to cut it.
    package var mask: @Sendable (String) -> String = { $0 }
    /// Reads how long the tasks took in the last runs of the job. It takes its time, so ask only if people look.
    package var pastDurations: @Sendable () async -> TaskDurations = { .none }
    /// Where the logs of the tasks are. It is the same for all plug-ins of a run.
    package let logFiles = LogFiles()

    /// Creates a description; tests of plug-ins need this.
    public init(
        id: RunID = RunID(),
        job: JobDefinition,
        isRestart: Bool = false,
        startedAt: Date,
        resumeCommand: String? = nil,
        hostName: String = ""
    ) {
        self.id = id
        self.job = job
        self.isRestart = isRestart
        self.startedAt = startedAt
        self.resumeCommand = resumeCommand
        self.hostName = hostName
    }
}

extension RunInfo {
    /// A new one every time: what one plug-in says of its files is nobody else's business.
    static var outsideOfRun: RunInfo {
        RunInfo(id: .unknown, job: JobDefinition(name: ""), startedAt: Date(timeIntervalSince1970: 0))
    }
}
