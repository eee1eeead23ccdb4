extension RunForecast {
    /// What is known before a run of a job, apart from its definition.
    package struct Beginning: Sendable {
        /// The tasks and groups of the run, with their resources.
        package let roster: TaskRoster
        /// What is known of every task beforehand.
        fileprivate var origins: [TaskOrigin] = []
        /// What an earlier run decided, and still holds.
        fileprivate var preparations: [Int: Preparation] = [:]
        fileprivate var expansions: [Int: TaskExpansion] = [:]
        /// The tasks of the job that are skipped, since their conditions are false.
        package var skipped: Set<Int> = []
        /// The tasks of the job that are up to date.
        package var upToDate: Set<Int> = []

        /// - Parameter start: What the run begins with, unless it is just the job.
        package init(_ roster: TaskRoster, _ start: RunStart? = nil) {
            self.roster = roster
            guard let start else { return }
            (origins, preparations, expansions) = (start.origins, start.preparations, start.expansions)
        }
    }

    /// Foretells a run of a job.
    ///
    /// - Parameters:
    ///   - concurrency: How many tasks may run at once; unlimited if 0 or less.
    package init(of beginning: Beginning, _ durations: TaskDurations, concurrency: Int) {
        let roster = beginning.roster
        var plan = roster.plan
        plan.origins = beginning.origins
        plan.preparations = beginning.preparations
        var job = JobSimulation(beginning, durations)
        let simulation = RunSimulation.of(
            &job,
            plan,
            concurrency: concurrency,
            resources: roster.resources.resources
        )
        let names = job.roster.names
        var chain = LongestChain(
            count: names.count,
            dependencies: { [roster = job.roster] in roster.dependencies(of: $0) },
            group: { [roster = job.roster] in roster.group(of: $0) }
        )
        var unknown = job.unknownGroups
        for task in simulation.ended {
            let duration = durations.duration(of: names[task])
            if duration == nil { unknown.append(task) }
            chain.add(task, duration == .zero ? nil : duration)
        }
        self.init(
            duration: simulation.time,
            longestWay: chain.tasks.map { Step(task: names[$0], duration: job.duration(of: $0)) },
            unknown: unknown.sorted().map { names[$0] },
            knownCount: simulation.ended.count + job.unknownGroups.count - unknown.count
        )
    }
}

/// A run of a job, as far as it is known before.
private struct JobSimulation: SimulatedRun {
    private(set) var roster: TaskRoster
    /// The groups whose items are known in the run only, and that no run of the past had.
    private(set) var unknownGroups: [Int] = []
    private let durations: TaskDurations
    private let beginning: RunForecast.Beginning
    /// The members of groups that are about to expand.
    private var expansions: [Int: TaskExpansion]

    init(_ beginning: RunForecast.Beginning, _ durations: TaskDurations) {
        roster = beginning.roster
        self.beginning = beginning
        self.durations = durations
        expansions = beginning.expansions
    }

    func duration(of task: Int) -> Duration { durations.duration(of: roster.names[task]) ?? .zero }

    mutating func prepare(_ node: Int) -> Preparation {
        let definition = roster.definition(of: node)
        if beginning.skipped.contains(definition) { return Self.preparation(.skip) }
        if !roster.role(of: node).isGroup, beginning.upToDate.contains(definition) {
            return Self.preparation(.complete)
        }
        guard roster.role(of: node) == .list, !roster.isUnfolded(node) else { return Self.preparation(.run) }
        guard let members = expectedMembers(of: node) else {
            unknownGroups.append(node)
            return Self.preparation(.run)
        }
        expansions[node] = members
        return Self.preparation(.expand(members.plan))
    }

    mutating func expand(_ group: Int) {
        guard let members = expansions.removeValue(forKey: group) else { return }
        let new = roster.append(members, to: group)
        for (member, inner) in members.inner { expansions[new.lowerBound + member] = inner }
    }

    /// The members that a group had in the past; `nil` if that is not known.
    private func expectedMembers(of group: Int) -> TaskExpansion? {
        let keys = durations.keys(of: roster.names[group]).map(ParameterValue.string)
        guard !keys.isEmpty, let items = try? ItemList.items(of: .array(keys)) else { return nil }
        return roster.expansion(of: group, items: items)
    }

    private static func preparation(_ decision: Preparation.Decision) -> Preparation {
        Preparation(decision, record: JSONText(rawValue: "{}"))
    }
}

extension TaskDurations {
    /// Returns the keys of the items that a group had in the newest run that had the group.
    fileprivate func keys(of group: String) -> [String] {
        var seen: Set<Substring> = []
        return members(of: group).compactMap { task in
            let key = task.utf8.dropFirst(group.utf8.count + 1).prefix { $0 != UInt8(ascii: "]") }
            let text = Substring(key)
            return seen.insert(text).inserted ? String(text) : nil
        }
    }
}
