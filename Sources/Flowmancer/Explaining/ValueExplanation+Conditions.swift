import FlowmancerJobFile

extension ValueExplanation {
    /// What follows from the condition of a task, if one stands at a path and is sound.
    func consequence(ofConditionAt path: ParameterPath) -> String? {
        let steps = path.components
        guard JobSection.isExpression(at: steps), steps.count == 3, case .key(let task) = steps[1],
            let expression = try? history.job.definition.tasks[task]?.when?.expression.get()
        else { return nil }
        switch expression.constant {
        case .bool(true), .string("true"): return "it is true, so the task runs"
        case .bool(false), .string("false"): return "it is false, so the task is skipped"
        default: return "a run finds out whether it is true: \(expression)".printable
        }
    }
}
