/// Makes nodes of the tasks of a job: those of the job itself, or the members of a group.
///
/// Siblings have successive numbers, in their order.
struct RosterUnfolding {
    private var table: RosterTable
    private let job: JobDefinition
    private let structure: JobStructure

    /// The tasks of the job itself, with the members of groups as far as they are known.
    static func unfold(_ job: JobDefinition, _ structure: JobStructure) -> RosterTable {
        var unfolding = RosterUnfolding(table: RosterTable(), job: job, structure: structure)
        for definition in structure.roots {
            unfolding.add(definition, named: structure.localNames[definition], to: -1)
        }
        unfolding.unfoldGroups()
        return unfolding.table
    }

    /// The members of a group, with their members as far as they are known.
    ///
    /// - Parameters:
    ///   - definition: The task that the group is.
    ///   - outerItem: The item that the group itself runs for.
    static func unfold(
        _ items: ItemList,
        of definition: Int,
        named name: String,
        within outerItem: TaskItem?,
        _ job: JobDefinition,
        _ structure: JobStructure
    ) -> RosterTable {
        let table = RosterTable(outer: (name, items), outerItem: outerItem)
        var unfolding = RosterUnfolding(table: table, job: job, structure: structure)
        unfolding.addMembers(items, of: definition, named: name, to: -1)
        unfolding.unfoldGroups()
        return unfolding.table
    }

    private mutating func add(_ definition: Int, named name: String, to group: Int) {
        let task = job.tasks.values[definition]
        let role: TaskRoster.Role = task.forEach != nil ? .list : task.subJob != nil ? .job : .task
        table.nodes.append(RosterTable.Node(definition: Int32(definition), role: role, group: Int32(group)))
        table.names.append(name)
    }

    private mutating func addMembers(_ items: ItemList, of definition: Int, named name: String, to group: Int) {
        let role: TaskRoster.Role = job.tasks.values[definition].subJob != nil ? .itemJob : .item
        var node = RosterTable.Node(definition: Int32(definition), role: role, group: Int32(group))
        table.nodes.reserveCapacity(table.nodes.count + items.count)
        table.names.reserveCapacity(table.names.count + items.count)
        for position in 0..<items.count {
            node.item = Int32(position)
            table.nodes.append(node)
            table.names.append(ItemName.name(name, key: items.keys[position]))
        }
    }

    /// Adds the members of all groups, as far as they are known.
    private mutating func unfoldGroups() {
        var next = 0
        while next < table.nodes.count {
            let (first, definition) = (table.nodes.count, table.definition(of: next))
            switch table.role(of: next) {
            case .task, .item:
                break
            case .job, .itemJob:
                let name = table.names[next]
                for child in structure.children[definition] {
                    add(child, named: "\(name)/\(structure.localNames[child])", to: next)
                }
                setMembers(of: next, from: first)
            case .list:
                guard let known = knownItems(of: next) else { break }
                table.lists[next] = known
                addMembers(known, of: definition, named: table.names[next], to: next)
                setMembers(of: next, from: first)
            }
            next += 1
        }
    }

    private mutating func setMembers(of group: Int, from first: Int) {
        table.nodes[group].first = Int32(first)
        table.nodes[group].count = Int32(table.nodes.count - first)
    }

    /// The items of a group, unless they are known in the run only. A mistake in them is found elsewhere.
    private func knownItems(of node: Int) -> ItemList? {
        guard let forEach = job.tasks.values[table.definition(of: node)].forEach,
            let value = forEach.items.known(for: table.item(of: node)?.value)
        else { return nil }
        return try? ItemList.items(of: value, key: forEach.key)
    }
}
