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

    /// What a roster consists of: out of line, since rosters are asked for every attempt, and copying one takes longer.
    /// Only the owner of all references changes it.
    private final class Contents: @unchecked Sendable {
        let job: JobDefinition
        let graph: TaskGraph
        let resources: ResourceTable
        let structure: JobStructure?
        let neededFields: [Set<String>]
        var table: RosterTable

        init(
            _ job: JobDefinition,
            _ graph: TaskGraph,
            _ resources: ResourceTable,
            _ structure: JobStructure?,
            neededFields: [Set<String>],
            _ table: RosterTable
        ) {
            self.job = job
            self.graph = graph
            self.resources = resources
            self.structure = structure
            self.neededFields = neededFields
            self.table = table
        }

        func copy() -> Contents {
            Contents(job, graph, resources, structure, neededFields: neededFields, table)
        }
    }

    private var contents: Contents
    /// Whether there are no groups: tasks have the numbers that they have in the job.
    package let isPlain: Bool

    /// Unfolds what is known of a job.
    ///
    /// - Parameters:
    ///   - graph: The order between the tasks of the job.
    ///   - resources: What the tasks ask for; only needed if they are to run.
    package init(_ job: JobDefinition, _ graph: TaskGraph, _ resources: ResourceTable = ResourceTable()) {
        isPlain = !job.hasGroups
        if isPlain {
            let table = RosterTable(names: graph.names)
            contents = Contents(job, graph, resources, nil, neededFields: [], table)
        } else {
            let structure = JobStructure(job)
            let fields = job.tasks.values.map(\.neededFields)
            let table = RosterUnfolding.unfold(job, structure)
            contents = Contents(job, graph, resources, structure, neededFields: fields, table)
        }
    }

    /// Unfolds what is known of a job.
    package init(_ job: JobDefinition, _ resources: ResourceTable = ResourceTable()) {
        self.init(job, TaskGraph(job), resources)
    }

    package var job: JobDefinition { _read { yield contents.job } }
    /// The order between the tasks of the job.
    package var graph: TaskGraph { _read { yield contents.graph } }
    /// What the tasks ask for.
    package var resources: ResourceTable { _read { yield contents.resources } }
    /// `nil` for a job without groups.
    var structure: JobStructure? { contents.structure }
    /// For each task of the job the fields that its item needs; empty for a job without groups.
    var neededFields: [Set<String>] { contents.neededFields }
    /// Only names for a job without groups.
    var table: RosterTable { _read { yield contents.table } }

    /// The names of all tasks and groups.
    package var names: [String] { contents.table.names }
    package var count: Int { contents.table.names.count }

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
        if !isKnownUniquelyReferenced(&contents) { contents = contents.copy() }
        return contents.table.append(expansion.table, expansion.items, to: group)
    }
}
