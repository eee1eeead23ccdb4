import FlowmancerCore

extension RunLoop {
    /// Everything that a run needs to begin.
    struct Setup {
        var job: JobDefinition
        var graph: TaskGraph
        var attempts: AttemptMessages
        var jobFile: String?
        /// The states that tasks which are left out on request have in checkpoints: those of an earlier run.
        var leftOut: [String: ExecutionState]
        var scheduler: Scheduler
        var shared: SharedDictStore
        var plugins: PluginSet
        var masker: SecretMasker?
        var checkpointer: HostedCheckpointer
        var journal: (any CheckpointJournal)?
        /// Makes who executes the attempts.
        var pool: (any WorkerPoolDelegate, EventLoop) -> any AttemptPool
        var report: @Sendable (RunNotice) -> Void
    }
}
