extension NodeTraits {
    /// What traits depend on.
    struct Key: Hashable {
        let definition: Int32
        let role: TaskRoster.Role
    }

    /// Those of a task of a job, or of a group that it is.
    ///
    /// - Parameters:
    ///   - timeout: The time limit of attempts of a task that has none of its own.
    ///   - demand: What attempts of the task ask for.
    ///   - runsElsewhere: Whether they run on other machines than the one that runs the engine.
    init(
        _ task: TaskDefinition,
        as role: TaskRoster.Role,
        defaultTimeout timeout: TimeLimit,
        demand: ResourceDemand,
        runsElsewhere: Bool,
        priority: Int
    ) {
        self.init(allowsFailure: task.allowsFailure, priority: priority)
        // An item goes on when its group does.
        if !role.isItem { rule = task.runIf }
        switch role {
        case .task, .item:
            self.demand = demand
            self.runsElsewhere = runsElsewhere
            policy = RetryPolicy(
                maxAttempts: task.maxAttempts,
                maxLosses: task.lostAttempts,
                backoff: task.backoff,
                causes: task.retryOn,
                timeout: task.timeout ?? timeout
            )
        case .list:
            group = GroupTraits(
                .items,
                concurrency: task.forEach?.maxConcurrency.map { task.subJob == nil ? .attempts($0) : .members($0) },
                maxFailures: task.forEach?.maxFailures
            )
        case .job, .itemJob:
            group = GroupTraits(.job)
        }
        isPrepared = task.isPrepared(as: role)
    }
}

extension TaskDefinition {
    /// Whether it has to be found out in the run what becomes of the task.
    func isPrepared(as role: TaskRoster.Role) -> Bool {
        if let when, when.isAsked(of: role) { return true }
        return switch role {
        case .task, .item:
            reuse != nil || hasOpenResources || timeout?.template != nil || !boundReferences.isEmpty
        case .list: forEach?.items.isOpen == true
        case .job, .itemJob: false
        }
    }

    /// The fields that an item has to have for the task to run: they have no defaults.
    var neededFields: Set<String> {
        guard holdsTemplates || timeout?.template != nil || hasOpenResources else { return [] }
        var fields: Set<String> = []
        forEachTemplate(at: ParameterPath()) { template, _ in
            for reference in template.references where reference.kind == .item && reference.defaultValue == nil {
                fields.insert(reference.name)
            }
        }
        fields.remove("")
        return fields
    }
}
