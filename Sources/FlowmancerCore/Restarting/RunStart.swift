/// What a run begins with, for those who carry it out: its job alone, or also what an earlier run left.
///
/// A pure value, made of a plan. Tasks and groups go by their numbers.
package struct RunStart: Sendable {
    /// For each task and group what the scheduler knows of it beforehand.
    package let origins: [TaskOrigin]
    /// The tasks whose ``FlowTask/onRestart()`` is called.
    package let restarted: Set<Int>
    /// The values of the shared dictionary.
    package let sharedDict: [String: JSONText]
    /// What an earlier run decided about tasks and groups, and still holds.
    package private(set) var preparations: [Int: Preparation] = [:]
    /// The same of tasks for which it is still to be found out whether they are up to date.
    package private(set) var decided: [Int: Preparation] = [:]
    /// The members of groups that an earlier run expanded in a way that still holds.
    package private(set) var expansions: [Int: TaskExpansion] = [:]
    /// What is stored of the tasks.
    package let progress: RecordedProgress
    /// What is asked when a group expands; `nil` if there is none.
    private let earlier: EarlierRun?

    /// - Parameters:
    ///   - run: The id of the run that begins.
    ///   - roster: The tasks and groups of the run.
    ///   - plan: What is done with each task.
    ///   - jobFile: The absolute path of the job file, if there is one.
    package init(of run: RunID, _ roster: TaskRoster, _ plan: ResumePlan, jobFile: String? = nil) {
        let earlier = plan.earlier
        self.earlier = roster.isPlain ? nil : earlier
        let (job, checkpoint) = (earlier.job, earlier.checkpoint)
        origins = plan.decisions.map(\.origin)
        restarted = Set(plan.decisions.indices.filter { plan.decisions[$0].isRestart })
        sharedDict = checkpoint?.sharedDict ?? [:]
        var header = CheckpointContents(name: job.configuration.name, runID: run, jobFile: jobFile)
        header.fingerprints = Self.fingerprints(roster, plan)
        header.decisions = Self.decisions(roster, earlier, present: header.fingerprints)
        for (node, decision) in plan.decisions.enumerated() where decision.origin == .completed {
            if let outputs = checkpoint?.outputs[plan.names[node]] { header.outputs[plan.names[node]] = outputs }
        }
        let open = roster.openPrefixes
        let dormant =
            open.isEmpty
            ? [:] : checkpoint?.states.filter { name, _ in open.contains(where: name.hasPrefix) } ?? [:]
        for name in dormant.keys { header.outputs[name] = checkpoint?.outputs[name] }
        progress = RecordedProgress(plan.names, plan.decisions, header: header, dormant: dormant)
        for (node, name) in roster.names.enumerated() {
            guard let record = header.decisions[name] else { continue }
            let place = roster.isPlain ? GroupPlace(task: node, name) : GroupPlace(node, in: roster.table)
            // Who publishes items may publish others when it runs again.
            let isSettled = roster.dependencies(of: node).allSatisfy { plan.keeps($0, roster.table) }
            let (preparation, members) = Self.earlierPreparation(
                place,
                plan.decisions[node],
                record,
                earlier,
                roster,
                isSettled
            )
            if place.isLookedUp(earlier.job) { decided[node] = preparation } else { preparations[node] = preparation }
            expansions[node] = members
        }
    }

    /// The digests of what tasks do. A task that is kept keeps the definition by which it completed.
    private static func fingerprints(_ roster: TaskRoster, _ plan: ResumePlan) -> [String: String] {
        let earlier = plan.earlier
        var fingerprints = Dictionary(uniqueKeysWithValues: zip(earlier.job.tasks.keys, earlier.fingerprints))
        guard let checkpoint = earlier.checkpoint else { return fingerprints }
        for (node, decision) in plan.decisions.enumerated() where decision.isKept {
            let name = plan.names[node]
            let definition = roster.isPlain ? name : earlier.job.tasks.keys[roster.definition(of: node)]
            let before = checkpoint.fingerprints[name] ?? checkpoint.fingerprints[definition]
            if let before, before != fingerprints[definition] { fingerprints[name] = before }
        }
        return fingerprints
    }

    /// What was decided about tasks, as far as it holds for the definitions that they have, and the items of groups.
    private static func decisions(
        _ roster: TaskRoster,
        _ earlier: EarlierRun,
        present: [String: String]
    ) -> [String: JSONText] {
        let checkpoint = earlier.checkpoint
        let names = roster.isPlain ? [] : Set(roster.names)
        let open = roster.openPrefixes
        var decisions =
            checkpoint?.decisions.filter { name, _ in
                if let present = present[name] { return present == checkpoint?.fingerprints[name] }
                return names.contains(name) || open.contains(where: name.hasPrefix)
            } ?? [:]
        for (node, list) in roster.table.lists {
            guard let forEach = roster.task(node).forEach else { continue }
            let name = roster.names[node]
            var record = decisions[name].flatMap(PreparationRecord.init) ?? PreparationRecord()
            GroupRecord.add(list.value, of: forEach, to: &record)
            decisions[name] = record.json
        }
        return decisions
    }

    // MARK: What was decided

    /// A task or group of which something was decided.
    private struct GroupPlace {
        let name: String
        let definition: Int
        let role: TaskRoster.Role
        let isUnfolded: Bool
        let item: TaskItem?

        /// A task of a job without groups.
        init(task: Int, _ name: String) {
            (self.name, definition, role, isUnfolded, item) = (name, task, .task, true, nil)
        }

        init(_ node: Int, in table: RosterTable) {
            name = table.names[node]
            definition = table.definition(of: node)
            role = table.role(of: node)
            isUnfolded = table.isUnfolded(node)
            item = table.item(of: node)
        }

        /// Whether it is found out in every run whether it is up to date. A group is not: its members are.
        func isLookedUp(_ job: JobDefinition) -> Bool { !role.isGroup && job.tasks.values[definition].reuse != nil }
    }

    /// What an earlier run decided about a task or group, if that still holds.
    ///
    /// - Parameter isSettled: Whether nothing that it depends on runs again.
    private static func earlierPreparation(
        _ place: GroupPlace,
        _ decision: ResumePlan.Decision,
        _ record: JSONText,
        _ earlier: EarlierRun,
        _ roster: TaskRoster,
        _ isSettled: Bool
    ) -> (Preparation?, TaskExpansion?) {
        switch decision {
        // It reacts to something else now.
        case .run(.dependencyRuns), .keep, .keepChanged, .keepFailure, .leaveOut: return (nil, nil)
        case .run, .enter: break
        }
        let task = earlier.job.tasks.values[place.definition]
        let preparation = Preparation(earlier: record, of: task, as: place.role, keepsValues: isSettled)
        guard place.role == .list, !place.isUnfolded else { return (preparation, nil) }
        guard preparation != nil || task.when?.isAsked(of: .list) != true, isSettled, let forEach = task.forEach,
            let group = earlier.groups[place.name], group.source == forEach.source,
            let items = try? ItemList.items(of: group.value, key: forEach.key)
        else { return (nil, nil) }
        let members = roster.expansion(of: place.definition, named: place.name, within: place.item, items)
        let resumed = resume(members, earlier, roster, isSettled: true)
        return (Preparation(.expand(resumed.plan), record: record), resumed)
    }

    /// Adds to the members of a group what an earlier run left of them.
    ///
    /// - Parameter group: The number of the group.
    package func resume(_ members: TaskExpansion, of group: Int, _ roster: TaskRoster) -> TaskExpansion {
        guard let earlier else { return members }
        var resumed = Self.resume(members, earlier, roster, isSettled: false)
        resumed.gone = earlier.itemsGone(from: roster.names[group], now: members.items)
        for (inner, list) in members.table.lists.sorted(by: { $0.key < $1.key }) {
            resumed.gone += earlier.itemsGone(from: members.names[inner], now: list)
        }
        return resumed
    }

    /// - Parameter isSettled: Whether nothing that the group depends on runs again.
    private static func resume(
        _ members: TaskExpansion,
        _ earlier: EarlierRun,
        _ roster: TaskRoster,
        isSettled: Bool
    ) -> TaskExpansion {
        guard let checkpoint = earlier.checkpoint else { return members }
        var members = members
        let table = members.table
        members.decisions = members.names.indices.map { member in
            guard !table.role(of: member).isGroup else { return .enter }
            return earlier.decision(table.names[member], table.definition(of: member), table.item(of: member))
        }
        members.plan.origins = members.decisions.map(\.origin)
        for (member, name) in members.names.enumerated() {
            guard let record = checkpoint.decisions[name] else { continue }
            let place = GroupPlace(member, in: table)
            let isSettled =
                isSettled
                && members.plan.graph.dependencies[member].allSatisfy { members.decisions.keeps($0, table) }
            let (preparation, inner) = earlierPreparation(
                place,
                members.decisions[member],
                record,
                earlier,
                roster,
                isSettled
            )
            if place.isLookedUp(earlier.job) {
                members.decided[member] = preparation
            } else {
                members.plan.preparations[member] = preparation
            }
            members.inner[member] = inner
        }
        return members
    }

    /// Everything that an earlier run decided and that still holds.
    package var allDecided: [Int: Preparation] { preparations.merging(decided) { first, _ in first } }

    /// What is stored before anything of the run happens.
    package var checkpoint: CheckpointContents { progress.contents(sharedDict: sharedDict) }
}
