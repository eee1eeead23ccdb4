extension JobValidator {
    /// Finds rules that do not depend on how tasks end.
    mutating func checkRules() {
        let graph = TaskGraph(job)
        let forecast = RuleForecast(job, graph, canFail: true)
        for (number, (name, task)) in job.tasks.enumerated() where task.runIf != .allCompleted {
            // What keeps a job within the job from beginning is told of that.
            if let container = graph.containers[number], case .ends = forecast.prospects[container] { continue }
            let hasDependencies = !task.dependencies.isEmpty || !graph.dependencies[number].isEmpty
            let problem: JobIssue.Problem
            switch forecast.prospects[number] {
            case .ends: problem = .ruleNeverHolds(task.runIf, hasDependencies: hasDependencies)
            case .runs where !hasDependencies: problem = .ruleAlwaysHolds(task.runIf)
            case .known, .runs, .open: continue
            }
            issues.append(JobIssue(problem, at: ParameterPath("tasks", name, "run_if"), severity: .warning))
        }
    }
}
