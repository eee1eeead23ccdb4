extension JobValidator {
    /// Checks what the tasks say about reuse, as far as no file has to be looked at.
    mutating func checkReuse() {
        guard job.hasReuse else { return }
        let producers = ReuseProducers(job)
        var questions: [(task: Int, target: Int, path: ParameterPath)] = []
        for (number, (name, task)) in job.tasks.enumerated() {
            guard let reuse = task.reuse else { continue }
            checkObstacles(of: name, task)
            let path = ParameterPath("tasks", name, "reuse", "inputs")
            for (index, text) in Reuse.knownPaths(in: reuse.inputs).enumerated() {
                let place = reuse.inputs == .string(text) ? path : path.appending(index)
                for producer in producers.producers(of: PathPattern(text)) {
                    if producer == number {
                        warn(Self.ownInput, at: place)
                    } else {
                        questions.append((number, producer, place))
                    }
                }
            }
        }
        guard !questions.isEmpty else { return }
        let reached = TaskGraph(job).reaches(questions.map { ($0.task, $0.target) })
        for (question, isReached) in zip(questions, reached) where !isReached {
            let name = job.tasks.keys[question.target]
            let reason = "'\(name)' produces this input, but this task does not depend on it; add it to 'dependencies'"
            warn(reason, at: question.path)
        }
    }

    private static let ownInput =
        "the task produces this input itself, so it is never up to date; remove it from one of the two"

    private mutating func checkObstacles(of name: String, _ task: TaskDefinition) {
        guard case .success(let kind) = catalog.kind(of: task), let type = kind.type as? any ReuseCheckingTask.Type,
            let (key, reason) = type.obstacleToReuse(in: task.parameters)
        else { return }
        report(.rejectedValue(reason: reason), at: ParameterPath("tasks", name, "parameters", key))
    }

    private mutating func warn(_ reason: String, at path: ParameterPath) {
        issues.append(JobIssue(.rejectedValue(reason: reason), at: path, severity: .warning))
    }
}
