import OrderedCollections

extension JobValidator {
    /// Refuses variables without a value where a parameter has to have one.
    ///
    /// A required parameter may not consist of nothing else. A secret may not hold any: a token of which a part is
    /// missing opens nothing.
    mutating func checkUnsetVariables() {
        guard !job.unsetVariables.isEmpty else { return }
        var refused: [ParameterPath: VariableProblem] = [:]
        for unset in job.unsetVariables {
            guard let (parameters, values, steps) = owner(of: unset.path),
                ParameterValue.object(values).value(at: steps) == .string(unset.text)
            else { continue }
            let finding = parameters.description.find(steps)
            if finding.isSecret {
                refused[unset.path] = .incompleteSecret(unset.variable, nearest: unset.nearest)
            } else if unset.leavesNothing, !unset.variable.hasPrefix("$SYS{"), finding.parameter?.isRequired == true {
                refused[unset.path] = .emptyParameter(unset.variable, nearest: unset.nearest)
            }
        }
        // That the text is no number, say, follows from its being empty.
        issues.removeAll { refused[$0.path] != nil }
        for unset in job.unsetVariables {
            guard let problem = refused.removeValue(forKey: unset.path) else { continue }
            issues.append(JobIssue(.variable(problem), at: unset.path))
        }
    }

    /// The parameters to which a value belongs, the values that the job has for them, and the steps from these to the value.
    private func owner(
        of path: ParameterPath
    ) -> (
        parameters: KindParameters, values: OrderedDictionary<String, ParameterValue>,
        steps: ArraySlice<ParameterPath.Component>
    )? {
        let steps = path.components
        guard case .key(let name)? = steps.first, let section = JobSection.named(name), let kind = section.kind,
            steps.count > section.depth + 1, steps[section.depth] == .key("parameters")
        else { return nil }
        let place = ParameterPath(Array(steps[..<section.depth]))
        let rest = steps[(section.depth + 1)...]
        if kind == .task {
            guard case .key(let name) = steps[1], let task = job.tasks[name] else { return nil }
            return (try? catalog.kind(of: task).get()).map { ($0.parameters, task.parameters, rest) }
        }
        guard let plugin = job.plugins.first(where: { $0.path == place })?.definition else { return nil }
        return (try? catalog.parameters(ofType: plugin.variant, kind).get()).map { ($0, plugin.parameters, rest) }
    }
}
