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
        let name = graph.names[number]
        var members: OrderedDictionary<String, ParameterValue> = [
            "name": .string(name),
            "task": .string(job.tasks[name]?.variant ?? ""),
            "dependencies": names(graph.dependencies[number]),
            "runs": .bool(execution.level[number] != nil),
            "left_out": .bool(leftOut.contains(number)),
        ]
        if let level = execution.level[number] { members["level"] = .int(level + 1) }
        if !decisions.isEmpty { members["restart"] = .string(decisions[number].explanation) }
        return .object(members)
    }
}
