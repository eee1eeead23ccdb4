/// The members of a group whose items were found out in the run.
///
/// They, and their members, go by their places among each other, until ``TaskRoster/append(_:to:)`` gives them numbers.
package struct TaskExpansion: Sendable {
    package let items: ItemList
    let table: RosterTable
    /// The members for the scheduler.
    package var plan: NodePlan
    /// What is done with each of them; empty if all of them have to run.
    package var decisions: [ResumePlan.Decision] = []
    /// What an earlier run decided about members for which it is still to be found out whether they are up to date.
    package var decided: [Int: Preparation] = [:]
    /// Items that an earlier run had here, and that are no more.
    package var gone: [GoneItem] = []
    /// The members of groups among them that an earlier run expanded.
    package var inner: [Int: TaskExpansion] = [:]

    /// The names of the members and of their members.
    package var names: [String] { table.names }
}

extension TaskRoster {
    /// Makes the members of a group, without adding them.
    package func expansion(of group: Int, items: ItemList) -> TaskExpansion {
        expansion(of: definition(of: group), named: names[group], within: table.item(of: group), items)
    }

    /// Makes the members of a group that need not be in the roster yet.
    ///
    /// - Parameters:
    ///   - definition: The task that the group is.
    ///   - item: The item that the group itself runs for.
    func expansion(of definition: Int, named name: String, within item: TaskItem?, _ items: ItemList) -> TaskExpansion {
        guard let structure else { preconditionFailure("a job without groups has none to expand") }
        let members = RosterUnfolding.unfold(items, of: definition, named: name, within: item, job, structure)
        return TaskExpansion(items: items, table: members, plan: plan(of: members, structure))
    }

    /// What the run begins with, for the scheduler.
    package var plan: NodePlan {
        guard let structure else { return NodePlan(graph, traits: TraitsTable(job, resources)) }
        return plan(of: table, structure)
    }

    private func plan(of table: RosterTable, _ structure: JobStructure) -> NodePlan {
        var dependencies: [[Int]] = []
        var dependents = [[Int]](repeating: [], count: table.nodes.count)
        var traits = TraitsTable()
        var known: [NodeTraits.Key: NodeTraits] = [:]
        dependencies.reserveCapacity(table.nodes.count)
        for (number, node) in table.nodes.enumerated() {
            let own = node.role.isItem ? [] : table.dependencies(of: number, graph, structure)
            for dependency in own { dependents[dependency].append(number) }
            dependencies.append(own)
            let key = NodeTraits.Key(definition: node.definition, role: node.role)
            if known[key] == nil {
                let task = job.tasks.values[Int(node.definition)]
                let runsElsewhere = job.runsElsewhere(task)
                known[key] = NodeTraits(
                    task,
                    as: node.role,
                    defaultTimeout: job.configuration.taskTimeout,
                    demand: resources.demand(for: task.resources, elsewhere: runsElsewhere),
                    runsElsewhere: runsElsewhere,
                    priority: job.priority(of: task)
                )
            }
            var nodeTraits = known[key]!
            // What lacks a field of its item is prepared, so that it fails before its first attempt.
            if !node.role.isGroup, lacksField(number, in: table) { nodeTraits.isPrepared = true }
            traits.append(nodeTraits)
        }
        return NodePlan(
            TaskGraph(names: table.names, dependencies: dependencies, dependents: dependents),
            traits: traits,
            containers: table.nodes.contains { $0.group >= 0 } ? table.nodes.map(\.group) : []
        )
    }

    /// Whether a task needs a field that its item does not have.
    private func lacksField(_ node: Int, in table: RosterTable) -> Bool {
        let needed = neededFields[table.definition(of: node)]
        guard !needed.isEmpty else { return false }
        guard case .object(let fields)? = table.item(of: node)?.value else { return true }
        return needed.contains { fields[$0] == nil }
    }
}
