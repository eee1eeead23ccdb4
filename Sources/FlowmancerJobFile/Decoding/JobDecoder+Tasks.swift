import FlowmancerCore
import OrderedCollections

extension JobDecoder {
    private static let taskKeys = JobFileKeys.task.map(\.key) + ["parameters", "variant", "depends_on"]

    mutating func decodeTasks(_ node: SourceNode) -> OrderedDictionary<String, TaskDefinition> {
        guard let mapping = mapping(node, expected: "a mapping of task names to tasks") else { return [:] }
        if mapping.entries.isEmpty { report(.empty(expected: "at least one task")) }
        var tasks = OrderedDictionary<String, TaskDefinition>(minimumCapacity: mapping.entries.count)
        for (name, entry) in mapping.entries {
            tasks[name] = within(.key(name)) { $0.decodeTask(entry.value) }
        }
        return tasks
    }

    private mutating func decodeTask(_ node: SourceNode) -> TaskDefinition {
        var task = TaskDefinition("")
        guard let mapping = mapping(node, expected: "a mapping with 'task' in it") else { return task }
        for (key, entry) in mapping.entries {
            within(.key(key)) { $0.decodeTaskValue(key, entry.value, into: &task) }
        }
        if !mapping.entries.keys.contains("task") {
            report(.missingKey("task", expected: "the name of a task type"))
        }
        return task
    }

    private mutating func decodeTaskValue(_ key: String, _ node: SourceNode, into task: inout TaskDefinition) {
        switch key {
        case "task":
            if let name = text(node, expected: "the name of a task type") { task.variant = name }
        case "dependencies":
            task.dependencies = decodeDependencies(node)
        case "max_attempts":
            if let count = convert(node, to: Int.self) { task.maxAttempts = count }
        case "backoff":
            if let pause = convert(node, to: Duration.self) { task.backoff = pause }
        case "timeout":
            if let timeout = convert(node, to: TimeLimit.self) { task.timeout = timeout }
        case "isolation":
            if let isolation = convert(node, to: Isolation.self) { task.isolation = isolation }
        case "merge_output":
            if let isMerged = convert(node, to: Bool.self) { task.mergesOutput = isMerged }
        case "parameters":
            task.parameters = decodeParameters(node)
        default:
            report(.unknownKey(key, known: Self.taskKeys))
        }
    }

    private mutating func decodeDependencies(_ node: SourceNode) -> [String] {
        guard case .sequence(let items) = node.content else {
            report(.wrongValue(expected: "a list of task names ([] for none)", found: node.summary))
            return []
        }
        var names: [String] = []
        names.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            if let name = within(.index(index), { $0.taskName(item) }) { names.append(name) }
        }
        return names
    }

    /// Returns a task's name as it is written: a task may be called 2024, since keys are text whatever they look like.
    private mutating func taskName(_ node: SourceNode) -> String? {
        if case .plain(let text) = node.content, !node.isNull { return text }
        return text(node, expected: "the name of a task")
    }

    mutating func decodeParameters(_ node: SourceNode) -> OrderedDictionary<String, ParameterValue> {
        let expected = "a mapping of parameters ({} for none)"
        return mapping(node, expected: expected).map { values(of: $0) } ?? [:]
    }
}
