import OrderedCollections

/// Why a name that looks like that of an item stands for nothing.
package struct ItemProblem: Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// The group has other items; the associated value has their names.
        case unknown(known: [String])
        /// The items are known in the run only, or are others for each item of a group around it.
        case open
        /// The task has no items.
        case noItems
    }

    /// The name as it was written.
    package let name: String
    /// The name of the group in it.
    package let group: String
    package let reason: Reason

    package init(name: String, group: String, _ reason: Reason) {
        self.name = name
        self.group = group
        self.reason = reason
    }

    /// What is wrong, and what to do about it.
    var wording: String {
        switch reason {
        case .unknown(let known):
            "'\(group)' has no item '\(name)'; " + JobIssue.choice(of: name, among: known, none: "it has no items")
        case .open:
            "'\(name)' cannot be named: the items of '\(group)' are known in the run only; name '\(group)', which stands for "
                + "all of its items"
        case .noItems:
            "there is no '\(name)': '\(group)' has no 'for_each'; name '\(group)'"
        }
    }
}

/// Finds out whether the items exist that names in a job stand for; many names may be of one group.
struct ItemCheck {
    private var lists: [Int: OrderedSet<String>] = [:]

    /// What is wrong with the items that a name stands for; `nil` if nothing is.
    ///
    /// - Parameter container: The sub-job in which the name is used; `nil` for the job itself.
    mutating func problem(
        with place: TaskPlace,
        in container: Int?,
        _ job: JobDefinition,
        _ scopes: JobScopes
    ) -> ItemProblem? {
        for (group, key) in place.keys.sorted(by: { $0.key < $1.key }) {
            guard let forEach = job.tasks.values[group].forEach else { continue }
            let own = scopes.name(of: TaskPlace(group, keys: place.keys.filter { $0.key != group }), in: container)
            let item = ItemName.name(own, key: key)
            guard !forEach.items.isOpen else { return ItemProblem(name: item, group: own, .open) }
            // A mistake in the items is told by itself.
            if lists[group] == nil {
                lists[group] = (try? ItemList.items(of: forEach.items, key: forEach.key)).map { OrderedSet($0.keys) }
            }
            guard let keys = lists[group], !keys.contains(key) else { continue }
            let known = keys.map { ItemName.name(own, key: $0) }
            return ItemProblem(name: item, group: own, .unknown(known: known))
        }
        return nil
    }
}

extension JobScopes {
    /// The problem with a name that means an item of a task which has none; `nil` if the name is wrong in another way.
    func problem(ofPlain name: String, from task: Int) -> ItemProblem? { problem(ofPlain: name, in: containers[task]) }

    /// The same, for a name among the tasks of a sub-job.
    func problem(ofPlain name: String, in container: Int?) -> ItemProblem? {
        guard let (task, _) = ItemName.split(name), let found = place(named: task, in: container),
            tasks.values[found.task].forEach == nil
        else { return nil }
        return ItemProblem(name: name, group: task, .noItems)
    }
}
