import FlowmancerCore
import OrderedCollections

extension JobDecoder {
    /// Decodes a mapping by the table of its keys.
    ///
    /// - Returns: Whether the value is a mapping.
    @discardableResult
    mutating func decode<Owner>(
        _ node: SourceNode,
        by table: JobKeyTable<Owner>,
        into owner: inout Owner,
        expected: @autoclosure () -> String
    ) -> Bool {
        guard let mapping = mapping(node, expected: expected()) else { return false }
        for (name, entry) in mapping.entries {
            within(.key(name)) { decoder in
                if let key = table[name] {
                    decoder.decode(key, entry.value, into: &owner)
                } else {
                    decoder.report(.unknownKey(name, known: table.spellings))
                }
            }
        }
        for key in table.required where mapping.entries[key.key] == nil {
            if let substitute = key.substitute, mapping.entries[substitute] != nil { continue }
            report(.missingKey(key.key, expected: key.expectation))
        }
        return true
    }

    private mutating func decode<Owner>(_ key: JobKey<Owner>, _ node: SourceNode, into owner: inout Owner) {
        takesValuesOfRun = key.takesValuesOfRun
        defer { takesValuesOfRun = false }
        switch key.form {
        case .text(let path):
            if let text = text(node, expected: key.expectation) { owner[keyPath: path] = text }
        case .names(let path):
            owner[keyPath: path] = taskNames(node, expected: key.expectation)
        case .parameters(let path):
            owner[keyPath: path] = mapping(node, expected: key.expectation).map { values(of: $0) } ?? [:]
        case .job:
            // Its tasks do not belong to the owner.
            break
        case .expression(let path):
            owner[keyPath: path] = condition(node, expected: key.expectation)
        case .value(let read):
            read(value(of: node), path, &owner, &issues)
        }
    }

    /// Returns the condition that a scalar is, whatever it would be elsewhere.
    private mutating func condition(_ node: SourceNode, expected: @autoclosure () -> String) -> TaskCondition? {
        guard !node.isNull, let text = node.scalarText else {
            report(.wrongValue(expected: expected(), found: node.summary))
            return nil
        }
        let condition = TaskCondition(text, template: { expander.template($0) }, lookup: { expander.lookup($0) })
        guard case .failure(let error) = condition.expression else { return condition }
        report(.expression(error.problem, offset: error.offset))
        return nil
    }

    private mutating func taskNames(_ node: SourceNode, expected: @autoclosure () -> String) -> [String] {
        guard case .sequence(let items) = node.content else {
            report(.wrongValue(expected: expected(), found: node.summary))
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
}
