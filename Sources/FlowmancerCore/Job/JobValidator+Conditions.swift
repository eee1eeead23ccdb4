extension JobValidator {
    /// A task whose condition asks for the state of another one.
    struct StateQuestion {
        let task: Int
        let target: Int
        /// The place in the condition.
        let offset: Int
    }

    /// Checks what a condition asks for, and says what is doubtful about it.
    mutating func check(_ condition: TaskCondition, of number: Int, _ name: String, _ task: TaskDefinition) {
        let path = Self.conditionPath(of: name)
        for doubt in condition.doubts {
            let problem = JobIssue.Problem.expression(doubt.problem, offset: doubt.offset)
            issues.append(JobIssue(problem, at: path, severity: .warning))
        }
        for (reference, offset) in condition.references where reference.kind == .state {
            guard let place = scopes.place(of: reference, from: number) else {
                let known = scopes.knownNames(from: number)
                report(.unknownTaskInExpression(reference.name, known: known, offset: offset), at: path)
                continue
            }
            if let problem = problem(with: place, from: number) {
                report(.item(problem, offset: offset), at: path)
                continue
            }
            let target = place.task
            if target == number {
                report(.expression(.ownState, offset: offset), at: path)
            } else if !task.dependencies.contains(reference.name) || reference.level > 0 {
                stateQuestions.append(StateQuestion(task: number, target: target, offset: offset))
            }
        }
    }

    /// Refuses the states of tasks that a task does not depend on: they may have any state, or change it, when it is asked.
    mutating func checkStateQuestions() {
        guard !stateQuestions.isEmpty else { return }
        let reached = TaskGraph(job).reaches(stateQuestions.map { ($0.task, $0.target) })
        for (question, isReached) in zip(stateQuestions, reached) where !isReached {
            let problem = ExpressionProblem.notADependency(scopes.ownName(of: question.target))
            let path = Self.conditionPath(of: job.tasks.elements[question.task].key)
            report(.expression(problem, offset: question.offset), at: path)
        }
    }

    private static func conditionPath(of task: String) -> ParameterPath { ParameterPath("tasks", task, "when") }
}
