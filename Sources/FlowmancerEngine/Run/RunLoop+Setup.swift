import FlowmancerCore

extension RunLoop {
    /// Everything that a run needs to begin.
    struct Setup {
        var id: RunID
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
        /// How many attempts may be executed at once.
        var limit: Int
        var cores: Int
        var keeper: EarlyKeeper?
        var report: @Sendable (RunNotice) -> Void
    }
}
