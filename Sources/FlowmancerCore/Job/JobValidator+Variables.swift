import OrderedCollections

extension JobValidator {
    /// Refuses variables without a value where a parameter has to have one.
    ///
    /// A required parameter may not consist of nothing else. A secret may not hold any: a token of which a part is
    /// missing opens nothing.
    mutating func checkUnsetVariables() {
        guard !job.unsetVariables.isEmpty else { return }
        var groups: [ObjectIdentifier: GroupDescription] = [:]
        var refused: [ParameterPath: VariableProblem] = [:]
        for unset in job.unsetVariables {
            guard let (type, parameters, steps) = owner(of: unset.path),
                ParameterValue.object(parameters).value(at: steps) == .string(unset.text)
            else { continue }
            let group = groups[ObjectIdentifier(type)] ?? GroupDescription(of: type)
            groups[ObjectIdentifier(type)] = group
            let finding = group.find(steps)
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

    /// The type whose parameters hold a value, these parameters, and the steps from them to the value.
    private func owner(
        of path: ParameterPath
    ) -> (
        type: any ParameterGroup.Type, parameters: OrderedDictionary<String, ParameterValue>,
        steps: ArraySlice<ParameterPath.Component>
    )? {
        let steps = path.components
        guard case .key(let section)? = steps.first else { return nil }
        let depth = section == "checkpointer" ? 1 : 2
        guard steps.count > depth + 1, steps[depth] == .key("parameters") else { return nil }
        let rest = steps[(depth + 1)...]
        guard depth == 2, case .key(let name) = steps[1] else {
            return plugin(job.checkpointer, catalog.checkpointer).map { ($0, job.checkpointer.parameters, rest) }
        }
        switch section {
        case "tasks":
            guard let task = job.tasks[name], let type = try? task.type ?? catalog.task(named: task.variant).get()
            else { return nil }
            return (type, task.parameters, rest)
        case "loggers":
            guard let definition = job.loggers[name] else { return nil }
            return plugin(definition, catalog.logger).map { ($0, definition.parameters, rest) }
        case "extensions":
            guard let definition = job.extensions[name] else { return nil }
            return plugin(definition, catalog.extension).map { ($0, definition.parameters, rest) }
        default:
            return nil
        }
    }

    private func plugin<Plugin>(
        _ definition: PluginDefinition,
        _ lookUp: (String) -> Result<Plugin, TypeCatalog.LookUpFailure>
    ) -> (any ParameterGroup.Type)? {
        (try? lookUp(definition.variant).get()) as? any ParameterGroup.Type
    }
}
