import FlowmancerCore

extension RunLoop {
    /// Everything that a run needs to begin.
    struct Setup {
        var run: RunInfo
        var job: JobDefinition
        var tasks: RunTasks
        var start: RunStart
        var attempts: AttemptMessages
        var scheduler: Scheduler
        var preparer: TaskPreparer
        /// Whether tasks are left out that are still to be done.
        var isPartial = false
        var shared: SharedDictStore
        var plugins: PluginSet
        var masker: SecretMasker?
        /// `nil` if no task can be up to date.
        var reuse: ReuseDesk.Setup?
        var checkpointer: HostedCheckpointer
        var journal: (any CheckpointJournal)?
        /// Makes who executes the attempts.
        var pool: (any ClusterPoolDelegate, EventLoopThread, EventLoop) -> any AttemptPool
        var report: @Sendable (RunNotice) -> Void
    }
}
