public import struct FoundationEssentials.Date

/// What a history knows of a run from its beginning on, apart from the tasks. Nothing in it is secret.
public struct RunRecord: Sendable, Hashable {
    /// The id of the run.
    public var id: RunID
    /// The name of the job.
    public var jobName: String
    /// The absolute path of the job file; `nil` for a job that was built in code or read from a pipe.
    public var jobFile: String?
    /// The path of the program, as it was started.
    public var program: String
    /// The version of the program; `nil` if it has none.
    public var programVersion: String?
    /// The version of Flowmancer in it.
    public var flowmancerVersion: String
    /// The name of the machine.
    public var hostName: String
    /// The engine's process; `nil` if the system does not say.
    public var process: RunProcess?
    /// The directory at which relative paths start.
    public var directory: String
    /// When the run began, to the microsecond.
    public var startedAt: Date
    /// Whether the run continues an earlier one.
    public var isRestart: Bool
    /// The run that it continues, if its id is known.
    public var continuedRun: RunID?
    /// The run of which this one runs a task again; `nil` for any other run.
    public var retriedRun: RunID?
    /// The shell command that continues the job where this run stops, if there is one.
    public var resumeCommand: String?
    /// The directories in which loggers keep a file for each task.
    public var logDirectories: [String]

    /// Creates a record.
    public init(
        id: RunID,
        jobName: String,
        jobFile: String? = nil,
        program: String = "",
        programVersion: String? = nil,
        flowmancerVersion: String = "",
        hostName: String = "",
        process: RunProcess? = nil,
        directory: String = "",
        startedAt: Date,
        isRestart: Bool = false,
        continuedRun: RunID? = nil,
        retriedRun: RunID? = nil,
        resumeCommand: String? = nil,
        logDirectories: [String] = []
    ) {
        self.id = id
        self.jobName = jobName
        self.jobFile = jobFile
        self.program = program
        self.programVersion = programVersion
        self.flowmancerVersion = flowmancerVersion
        self.hostName = hostName
        self.process = process
        self.directory = directory
        self.startedAt = Date(microsecondsSince1970: startedAt.microsecondsSince1970)
        self.isRestart = isRestart
        self.continuedRun = continuedRun
        self.retriedRun = retriedRun
        self.resumeCommand = resumeCommand
        self.logDirectories = logDirectories
    }
}

extension RunRecord {
    /// The record as a JSON object, to be stored.
    public var json: JSONText {
        var members = JSONMembers()
        members.add("id", id.description)
        members.add("job", jobName)
        members.add("job_file", jobFile)
        members.add("program", program)
        members.add("program_version", programVersion)
        members.add("flowmancer_version", flowmancerVersion)
        members.add("host", hostName)
        if let process {
            members.add("process", process.number)
            members.add("process_start", process.startTicks)
            members.add("boot", process.bootID)
        }
        members.add("directory", directory)
        members.add("started_at", startedAt.microsecondsSince1970)
        if isRestart { members.add("restart", true) }
        members.add("continues", continuedRun?.description)
        members.add("retries", retriedRun?.description)
        members.add("resume_command", resumeCommand)
        if !logDirectories.isEmpty { members.add("logs", logDirectories) }
        return members.json
    }

    /// Reads what ``json`` gave, also of a newer version; `nil` if it is something else.
    public init?(json: JSONText) {
        guard let members = StoredMembers(json), let id = members.text("id").flatMap(RunID.init),
            let jobName = members.text("job"), let start = members.integer("started_at")
        else { return nil }
        self.init(
            id: id,
            jobName: jobName,
            jobFile: members.text("job_file"),
            program: members.text("program") ?? "",
            programVersion: members.text("program_version"),
            flowmancerVersion: members.text("flowmancer_version") ?? "",
            hostName: members.text("host") ?? "",
            directory: members.text("directory") ?? "",
            startedAt: Date(microsecondsSince1970: start),
            isRestart: members.flag("restart"),
            continuedRun: members.text("continues").flatMap(RunID.init),
            retriedRun: members.text("retries").flatMap(RunID.init),
            resumeCommand: members.text("resume_command"),
            logDirectories: members.texts("logs")
        )
        if let number = members.integer("process"), let ticks = members.integer("process_start"),
            let bootID = members.text("boot")
        {
            process = RunProcess(number: number, startTicks: ticks, bootID: bootID)
        }
    }
}
