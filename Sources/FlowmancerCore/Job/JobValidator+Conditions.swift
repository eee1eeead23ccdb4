extension JobValidator {
    /// A task whose condition asks for the state of another one.
    struct StateQuestion {
        let task: Int
        let target: Int
        /// The place in the condition.
        let offset: Int
    }

    /// Checks what a condition asks for, and says what is doubtful about it.
    mutating func check(_ condition: TaskCondition, of name: String, _ task: TaskDefinition) {
        let path = Self.conditionPath(of: name)
        for doubt in condition.doubts {
            let problem = JobIssue.Problem.expression(doubt.problem, offset: doubt.offset)
            issues.append(JobIssue(problem, at: path, severity: .warning))
        }
        for (reference, offset) in condition.references where reference.kind == .state {
            if reference.name == name {
                report(.expression(.ownState, offset: offset), at: path)
            } else if let target = job.tasks.index(forKey: reference.name) {
                guard !task.dependencies.contains(reference.name), let number = job.tasks.index(forKey: name) else {
                    continue
                }
                stateQuestions.append(StateQuestion(task: number, target: target, offset: offset))
            } else {
                report(.unknownTaskInExpression(reference.name, known: taskNames, offset: offset), at: path)
            }
        }
    }

    /// Refuses the states of tasks that a task does not depend on: they may have any state, or change it, when it is asked.
    mutating func checkStateQuestions() {
        guard !stateQuestions.isEmpty else { return }
        let reached = TaskGraph(job).reaches(stateQuestions.map { ($0.task, $0.target) })
        for (question, isReached) in zip(stateQuestions, reached) where !isReached {
            let (name, target) = (taskNames[question.task], taskNames[question.target])
            report(.expression(.notADependency(target), offset: question.offset), at: Self.conditionPath(of: name))
        }
    }

    private static func conditionPath(of task: String) -> ParameterPath { ParameterPath("tasks", task, "when") }
}
