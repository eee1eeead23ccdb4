import FlowmancerCore
import OrderedCollections

extension JobDecoder {
    mutating func decodeTasks(_ node: SourceNode) -> OrderedDictionary<String, TaskDefinition> {
        guard let mapping = mapping(node, expected: "a mapping of task names to tasks") else { return [:] }
        if mapping.entries.isEmpty { report(.empty(expected: "at least one task")) }
        var tasks = OrderedDictionary<String, TaskDefinition>(minimumCapacity: mapping.entries.count)
        let keys = TaskDefinition.keys
        for (name, entry) in mapping.entries {
            var task = TaskDefinition.unset
            within(.key(name)) {
                $0.decode(entry.value, by: keys, into: &task, expected: "a mapping with 'task' in it")
            }
            tasks[name] = task
        }
        return tasks
    }
}
