extension JobValidator {
    /// Checks the items of a group, as far as they are known before the run.
    mutating func check(_ forEach: ForEach, of name: String, at path: ParameterPath) {
        guard !forEach.items.isOpen else { return }
        do {
            let items = try ItemList.items(of: forEach.items, key: forEach.key)
            checkNames(of: items, of: name)
        } catch {
            let place = ParameterPath(path.appending("items").components + error.steps)
            report(.rejectedValue(reason: error.wording), at: place)
        }
    }

    /// Refuses items whose names would show a secret.
    mutating func checkItems(showing secrets: Set<String>) {
        guard !secrets.isEmpty else { return }
        for (name, task) in job.tasks {
            guard let forEach = task.forEach, !forEach.items.isOpen,
                let items = try? ItemList.items(of: forEach.items, key: forEach.key),
                let position = items.firstPosition(showing: secrets)
            else { continue }
            var path = ParameterPath("tasks", name, "for_each", "items")
            if case .array = forEach.items { path = path.appending(position) }
            report(.rejectedValue(reason: ItemsError.secretKey(position)), at: path)
        }
    }

    /// Refuses tasks that are called like the task of an item.
    private mutating func checkNames(of items: ItemList, of name: String) {
        guard let keys = namesOfItems()[name] else { return }
        let own = Set(items.keys)
        for key in keys where own.contains(key) {
            let item = ItemName.name(name, key: key)
            report(.nameClash(item, with: name), at: ParameterPath("tasks", item))
        }
    }

    /// The tasks whose names could be those of items: the keys by the names of the groups.
    private mutating func namesOfItems() -> [String: [String]] {
        if let known = itemNames { return known }
        var found: [String: [String]] = [:]
        for name in job.tasks.keys {
            if let (task, key) = ItemName.split(name) { found[task, default: []].append(key) }
        }
        itemNames = found
        return found
    }
}
