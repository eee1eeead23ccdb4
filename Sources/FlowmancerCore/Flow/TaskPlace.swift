/// Which task of a job a name stands for, and of groups on the way to it, which of their items.
package struct TaskPlace: Sendable, Hashable {
    /// The number of the task in the job.
    package let task: Int
    /// The keys of items, by the numbers of the groups that have them.
    package let keys: [Int: String]

    init(_ task: Int, keys: [Int: String] = [:]) {
        self.task = task
        self.keys = keys
    }

    /// Whether it is, or is in, one item of a group.
    package var isOfItem: Bool { !keys.isEmpty }
}

extension JobScopes {
    /// Returns what a name stands for where a task has it: a task, `load[eu]`, or `each[eu]/send`. Whether there are such items
    /// is not looked at.
    ///
    /// - Returns: `nil` if there is no such task, or the name is a pattern.
    package func place(named name: String, from task: Int) -> TaskPlace? {
        place(named: name, in: containers[task])
    }

    /// Returns what a name stands for among the tasks of a sub-job; of the job itself, if that is `nil`.
    package func place(named name: String, in container: Int?) -> TaskPlace? {
        // A name is taken as it stands first.
        if let task = definition(named: name, in: container) { return TaskPlace(task) }
        guard name.utf8.contains(UInt8(ascii: "[")) else { return nil }
        if let (group, key) = ItemName.split(name), let outer = place(named: group, in: container),
            tasks.values[outer.task].forEach != nil, outer.keys[outer.task] == nil
        {
            return TaskPlace(outer.task, keys: outer.keys.merging([outer.task: key]) { first, _ in first })
        }
        // The item may be that of a job on the way.
        for end in name.utf8.indices where name.utf8[end] == UInt8(ascii: "]") {
            let slash = name.utf8.index(after: end)
            guard slash < name.utf8.endIndex, name.utf8[slash] == UInt8(ascii: "/"),
                let outer = place(named: String(name[..<slash]), in: container), outer.isOfItem,
                let inner = place(named: String(name[name.utf8.index(after: slash)...]), in: outer.task)
            else { continue }
            return TaskPlace(inner.task, keys: outer.keys.merging(inner.keys) { first, _ in first })
        }
        return nil
    }

    /// Returns what has to be waited for where a task is meant: if the way to it leads through a group of which no item is
    /// named, the group.
    ///
    /// - Parameter reader: The task that waits.
    func awaited(_ place: TaskPlace, from reader: Int) -> TaskPlace {
        guard let direct = containers[place.task], direct != containers[reader] else { return place }
        guard let group = openGroups(on: place, from: reader).first else { return place }
        return TaskPlace(group, keys: place.keys.filter { $0.key != group && !isTask($0.key, within: group) })
    }

    /// The groups around a task of which no item is named, without those that are around the reader, too; from the outside.
    func openGroups(on place: TaskPlace, from reader: Int) -> [Int] {
        let around = ancestors(of: reader)
        return ancestors(of: place.task).prefix { !around.contains($0) }
            .filter { tasks.values[$0].forEach != nil && place.keys[$0] == nil }.reversed()
    }

    /// The name of what is meant: that of the task, with the keys of items.
    ///
    /// - Parameter container: The sub-job in which the name is used; `nil` for the job itself.
    package func name(of place: TaskPlace, in container: Int? = nil) -> String {
        var name = ""
        for task in ([place.task] + ancestors(of: place.task).prefix { $0 != container }).reversed() {
            name += (name.isEmpty ? "" : "/") + ownName(of: task)
            if let key = place.keys[task] { name = ItemName.name(name, key: key) }
        }
        return name
    }
}
