import FlowmancerJobFile

/// Tells what holds for one item of a group: `tasks.load[eu].parameters.region`.
struct ItemExplanation {
    private let explanation: ValueExplanation

    init(_ explanation: ValueExplanation) {
        self.explanation = explanation
    }

    /// Explains the value at a path, which may name the task of an item.
    ///
    /// - Throws: ``UsageError`` if the job has nothing there.
    func text(of asked: ParameterPath) throws -> String {
        guard let (path, task, key) = itemPath(asked), let forEach = job.tasks[task]?.forEach else {
            return try explanation.text(of: asked)
        }
        let text = try explanation.text(of: path)
        guard !forEach.items.isOpen else {
            return text + "\n  the items of '\(task)' are known in the run only".printable
        }
        let items: ItemList
        do {
            items = try ItemList.items(of: forEach.items, key: forEach.key)
        } catch {
            throw UsageError(text: "'\(task)' has no items: \(error.wording)")
        }
        guard let position = items.keys.firstIndex(of: key) else {
            throw UsageError(
                text: "'\(task)' has no item '\(key)'; "
                    + JobIssue.choice(of: key, among: items.keys, none: "it has none")
            )
        }
        return ([text] + values(at: path, task, items[position])).joined(separator: "\n")
    }

    private var job: JobDefinition { explanation.history.job.definition }

    /// The path of the group in the place of its item, the name of the group and the key; `nil` if no item is named.
    private func itemPath(_ path: ParameterPath) -> (path: ParameterPath, task: String, key: String)? {
        var steps = path.components
        guard steps.count > 1, steps[0] == .key("tasks"), case .key(var name) = steps[1] else { return nil }
        // A key that is a number reads as the position in a list.
        if steps.count > 2, case .index(let number) = steps[2] {
            name = ItemName.name(name, key: String(number))
            steps.remove(at: 2)
        }
        guard job.tasks[name] == nil, let (task, key) = ItemName.split(name), job.tasks[task] != nil else { return nil }
        steps[1] = .key(task)
        return (ParameterPath(steps), task, key)
    }

    /// A line for the item, and one for every value in which it stands.
    private func values(at path: ParameterPath, _ task: String, _ item: ParameterValue) -> [String] {
        var lines = ["  the item is \(item.inlineJSON.printable)"]
        guard path.components.count > 2, path.components[2] == .key("parameters"),
            let parameters = job.tasks[task]?.parameters
        else { return lines }
        for leaf in explanation.history.leaves(at: path) {
            guard let value = ParameterValue.object(parameters).value(at: leaf.components[3...]), value.isOpen,
                case .open = explanation.vocabulary.meaning(of: leaf)
            else { continue }
            lines.append("  for this item, \(leaf) = \(value.replacing(item: item).inlineJSON)".printable)
        }
        return lines
    }
}
