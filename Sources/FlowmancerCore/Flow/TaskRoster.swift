/// The tasks and groups of a run by number: which task of the job each of them is, and for which item it runs.
///
/// As long as a job has no groups, both have the same numbers. A task with `for_each` is a group whose members are its
/// items, and a task with `job` is a group of the tasks of that job. Groups whose items are known only in the run have no
/// members at first: ``expansion(of:items:)`` makes them.
package struct TaskRoster: Sendable {
    /// What a node is.
    package enum Role: UInt8, Sendable, Hashable {
        case task
        /// A task that runs for an item.
        case item
        /// A group of items.
        case list
        /// A group of the tasks of a job.
        case job
        /// The same, for an item.
        case itemJob

        /// Whether the node is made of an item.
        package var isItem: Bool { self == .item || self == .itemJob }
        package var isGroup: Bool { self != .task && self != .item }
    }

    package let job: JobDefinition
    /// The order between the tasks of the job.
    package let graph: TaskGraph
    /// What the tasks ask for.
    package let resources: ResourceTable
    /// `nil` for a job without groups.
    let structure: JobStructure?
    /// For each task of the job the fields that its item needs; empty for a job without groups.
    let neededFields: [Set<String>]
    /// Only names for a job without groups.
    private(set) var table: RosterTable

    /// Unfolds what is known of a job.
    ///
    /// - Parameters:
    ///   - graph: The order between the tasks of the job.
    ///   - resources: What the tasks ask for; only needed if they are to run.
    package init(_ job: JobDefinition, _ graph: TaskGraph, _ resources: ResourceTable = ResourceTable()) {
        self.job = job
        self.graph = graph
        self.resources = resources
        guard job.hasGroups else {
            structure = nil
            neededFields = []
            table = RosterTable(names: graph.names)
            return
        }
        let structure = JobStructure(job)
        self.structure = structure
        neededFields = job.tasks.values.map(\.neededFields)
        table = RosterUnfolding.unfold(job, structure)
    }

    /// Unfolds what is known of a job.
    package init(_ job: JobDefinition, _ resources: ResourceTable = ResourceTable()) {
        self.init(job, TaskGraph(job), resources)
    }

    /// The names of all tasks and groups.
    package var names: [String] { table.names }
    package var count: Int { table.names.count }

    /// Whether there are no groups: tasks have the numbers that they have in the job.
    package var isPlain: Bool { structure == nil }

    /// The task of the job that a node is.
    package func definition(of node: Int) -> Int { isPlain ? node : table.definition(of: node) }

    /// The same, with its settings.
    package func task(_ node: Int) -> TaskDefinition { job.tasks.values[definition(of: node)] }

    package func role(of node: Int) -> Role { isPlain ? .task : table.role(of: node) }

    /// The group that a node is a member of.
    package func group(of node: Int) -> Int? { isPlain ? nil : table.group(of: node) }

    /// The members of a group, as far as they are known.
    package func members(of node: Int) -> Range<Int> { isPlain ? 0..<0 : table.members(of: node) }

    /// Whether the members of a group are known.
    package func isUnfolded(_ node: Int) -> Bool { isPlain || table.isUnfolded(node) }

    /// The item that a node, or a group around it, runs for.
    package func item(of node: Int) -> ParameterValue? { isPlain ? nil : table.item(of: node)?.value }

    /// Adds the members of a group that were made by ``expansion(of:items:)``.
    ///
    /// - Returns: The numbers of the new nodes.
    @discardableResult
    package mutating func append(_ expansion: TaskExpansion, to group: Int) -> Range<Int> {
        table.append(expansion.table, expansion.items, to: group)
    }
}
