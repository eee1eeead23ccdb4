extension RunStart {
    /// Finds the values that tasks need of others which are left out by flags, and which no checkpoint has.
    package func missingValues(_ job: JobDefinition, _ roster: TaskRoster, _ plan: ResumePlan) -> [JobIssue] {
        guard plan.decisions.contains(where: { $0.origin == .skipped }) else { return [] }
        var issues: [JobIssue] = []
        // An item needs what its group needs.
        for number in roster.names.indices where !roster.role(of: number).isItem && roster.task(number).hasVariables {
            guard plan.decisions[number].origin == .fresh, preparations[number] == nil else { continue }
            let (name, task) = job.tasks.elements[roster.definition(of: number)]
            func isLeftOut(_ reference: ExpressionReference) -> Int? {
                roster.source(of: reference, for: number).flatMap {
                    plan.decisions[$0.node].origin == .skipped ? $0.node : nil
                }
            }
            for variable in task.variables(at: ParameterPath("tasks", name)) where variable.offset == nil {
                guard variable.reference.defaultValue == nil, let source = isLeftOut(variable.reference) else {
                    continue
                }
                let problem = JobIssue.Problem.valueLeftOut(variable.reference.label, task: plan.names[source])
                issues.append(JobIssue(problem, at: variable.path))
            }
            // A condition may ask first whether there is a value.
            do throws(ExpressionError) {
                _ = try task.when?.expression.get().resolved { reference in
                    if let source = isLeftOut(reference) {
                        return .missing(
                            because: "'\(plan.names[source])' is left out, and no checkpoint has what it published"
                        )
                    }
                    guard reference.kind == .state, let other = roster.node(askedForBy: reference, for: number),
                        let state = plan.decisions[other].origin.knownState
                    else { return .unknown }
                    return .value(.string(state.description))
                }
            } catch {
                guard case .withoutValue = error.problem else { continue }
                let path = ParameterPath("tasks", name, "when")
                issues.append(JobIssue(.expression(error.problem, offset: error.offset), at: path))
            }
        }
        return issues.map { $0.located(by: job.sourceMap) }
    }
}
