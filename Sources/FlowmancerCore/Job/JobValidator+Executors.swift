extension JobValidator {
    /// Checks the names of executors, and the one that tasks run on which name none.
    mutating func checkExecutors() {
        if job.executors.keys.contains(JobDefinition.localExecutor) {
            let reason =
                "'\(JobDefinition.localExecutor)' is this machine, and always there; give the executor another name"
            report(
                .unsafeName(JobDefinition.localExecutor, reason: reason),
                at: ParameterPath("executors", JobDefinition.localExecutor)
            )
        }
        checkExecutor(job.configuration.executor, at: ParameterPath("config", "executor"))
    }

    /// Checks that there is an executor.
    mutating func checkExecutor(_ name: String, at path: ParameterPath) {
        guard !job.executorNames.contains(name) else { return }
        report(.unknownExecutor(name, known: job.executorNames), at: path)
    }

    /// What each node of an executor has; `nil` if that is not known.
    mutating func capacity(of executor: String) -> NodeCapacity? {
        if let known = capacities[executor] { return known }
        let capacity = job.executors[executor].flatMap { definition -> NodeCapacity? in
            guard let type = try? catalog.executor(named: definition.variant).get() else { return nil }
            var issues: [JobIssue] = []
            let instance = ParameterBinder.make(type, from: definition.parameters, at: ParameterPath(), issues: &issues)
            return issues.isEmpty ? instance.capacity : nil
        }
        capacities[executor] = .some(capacity)
        return capacity
    }
}
