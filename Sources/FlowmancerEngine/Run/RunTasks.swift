import FlowmancerCore

/// The tasks and groups of a run, which become more when groups expand. Used on the event loop only.
final class RunTasks {
    private(set) var roster: TaskRoster

    init(_ roster: TaskRoster) { self.roster = roster }

    /// Adds the members of a group.
    func append(_ members: TaskExpansion, to group: Int) -> Range<Int> { roster.append(members, to: group) }
}
