import FlowmancerCore
import OrderedCollections

extension JobDecoder {
    /// Decodes the tasks of a job.
    ///
    /// - Parameter parent: The full name of the task whose job they are; `nil` for those of the job itself.
    mutating func decodeTasks(_ node: SourceNode, of parent: String? = nil) -> OrderedDictionary<String, TaskDefinition>
    {
        guard let mapping = mapping(node, expected: "a mapping of task names to tasks") else { return [:] }
        if mapping.entries.isEmpty { report(.empty(expected: "at least one task")) }
        // Wherever it stands, a task is known by its full name.
        return at([.key("tasks")]) { $0.decodeTasks(mapping, of: parent) }
    }

    private mutating func decodeTasks(
        _ mapping: SourceMapping,
        of parent: String?
    ) -> OrderedDictionary<String, TaskDefinition> {
        var tasks = OrderedDictionary<String, TaskDefinition>(minimumCapacity: mapping.entries.count)
        let keys = TaskDefinition.keys
        // The tasks of jobs in the place of a task, by their names: what stands for them.
        var owners: [String: String] = [:]
        for (ownName, entry) in mapping.entries {
            let name = parent.map { "\($0)/\(ownName)" } ?? ownName
            var task = TaskDefinition.unset
            if let parent { task.parent = parent }
            var inner: SubJobTasks?
            within(.key(name)) { decoder in
                decoder.decode(entry.value, by: keys, into: &task, expected: "a mapping with 'task' in it")
                if case .mapping(let own) = entry.value.content, own.isMeantAsSubJob {
                    inner = decoder.decodeSubJob(own, of: name, &task)
                }
                if let owner = owners[name] { decoder.report(.nameClash(name, with: owner)) }
            }
            tasks.updateValue(task, forKey: name)
            for (innerName, innerTask) in inner ?? [:] {
                if tasks[innerName] != nil {
                    within(.key(innerName)) { $0.report(.nameClash(innerName, with: name)) }
                } else {
                    tasks[innerName] = innerTask
                    owners[innerName] = name
                }
            }
        }
        return tasks
    }
}

extension SourceMapping {
    fileprivate var isMeantAsSubJob: Bool { entries["job"] != nil || entries["variables"] != nil }
}
