import FlowmancerEngine
import OrderedCollections

extension JobPlan {
    /// The plan for programs.
    var json: ParameterValue {
        var members: OrderedDictionary<String, ParameterValue> = [
            "job": .string(job.configuration.name),
            "tasks": .array(graph.names.indices.map(task)),
            "levels": .array(execution.levels.map { names($0) }),
            "widest_level": .int(execution.width),
            "critical_path": names(execution.criticalPath),
        ]
        if let count = job.configuration.maxFailures { members["max_failures"] = .int(count) }
        if let limit = job.configuration.timeout.duration { members["timeout_seconds"] = .double(limit / .seconds(1)) }
        switch restart {
        case .notAsked: break
        case .nothingStored: members["restart"] = ["checkpoint": false]
        case .from(let resumption):
            members["restart"] = [
                "checkpoint": true, "no_longer_in_the_job": .array(resumption.gone.map(ParameterValue.string)),
            ]
        }
        return .object(members)
    }

    private func names(_ tasks: [Int]) -> ParameterValue {
        .array(tasks.map { .string(graph.names[$0]) })
    }

    private func task(_ number: Int) -> ParameterValue {
        let (name, definition) = job.tasks.elements[number]
        var members: OrderedDictionary<String, ParameterValue> = [
            "name": .string(name),
            "task": .string(definition.variant),
            "dependencies": names(graph.dependencies[number]),
            "run_if": .string(definition.runIf.rawValue),
            "allow_failure": .bool(definition.allowsFailure),
            "runs": .bool(prospects[number] == .runs),
            "runs_after_failures": .bool(prospects[number] == .runsAfterFailures),
            "left_out": .bool(leftOut.contains(number)),
        ]
        if let level = execution.level[number] { members["level"] = .int(level + 1) }
        if case .ends(let state) = prospects[number] { members["ends_as"] = .string(state.description) }
        if let outcome = conditions.outcomes[number] {
            members["when"] = .string(outcome.name)
            members["reason"] = outcome.words.map(ParameterValue.string)
        }
        let variables = variables(of: number)
        if !variables.isEmpty { members["known_in_the_run"] = .array(variables.map(ParameterValue.string)) }
        if !decisions.isEmpty { members["restart"] = .string(decisions[number].explanation) }
        return .object(members)
    }
}
