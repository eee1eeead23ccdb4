extension JobDefinition {
    /// Whether some tasks run on other machines than the one that runs the engine.
    package var usesExecutors: Bool {
        configuration.executor != Self.localExecutor
            || hasTask { $0.hasRareSettings && $0.executor.map { $0 != Self.localExecutor } == true }
    }

    /// The names by which tasks can name an executor.
    package var executorNames: [String] {
        [Self.localExecutor] + executors.keys.filter { $0 != Self.localExecutor }
    }

    /// The name of the executor on which a task runs. A task of a job within the job runs where the task runs that stands for
    /// it, if it names no other.
    package func executor(of task: TaskDefinition) -> String {
        var next: TaskDefinition? = task
        while let current = next {
            if let executor = current.executor { return executor }
            next = current.parent.flatMap { tasks[$0] }
        }
        return configuration.executor
    }

    /// Whether a task runs on other machines than the one that runs the engine.
    package func runsElsewhere(_ task: TaskDefinition) -> Bool { executor(of: task) != Self.localExecutor }
}
