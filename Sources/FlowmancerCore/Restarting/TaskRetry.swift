package import OrderedCollections

/// What is on record of a run, for who runs one of its tasks again.
package struct PastRun: Sendable {
    package let digest: RunDigest
    /// What tasks published, by their names; also those that completed in an earlier run, which this one continued.
    package var outputs: [String: OrderedDictionary<String, JSONText>] = [:]
    /// The shared dictionary as the run left it; `nil` if that is not on record.
    package var sharedDict: [String: JSONText]?

    package init(_ digest: RunDigest) {
        self.digest = digest
        add(digest)
    }

    /// Adds what tasks published in a run that this one continues, directly or not. Add the nearest one first.
    package mutating func add(_ digest: RunDigest) {
        for node in digest.nodes.indices where !digest.tasks[node].outputs.isEmpty {
            let name = digest.nodes[node].name
            if outputs[name] == nil { outputs[name] = digest.tasks[node].outputs }
        }
    }

    fileprivate func state(of name: String) -> ExecutionState {
        digest.nodes.find(name).map(digest.state) ?? .initial
    }

    fileprivate func published(by name: String) -> JSONText? {
        outputs[name].map { values in
            ParameterValue.object(values.mapValues { ParameterValue(json: $0) ?? .null }).json
        }
    }
}

/// A task of a past run as a job of its own, which runs it again with the parameters and values that the run recorded.
///
/// A pure value. The job has the one task and no other, so nothing else can run, and nothing decides that it does not: no
/// dependency, condition or record of what is up to date. It keeps no progress.
package struct TaskRetry: Sendable {
    /// The job. What is not on record is as in the present job: plug-ins, settings, time limits, secrets.
    package let job: JobDefinition
    /// Whether the task is another one in the present job: what was recorded is used.
    package let isChanged: Bool
    /// Whether the task has secrets, which are those of the present job.
    package let takesSecrets: Bool

    /// The checkpointer that keeps nothing.
    package static let checkpointer = "FlowmancerPlugins.NoCheckpointer"

    /// - Parameters:
    ///   - name: The name of the task in the run: `load[eu]`, `publish/build`.
    ///   - job: The present job.
    ///   - mask: Masks its secrets in a text.
    package init(
        of name: String,
        in past: PastRun,
        _ job: JobDefinition,
        catalog: TypeCatalog,
        mask: (String) -> String = { $0 }
    ) throws(RetryError) {
        let nodes = past.digest.nodes
        guard let node = nodes.find(name) else { throw RetryError(name, .unknownTask(nodes.nearest(to: name))) }
        guard !nodes[node].isGroup else { throw RetryError(name, .group(nodes.members(of: node))) }
        guard let position = nodes[node].task else { throw RetryError(name, .noDefinition) }
        let recorded = nodes.shape.tasks[position]
        guard var task = job.tasks[recorded.name], task.subJob == nil else {
            throw RetryError(name, .goneTask(recorded.name))
        }
        let redacted = JobSecrets(job, catalog: catalog).redactedJob.tasks[recorded.name] ?? task
        let before = RecordedParameters(recorded.parameters)
        let shown = RecordedParameters(RunShape.parameters(of: redacted, mask))
        isChanged = before != shown || recorded.type != task.variant
        takesSecrets = before.haveSecrets
        do throws(RecordedParameters.Missing) {
            task.parameters = try before.restored(shown, present: task.parameters)
        } catch {
            throw RetryError(name, .secret(error.path))
        }
        task.variant = recorded.type
        var present = job
        present.tasks[recorded.name] = task
        var values = PastRunValues(past, present)
        let single = try values.single(task, named: name, of: recorded.name, catalog)
        present.tasks = [name: single]
        present.checkpointer = PluginDefinition(Self.checkpointer)
        self.job = present
    }
}

/// Looks up what the variables of a task stood for in a past run.
private struct PastRunValues {
    private let past: PastRun
    private var roster: TaskRoster
    private var values = RunValues()

    init(_ past: PastRun, _ job: JobDefinition) {
        self.past = past
        roster = TaskRoster(job)
    }

    /// Returns a task without what connects it with others.
    mutating func single(
        _ task: TaskDefinition,
        named name: String,
        of definition: String,
        _ catalog: TypeCatalog
    ) throws(RetryError) -> TaskDefinition {
        let node = try node(named: name)
        let kind = try? catalog.kind(of: task).get().parameters
        var single = task
        (single.dependencies, single.runIf, single.when) = ([], .allCompleted, nil)
        (single.forEach, single.parent, single.reuse, single.allowsFailure) = (nil, nil, nil, false)
        guard let binding = TaskBinding(definition, task, kind) else { return single }
        try unfoldSources(binding.references, of: node, for: name)
        for reference in binding.references { try check(reference, of: node, for: name) }
        var record = PreparationRecord()
        let preparation = binding.prepare(&record) { lookup($0, of: node) }
        guard preparation.decision == .run else { throw RetryError(name, .value(preparation.reason ?? "")) }
        let bindings = preparation.bindings ?? RunBindings()
        single.parameters = roster.parameters(of: node, bindings, types: kind?.description)
        if let timeout = preparation.timeout { single.timeout = timeout }
        if let resources = preparation.resources { single.resources = resources }
        return single
    }

    private mutating func lookup(_ reference: ExpressionReference, of node: Int) -> ExpressionLookup {
        let (names, past) = (roster.names, past)
        let moment = RunValues.Moment(
            state: { past.state(of: names[$0]) },
            outputs: { past.published(by: names[$0]) },
            shared: { past.sharedDict?[$0] }
        )
        return values.lookup(reference, of: node, in: roster, at: moment)
    }

    /// A default would do where a value is missing, but not where the value is only not on record.
    private mutating func check(_ reference: ExpressionReference, of node: Int, for name: String) throws(RetryError) {
        if reference.kind == .shared, past.sharedDict == nil { throw RetryError(name, .sharedDict(reference.label)) }
        guard reference.kind == .output, case .value(let value) = lookup(reference, of: node) else { return }
        if value.json.rawValue.contains(SecretText.mask) { throw RetryError(name, .maskedValue(reference.label)) }
    }

    // MARK: Groups whose items became known in the run

    /// Returns the number of a task, once the groups around it have their members.
    private mutating func node(named name: String) throws(RetryError) -> Int {
        while true {
            let names = roster.names
            if let node = names.firstIndex(of: name) { return node }
            let around = MemberName.groups(from: MemberName.group(around: name))
            guard let group = around.compactMap({ names.firstIndex(of: $0) }).first,
                roster.role(of: group) == .list, !roster.isUnfolded(group)
            else { throw RetryError(name, .goneItem) }
            try unfold(group, for: name)
        }
    }

    private mutating func unfold(_ group: Int, for name: String) throws(RetryError) {
        var references: [ExpressionReference] = []
        roster.task(group).forEach?.items.forEachReference { references.append($0) }
        try unfoldSources(references, of: group, for: name)
        for reference in references { try check(reference, of: group, for: name) }
        switch items(of: group) {
        case .success(let items): roster.append(roster.expansion(of: group, items: items), to: group)
        case .failure(let failure): throw RetryError(name, .items(of: roster.names[group], failure.reason))
        }
    }

    private func items(of group: Int) -> Result<ItemList, MissingItems> {
        var values = self
        return roster.findItems(of: group) { values.lookup($0, of: group) }.map(\.items)
    }

    /// What a group published is a list of what its members did: they have to be known.
    private mutating func unfoldSources(
        _ references: [ExpressionReference],
        of node: Int,
        for name: String
    ) throws(RetryError) {
        for reference in references where reference.kind == .output {
            guard let source = roster.source(of: reference, for: node)?.node else { continue }
            while let group = roster.contents(of: source).first(where: {
                roster.role(of: $0) == .list && !roster.isUnfolded($0)
            }) { try unfold(group, for: name) }
        }
    }
}

extension RunNodes {
    fileprivate func nearest(to name: String) -> String? { name.nearest(among: indices.lazy.map { self[$0].name }) }

    fileprivate func members(of group: Int) -> [String] {
        indices.filter { self[$0].group == group }.map { self[$0].name }
    }
}
