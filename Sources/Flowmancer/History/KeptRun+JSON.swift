import FlowmancerEngine
import FoundationEssentials
package import OrderedCollections

extension KeptRun {
    /// The run for programs.
    package var json: ParameterValue { .object(members) }

    /// Its members, to which more can be added.
    package var members: OrderedDictionary<String, ParameterValue> {
        var members: OrderedDictionary<String, ParameterValue> = [
            "id": .string(record.id.description),
            "job": .string(record.jobName),
            "state": .string(state.rawValue),
            "started_at": .string(record.startedAt.timestamp),
        ]
        members["ended_at"] = endedAt.map { .string($0.timestamp) }
        members["duration_seconds"] = endedAt.map { .seconds($0.timeIntervalSince(record.startedAt)) }
        members["reason"] = text(end?.conclusion?.reason)
        if let end = end?.conclusion {
            let counts = ExecutionState.allCases.compactMap { state in
                end.counts[state].map { (state.description, ParameterValue.int($0)) }
            }
            members["tasks"] = .object(OrderedDictionary(uniqueKeysWithValues: counts))
            members["allowed_failures"] = .int(end.allowedFailures)
        }
        members["job_file"] = text(record.jobFile)
        members["directory"] = .string(record.directory)
        members["program"] = .string(record.program)
        members["program_version"] = text(record.programVersion)
        members["flowmancer_version"] = .string(record.flowmancerVersion)
        members["host"] = .string(record.hostName)
        members["process"] = record.process.map { .int($0.number) }
        members["restart"] = .bool(record.isRestart)
        members["continues"] = text(record.continuedRun?.description)
        members["retries"] = text(record.retriedRun?.description)
        members["resume_command"] = text(record.resumeCommand)
        members["log_directories"] = .array(record.logDirectories.map(ParameterValue.string))
        return members
    }

    private func text(_ text: String?) -> ParameterValue? { text.map(ParameterValue.string) }
}

extension OpenRun {
    /// The run for programs, with its tasks.
    var json: ParameterValue {
        var members = run.members
        members["details"] = .array(digest.nodes.indices.filter(digest.isTold).map(task))
        members["longest_way"] = .array(digest.criticalPath.map { .string(digest.nodes[$0].name) })
        members["missing_events"] = .int(digest.missingEvents)
        members["unknown_events"] = .int(digest.unknownEvents)
        if !problems.isEmpty { members["problems"] = .array(problems.map { .string($0.description) }) }
        return .object(members)
    }

    /// A task for programs.
    package func task(_ node: Int) -> ParameterValue { .object(members(ofTask: node)) }

    /// The members of a task, to which more can be added.
    package func members(ofTask node: Int) -> OrderedDictionary<String, ParameterValue> {
        let task = digest.tasks[node]
        var members: OrderedDictionary<String, ParameterValue> = [
            "name": .string(digest.nodes[node].name),
            "state": .string(task.state.description),
        ]
        members["group"] = digest.nodes[node].group.map { .string(digest.nodes[$0].name) }
        if let definition = digest.nodes[node].task {
            members["task"] = .string(digest.nodes.shape.tasks[definition].type)
        }
        members["reason"] = task.reason.map(ParameterValue.string)
        if task.state == .failed { members["allowed_failure"] = .bool(task.isAllowedFailure) }
        members["since"] = task.since.map { .string($0.timestamp) }
        members["duration_seconds"] = task.duration.map { .seconds($0 / .seconds(1)) }
        members["attempts"] = .array(task.attempts.map(\.json))
        if !task.outputs.isEmpty {
            members["outputs"] = .object(task.outputs.mapValues { ParameterValue(json: $0) ?? .string($0.rawValue) })
        }
        return members
    }
}

extension RunDigest.Attempt {
    fileprivate var json: ParameterValue {
        var members: OrderedDictionary<String, ParameterValue> = [
            "attempt": .int(number), "state": .string(state.description),
        ]
        members["started_at"] = start.map { .string($0.timestamp) }
        members["ended_at"] = end.map { .string($0.timestamp) }
        members["duration_seconds"] = duration.map { .seconds($0 / .seconds(1)) }
        if let failure {
            members["failure"] = .string(failure.reason)
            members["last_lines"] = .array(failure.lastLines.map(ParameterValue.string))
        }
        members["machine"] = machine.map(ParameterValue.string)
        return .object(members)
    }
}

extension ParameterValue {
    /// A time that was measured: a microsecond is the least that counts.
    fileprivate static func seconds(_ seconds: Double) -> Self { .double((seconds * 1_000_000).rounded() / 1_000_000) }
}
