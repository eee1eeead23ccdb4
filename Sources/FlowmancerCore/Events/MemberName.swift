/// The names of tasks in groups, taken apart: `each[eu]/fetch` is the task `fetch` of the job that `each` runs for the item
/// `eu`.
///
/// A key has no brackets and no slash in it.
package enum MemberName {
    /// Returns the name of the group that a group, or a member of one, is in: `each` for `each[eu]`, `each[eu]` for
    /// `each[eu]/fetch`; `nil` for what is in none.
    package static func group(around name: String) -> String? {
        if let group = beforeKey(name) { return group }
        guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")), slash > name.startIndex else { return nil }
        return String(name[..<slash])
    }

    /// Returns the groups around a task, the innermost one first.
    ///
    /// - Parameter group: The group that it is a member of, as an event names it.
    package static func groups(from group: String?) -> [String] {
        var groups: [String] = []
        var next = group
        while let name = next {
            groups.append(name)
            next = self.group(around: name)
        }
        return groups
    }

    /// Returns the outermost group of items that a task is in: `each` for `each[eu]/fetch`; `nil` if it runs for no item.
    ///
    /// - Parameter group: The group that it is a member of, as an event names it.
    package static func items(of task: String, in group: String?) -> String? {
        guard group != nil else { return nil }
        var items: String?
        var name = task
        while let outer = self.group(around: name) {
            if beforeKey(name) != nil { items = outer }
            name = outer
        }
        return items
    }

    /// Returns the name that a job has for a task: `each/fetch` for `each[eu]/fetch`.
    ///
    /// - Parameter group: The group that it is a member of, as an event names it.
    package static func definition(of task: String, in group: String?) -> String {
        guard group != nil, task.utf8.contains(UInt8(ascii: "[")) else { return task }
        var parts: [Substring] = []
        for part in task.split(separator: "/", omittingEmptySubsequences: false) {
            parts.append(beforeKey(String(part)).map { $0[...] } ?? part)
        }
        return parts.joined(separator: "/")
    }

    /// The text before the key at the end of a name; `nil` if there is none.
    private static func beforeKey(_ name: String) -> String? {
        guard name.utf8.last == UInt8(ascii: "]"), let open = name.utf8.lastIndex(of: UInt8(ascii: "[")),
            open > name.startIndex, !name[open...].utf8.contains(UInt8(ascii: "/"))
        else { return nil }
        return String(name[..<open])
    }
}
