package import OrderedCollections

/// Why no items were found.
package struct MissingItems: Error {
    /// In words.
    package let reason: String
}

extension TaskRoster {
    /// Whether the condition of a task is asked for a node: for a group unless it is about items, for an item only then.
    package func asksCondition(_ node: Int) -> Bool {
        guard let when = task(node).when else { return false }
        switch role(of: node) {
        case .task, .job: return true
        case .list: return !when.isOfItems
        case .item, .itemJob: return when.isOfItems
        }
    }

    /// Whether a task of the job, or what it belongs to, runs for items.
    package func hasItem(_ definition: Int) -> Bool {
        guard let structure else { return false }
        var task = definition
        while task >= 0 {
            if job.tasks.values[task].forEach != nil { return true }
            task = structure.parents[task]
        }
        return false
    }

    /// The parameters of a task that runs for an item; `nil` if they are simply those of the job.
    package func parameters(of node: Int) -> OrderedDictionary<String, ParameterValue>? {
        guard hasItem(definition(of: node)), let item = item(of: node) else { return nil }
        return task(node).parameters.mapValues { $0.filled(with: item) }
    }

    /// Finds the items of a group that are known only in the run.
    ///
    /// - Parameter lookup: Returns the values of variables.
    /// - Returns: The items, and the value that they were made of.
    package func findItems(
        of group: Int,
        _ lookup: (ExpressionReference) -> ExpressionLookup
    ) -> Result<(items: ItemList, value: ParameterValue), MissingItems> {
        guard let forEach = task(group).forEach else { preconditionFailure("only a group has items") }
        do {
            let value = try forEach.items.resolved(lookup)
            do {
                return .success((try ItemList.items(of: value, key: forEach.key), value))
            } catch {
                return .failure(MissingItems(reason: "its items cannot be used: \(error.wording)"))
            }
        } catch {
            return .failure(MissingItems(reason: "its items are not known: \(error.problem.wording)"))
        }
    }

    /// Returns what is stored of the items of a group, beside what else was decided about it.
    package func record(_ items: ParameterValue, of group: Int, in record: JSONText) -> JSONText {
        task(group).forEach.map { GroupRecord.adding(items, of: $0, to: record) } ?? record
    }

    /// The value of `$OUT{task.name}` as a node sees it. That of a group is a list, with a value for each item.
    ///
    /// - Parameter published: Returns what a task published, as JSON.
    package func output(
        _ reference: ExpressionReference,
        for node: Int,
        _ published: (Int) -> JSONText?
    ) -> ExpressionLookup {
        guard let dot = reference.name.lastIndex(of: "."),
            let definition = source(String(reference.name[..<dot]), reference, for: node)
        else { return .missing() }
        let name = String(reference.name[reference.name.index(after: dot)...])
        func value(of node: Int) -> ParameterValue? {
            if role(of: node) == .list {
                return .array(members(of: node).map { value(of: $0) ?? reference.replacement })
            }
            return published(node).flatMap { TaskOutputs($0)?.values[name] }.flatMap { ParameterValue(json: $0) }
        }
        guard let source = self.node(of: definition, seenFrom: node) else { return .missing() }
        return value(of: source).map(ExpressionLookup.value) ?? .missing()
    }

    private func source(_ name: String, _ reference: ExpressionReference, for node: Int) -> Int? {
        guard let structure else { return job.tasks.index(forKey: name) }
        return structure.scopes.source(ofOutputOf: name, from: definition(of: node), level: Int(reference.level))?.task
    }

    /// The node whose state is asked for by `$STATE{task}`.
    package func node(askedForBy reference: ExpressionReference, for node: Int) -> Int? {
        guard let structure else { return job.tasks.index(forKey: reference.name) }
        return structure.scopes.definition(of: reference, from: definition(of: node)).flatMap {
            self.node(of: $0, seenFrom: node)
        }
    }
}

extension ExpressionReference {
    /// What stands for an item that published nothing.
    fileprivate var replacement: ParameterValue {
        if case .text(let text) = fallback { .string(text) } else { .null }
    }
}
