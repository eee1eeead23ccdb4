public import OrderedCollections

/// A task of a job: its type, its dependencies and its settings.
public struct TaskDefinition: Sendable, Hashable {
    /// The name of the type, as the job file gives it: `WaitAndSucceed`, or `Module.WaitAndSucceed`.
    public var variant: String
    /// The names of the tasks that must end first, as ``runIf`` says.
    public var dependencies: [String] = []
    /// How the dependencies have to end for the task to run.
    public var runIf = TriggerRule.allCompleted
    /// Whether the job succeeds even if the task fails. A task that is not run because a dependency failed still counts as a
    /// failure of the job.
    public var allowsFailure = false
    /// The condition on which the task runs, once its dependencies have ended; `nil` if it runs in any case.
    public var when: TaskCondition? {
        get { rare?.when }
        set { changeRare(isUnset: newValue == nil) { $0.when = newValue } }
    }
    /// The items for each of which the task runs; `nil` for a task that runs once.
    public var forEach: ForEach? {
        get { rare?.forEach }
        set { changeRare(isUnset: newValue == nil) { $0.forEach = newValue } }
    }
    /// What the task has if it stands for a job of its own. It has no type then, and no settings of attempts.
    public var subJob: SubJob? {
        get { rare?.subJob }
        set { changeRare(isUnset: newValue == nil) { $0.subJob = newValue } }
    }
    /// The full name of the task that stands for the job which this task belongs to; `nil` for a task of the job itself.
    public var parent: String? {
        get { rare?.parent }
        set { changeRare(isUnset: newValue == nil) { $0.parent = newValue } }
    }
    /// When the task need not run again; `nil` if it always runs.
    public var reuse: Reuse? {
        get { rare?.reuse }
        set { changeRare(isUnset: newValue == nil) { $0.reuse = newValue } }
    }
    /// The maximum number of attempts; at least 1.
    public var maxAttempts = 1
    /// The pauses between attempts.
    public var backoff: Backoff {
        get { rare?.backoff ?? Backoff() }
        set { changeRare(isUnset: newValue == Backoff()) { $0.backoff = newValue } }
    }
    /// How many attempts may be lost because their machine was, without counting as attempts. One that is lost after them
    /// counts as a crash.
    public var lostAttempts: Int {
        get { rare?.lostAttempts ?? RetryPolicy.usualLosses }
        set { changeRare(isUnset: newValue == RetryPolicy.usualLosses) { $0.lostAttempts = newValue } }
    }
    /// The name of the executor on which the task runs; `nil` for the one of the job.
    public var executor: String? {
        get { rare?.executor }
        set { changeRare(isUnset: newValue == nil) { $0.executor = newValue } }
    }
    /// The failures after which the task has another attempt; `nil` for all. A ``PermanentFailure`` is always the last one.
    public var retryOn: [RetryCause]? {
        get { rare?.retryOn }
        set { changeRare(isUnset: newValue == nil) { $0.retryOn = newValue } }
    }
    /// The time limit of an attempt; `nil` for the job's default.
    public var timeout: TimeLimit? {
        get { rare?.timeout }
        set { changeRare(isUnset: newValue == nil) { $0.timeout = newValue } }
    }
    /// The process that the task runs in; `nil` for the job's default.
    public var isolation: Isolation?
    /// Whether standard error is written to the same pipe as standard output, so that their lines keep their order, as
    /// severity ``Severity/info``; `nil` for the job's default.
    public var mergesOutput: Bool?
    /// Whether a value of the parameters is known in the run only. It stands here since there is room for it.
    package private(set) var holdsTemplates: Bool
    /// The values of the type's parameters.
    public var parameters: OrderedDictionary<String, ParameterValue> {
        didSet { holdsTemplates = parameters.values.contains(where: \.isOpen) }
    }

    /// What the attempts of the task ask for, by the names of resources. An attempt starts when all of it is free, and has it
    /// until it ends.
    ///
    /// ```swift
    /// job.tasks["load"]?.resources = ["db": 1, "memory": [2 << 30, 4 << 30]]
    /// ```
    public var resources: OrderedDictionary<String, ResourceRequest> {
        get { rare?.resources ?? [:] }
        set { changeRare(isUnset: newValue.isEmpty) { $0.resources = newValue } }
    }
    /// Of the tasks that are ready, those of a higher priority start first. `nil` for the priority of the task that stands
    /// for the job around this one, and 0 for a task of the job itself.
    public var priority: Int? {
        get { rare?.priority }
        set { changeRare(isUnset: newValue == nil) { $0.priority = newValue } }
    }

    /// What few tasks have.
    @Boxed private var rare: RareSettings?
    /// The kind of a task that was built in code; others are looked up by name.
    @Uncompared package private(set) var kind: TaskKind?

    /// Creates a definition from the name of a type.
    public init(_ variant: String, parameters: OrderedDictionary<String, ParameterValue> = [:]) {
        self.variant = variant
        self.parameters = parameters
        holdsTemplates = parameters.values.contains(where: \.isOpen)
    }

    /// Creates a definition from a type.
    public init(_ type: any FlowTask.Type, parameters: OrderedDictionary<String, ParameterValue> = [:]) {
        let kind = TaskKind.of(type)
        self.init(kind.qualifiedName, parameters: parameters)
        self.kind = kind
    }

    /// Whether the task has any of the settings that only few tasks have.
    package var hasRareSettings: Bool { !_rare.isEmpty }

    /// Whether some of ``resources`` is known in the run only.
    var hasOpenResources: Bool { rare?.resources.values.contains { $0.open != nil } == true }

    /// - Parameter isUnset: Whether the setting gets the value that it has in most tasks.
    private mutating func changeRare(isUnset: Bool, _ change: (inout RareSettings) -> Void) {
        if isUnset, !hasRareSettings { return }
        _rare.update(startingWith: RareSettings(), change)
        // Equal tasks have equal boxes.
        if isUnset, rare == RareSettings() { rare = nil }
    }
}

/// What few tasks have: it is kept out of line, since a job may have a million tasks.
private struct RareSettings: Sendable, Hashable {
    var when: TaskCondition?
    var forEach: ForEach?
    var subJob: SubJob?
    var parent: String?
    var reuse: Reuse?
    var backoff = Backoff()
    var lostAttempts = RetryPolicy.usualLosses
    var executor: String?
    var retryOn: [RetryCause]?
    var timeout: TimeLimit?
    var resources: OrderedDictionary<String, ResourceRequest> = [:]
    var priority: Int?
}
