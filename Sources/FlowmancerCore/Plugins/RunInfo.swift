public import struct FoundationEssentials.Date

/// What a plug-in may know about the run around it.
///
/// Loggers, extensions and checkpointers find the one of their run in ``PluginLifecycle/runInfo``.
public struct RunInfo: Sendable {
    /// The job, with `***` in the place of every secret.
    public var job: JobDefinition
    /// Whether the run continues an earlier one; to a checkpointer this is known from its ``PluginLifecycle/onRestart()`` on.
    public var isRestart: Bool
    /// When the run began.
    public var startedAt: Date
    /// What to type into a shell to go on with the job where this run stops; `nil` if the job was run from code.
    ///
    /// Secrets are not in it. A variable with one is given as `--var tok="${TOK:?the secret tok}"`, by which a shell goes
    /// no further until the environment variable is set.
    public var resumeCommand: String?
    /// The name of the machine.
    public var hostName: String
    /// Masks the secrets of the job in a text of somebody else's, for who is going to cut it.
    package var mask: @Sendable (String) -> String = { $0 }
    /// Where the logs of the tasks are. It is the same for all plug-ins of a run.
    package let logFiles = LogFiles()

    /// Creates a description; tests of plug-ins need this.
    public init(
        job: JobDefinition,
        isRestart: Bool = false,
        startedAt: Date,
        resumeCommand: String? = nil,
        hostName: String = ""
    ) {
        self.job = job
        self.isRestart = isRestart
        self.startedAt = startedAt
        self.resumeCommand = resumeCommand
        self.hostName = hostName
    }
}

extension PluginLifecycle {
    /// What is known about the run; outside of one, an empty job that began in 1970.
    public var runInfo: RunInfo { FlowContext.current.runInfo ?? .outsideOfRun }
}

extension RunInfo {
    /// A new one every time: what one plug-in says of its files is nobody else's business.
    fileprivate static var outsideOfRun: RunInfo {
        RunInfo(job: JobDefinition(name: ""), startedAt: Date(timeIntervalSince1970: 0))
    }
}
