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
        guard case .key(let section)? = steps.first else { return nil }
        let depth = section == "checkpointer" ? 1 : 2
        guard steps.count > depth + 1, steps[depth] == .key("parameters") else { return nil }
        let rest = steps[(depth + 1)...]
        func plugin(_ definition: PluginDefinition?, _ kind: JobIssue.NamedKind) -> (
            KindParameters, OrderedDictionary<String, ParameterValue>, ArraySlice<ParameterPath.Component>
        )? {
            guard let definition, let parameters = try? catalog.parameters(ofType: definition.variant, kind).get()
            else { return nil }
            return (parameters, definition.parameters, rest)
        }
        guard depth == 2, case .key(let name) = steps[1] else { return plugin(job.checkpointer, .checkpointer) }
        switch section {
        case "tasks":
            guard let task = job.tasks[name], let kind = try? catalog.kind(of: task).get() else { return nil }
            return (kind.parameters, task.parameters, rest)
        case "loggers": return plugin(job.loggers[name], .logger)
        case "extensions": return plugin(job.extensions[name], .extension)
        default: return nil
        }
    }
}
