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
        if !resources.isEmpty {
            members["resources"] = .object(
                OrderedDictionary(uniqueKeysWithValues: resources.map { ($0.name, $0.json) })
            )
        }
        if !leftOut.items.isEmpty { members["left_out_items"] = .array(leftOut.items.map(ParameterValue.string)) }
        if let expectedTime { members.merge(expectedTime.members) { _, new in new } }
        switch restart {
        case .notAsked: break
        case .nothingStored: members["restart"] = ["checkpoint": false]
        case .from(let resumption, _):
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
            "dependencies": .array(dependencyNames(of: number).map(ParameterValue.string)),
            "run_if": .string(definition.runIf.rawValue),
            "allow_failure": .bool(definition.allowsFailure),
            "runs": .bool(prospects[number] == .runs),
            "runs_after_failures": .bool(prospects[number] == .runsAfterFailures),
            "left_out": .bool(leftOut.tasks.contains(number)),
        ]
        if !definition.resources.isEmpty {
            let requests = definition.resources.mapValues {
                $0.open.map { ["known_in_the_run": .string($0.scalarText ?? $0.description)] }
                    ?? ParameterValue.array($0.amounts.map(ParameterValue.int))
            }
            members["resources"] = .object(requests)
        }
        let priority = job.priority(of: definition)
        if priority != 0 { members["priority"] = .int(priority) }
        if job.runsElsewhere(definition) { members["executor"] = .string(job.executor(of: definition)) }
        if let level = execution.level[number] { members["level"] = .int(level + 1) }
        if case .ends(let state) = prospects[number] { members["ends_as"] = .string(state.description) }
        if let outcome = conditions.outcomes[number] {
            members["when"] = .string(outcome.name)
            members["reason"] = outcome.words.map(ParameterValue.string)
        }
        let variables = variables(of: number)
        if !variables.isEmpty { members["known_in_the_run"] = .array(variables.map(ParameterValue.string)) }
        switch reuse[number] {
        case .upToDate?:
            members["reuse"] = "up_to_date"
        case .runs(let reason)?:
            members["reuse"] = "runs"
            members["reuse_reason"] = .string(reason)
        case .open(let reason)?:
            members["reuse"] = "unknown"
            members["reuse_reason"] = .string(reason)
        case nil: break
        }
        if !decisions.isEmpty { members["restart"] = decisions[number].explanation.map(ParameterValue.string) }
        if let forEach = definition.forEach {
            members["for_each"] =
                forEach.knownCount.map { ["count": .int($0)] } ?? ["items": .string(forEach.itemsInWords)]
        }
        if let subJob = definition.subJob { members["job"] = subJob.file.map(ParameterValue.string) ?? true }
        if let parent = graph.containers[number] { members["parent"] = .string(graph.names[parent]) }
        return .object(members)
    }
}

extension Resource {
    fileprivate var json: ParameterValue { units.isEmpty ? .int(amount) : .array(units.map(ParameterValue.string)) }
}
