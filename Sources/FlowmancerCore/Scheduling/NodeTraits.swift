/// What the scheduler has to know of a task or group. Many nodes share one value: see ``TraitsTable``.
package struct NodeTraits: Sendable, Hashable {
    package var rule: TriggerRule
    package var policy: RetryPolicy
    /// Whether the node's own failure does not make the job a failed one.
    package var allowsFailure: Bool
    /// The resources that its attempts ask for.
    package var demand: ResourceDemand
    /// Whether its attempts run on other machines than the one that runs the engine.
    package var runsElsewhere = false
    /// A node with a higher one starts first.
    package var priority: Int
    /// Whether ``SchedulerAction/prepare(_:)`` asks what is to be done, once the rule is met.
    package var isPrepared: Bool
    /// What holds for its members, if it is a group.
    package var group: GroupTraits?

    package init(
        rule: TriggerRule = .allCompleted,
        policy: RetryPolicy = RetryPolicy(),
        allowsFailure: Bool = false,
        demand: ResourceDemand = ResourceDemand(),
        priority: Int = 0,
        isPrepared: Bool = false,
        group: GroupTraits? = nil
    ) {
        self.rule = rule
        self.policy = policy
        self.allowsFailure = allowsFailure
        self.demand = demand
        self.priority = priority
        self.isPrepared = isPrepared
        self.group = group
    }
}

/// What holds for the members of a group.
package struct GroupTraits: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The members are the items of a list. Their votes are those of the group.
        case items
        /// The members are the tasks of another job. The group has one vote, that of the job.
        case job
    }

    package enum Concurrency: Sendable, Hashable {
        /// So many attempts of members, and of their members, may run.
        case attempts(Int)
        /// So many members may be under way. One that has begun ends before another begins in its place.
        case members(Int)
    }

    package var kind: Kind
    /// What may be under way at once; `nil` for no limit of the group.
    package var concurrency: Concurrency?
    /// After this many failed tasks, only those start that react to failures.
    package var maxFailures: Int?

    package init(_ kind: Kind, concurrency: Concurrency? = nil, maxFailures: Int? = nil) {
        self.kind = kind
        self.concurrency = concurrency
        self.maxFailures = maxFailures
    }
}
