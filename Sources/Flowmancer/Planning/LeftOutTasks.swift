import FlowmancerEngine

/// What a run leaves out on request.
struct LeftOutTasks {
    /// The tasks of the job, by number.
    let tasks: Set<Int>
    /// The names of what is left out of tasks that run otherwise: single items, or tasks of these.
    let items: [String]

    init(_ nodes: Set<Int>, of roster: TaskRoster) {
        let tasks = roster.definitions(within: nodes)
        self.tasks = tasks
        items = nodes.sorted().filter { node in
            !tasks.contains(roster.definition(of: node)) && !(roster.group(of: node).map(nodes.contains) ?? false)
        }.map { roster.names[$0] }
    }
}
