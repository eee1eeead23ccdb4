/// Tasks and groups of a run by number, as far as they differ from the tasks of the job: those that it begins with, or the
/// members of a group, which go by their places among themselves then.
struct RosterTable: Sendable {
    /// What is known of a task or group.
    struct Node: Sendable, Hashable {
        let definition: Int32
        let role: TaskRoster.Role
        /// The node around it; -1 if there is none here.
        var group: Int32
        /// The first of its members, which have successive numbers; -1 for a group without members so far.
        var first: Int32 = -1
        var count: Int32 = 0
        /// The place of its item in the list of the group around it; -1 if it has none.
        var item: Int32 = -1
    }

    var names: [String] = []
    var nodes: [Node] = []
    /// The items of the groups that have them.
    var lists: [Int: ItemList] = [:]
    /// The group whose items the nodes without a group run for.
    var outer: (name: String, items: ItemList)?
    /// The item of the nodes in which no other is met.
    var outerItem: TaskItem?

    func definition(of node: Int) -> Int { Int(nodes[node].definition) }

    func role(of node: Int) -> TaskRoster.Role { nodes[node].role }

    /// The group around a node.
    func group(of node: Int) -> Int? { nodes[node].group < 0 ? nil : Int(nodes[node].group) }

    /// Whether the members of a group are known.
    func isUnfolded(_ node: Int) -> Bool { nodes[node].first >= 0 }

    /// The members of a group, as far as they are known.
    func members(of node: Int) -> Range<Int> {
        isUnfolded(node) ? Int(nodes[node].first)..<Int(nodes[node].first) + Int(nodes[node].count) : 0..<0
    }

    /// The item that a node, or a group around it, runs for.
    func item(of node: Int) -> TaskItem? {
        var node = node
        while true {
            let (group, position) = (Int(nodes[node].group), Int(nodes[node].item))
            if group < 0 { return position < 0 ? outerItem : outer.map { TaskItem(position, of: $0.items, $0.name) } }
            if position >= 0 { return lists[group].map { TaskItem(position, of: $0, names[group]) } }
            node = group
        }
    }

    /// Adds the nodes of another table as members of a group.
    ///
    /// - Returns: The new nodes.
    mutating func append(_ other: RosterTable, _ items: ItemList, to group: Int) -> Range<Int> {
        let first = nodes.count
        names += other.names
        for (node, items) in other.lists { lists[node + first] = items }
        lists[group] = items
        nodes.reserveCapacity(first + other.nodes.count)
        for var node in other.nodes {
            node.group = node.group < 0 ? Int32(group) : node.group + Int32(first)
            if node.first >= 0 { node.first += Int32(first) }
            nodes.append(node)
        }
        nodes[group].first = Int32(first)
        nodes[group].count = Int32(items.count)
        return first..<nodes.count
    }
}

/// The item that a task runs for.
struct TaskItem: Sendable {
    /// The name of the group that has the item.
    let group: String
    let key: String
    let value: ParameterValue

    init(_ position: Int, of items: ItemList, _ group: String) {
        self.group = group
        key = items.keys[position]
        value = items[position]
    }
}
