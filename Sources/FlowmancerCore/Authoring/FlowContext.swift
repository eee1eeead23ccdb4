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

extension ParameterGroup {
    /// The values that the tasks of a job share.
    public var sharedDict: SharedDict { FlowContext.current.sharedDict }

    /// A logger that sends its lines to the loggers of the job.
    public var logger: Logging.Logger { FlowContext.current.logger }

    /// The name of the task, its attempt, and more.
    public var metadata: TaskMetadata { FlowContext.current.metadata }
}

extension FlowTask {
    /// A clock for sleeping. Use it instead of `Task.sleep`, and tests do not have to wait:
    /// ```swift
    /// try await clock.sleep(for: .seconds(30))
    /// ```
    /// In a run it is a `ContinuousClock`. A test can pass a clock that it advances itself; see `ManualClock` in
    /// `FlowmancerTesting`.
    public var clock: any Clock<Duration> { FlowContext.current.clock }
}
