public import Logging
package import Synchronization

/// What surrounds a task or a plug-in while it runs.
package struct FlowContext: Sendable {
    package var metadata: TaskMetadata
    package var sharedDict: SharedDict
    package var logger: Logging.Logger
    /// What plug-ins know about the run; tasks have none.
    package var runInfo: RunInfo?
    /// What tells tasks the time; a test may have one that it sets itself.
    package var clock: any Clock<Duration> = ContinuousClock()
    /// The absolute path of the app root, where a worker starts; `nil` outside of workers.
    package var appRoot: String?
    /// Takes what a command publishes that runs in the process of its task; `nil` where nobody would have it.
    package var publish: (@Sendable (TaskOutputs) throws -> Void)?
    /// Whether standard error is the pipe of standard output.
    package var mergesOutput = false

    package init(
        metadata: TaskMetadata,
        sharedDict: SharedDict,
        logger: Logging.Logger,
        runInfo: RunInfo? = nil
    ) {
        self.metadata = metadata
        self.sharedDict = sharedDict
        self.logger = logger
        self.runInfo = runInfo
    }

    /// The context of the Swift task that asks.
    @TaskLocal package static var taskLocal: FlowContext?

    /// The context of threads that no Swift task started: a worker process runs one attempt at a time.
    package static let processWide = Mutex<FlowContext?>(nil)

    package static var current: FlowContext {
        taskLocal ?? processWide.withLock { $0 } ?? outsideOfRun
    }

    private static let outsideOfRun = FlowContext(
        metadata: TaskMetadata(jobName: "", name: "", variant: ""),
        sharedDict: SharedDict(storage: UnavailableSharedDictStorage()),
        logger: Logging.Logger(label: "flowmancer")
    )
}

extension FlowTask {
    /// Values that the tasks and plug-ins of a job share.
    public var sharedDict: SharedDict { FlowContext.current.sharedDict }

    /// A logger that sends its lines to the job's loggers.
    ///
    /// Messages of level debug and above are sent. The parameter `level` of a logger in the job file filters them.
    ///
    /// Swift tasks that you start with `Task {}` or in a task group log for the attempt that started them. A thread or a
    /// `Task.detached` does not know its attempt: copy the logger into a constant first, and use that constant.
    public var logger: Logging.Logger { FlowContext.current.logger }

    /// The task's name, the number of the attempt, and more.
    public var metadata: TaskMetadata { FlowContext.current.metadata }

    /// The clock to sleep with. Tests can replace it, so that they don't wait:
    /// ```swift
    /// try await clock.sleep(for: .seconds(30))
    /// ```
    /// In a run this is a `ContinuousClock`. A test can pass a clock that it advances itself: see `ManualClock` in
    /// `FlowmancerTesting`.
    public var clock: any Clock<Duration> { FlowContext.current.clock }
}

extension PluginLifecycle {
    /// The values that the tasks of a job share.
    ///
    /// A plug-in can use them from its first event until its own end. What it writes is in the checkpoint once the call
    /// has returned. A checkpointer can only read them at the end of a run.
    ///
    /// Writes after the plug-in's end, also those of a plug-in that the run no longer waits for, throw
    /// ``SharedDictError``.
    public var sharedDict: SharedDict { FlowContext.current.sharedDict }

    /// What is known about the run; outside of a run, an empty job that began in 1970.
    public var runInfo: RunInfo { FlowContext.current.runInfo ?? .outsideOfRun }
}
