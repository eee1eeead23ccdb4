import FlowmancerCore
import FlowmancerWire
import OrderedCollections

/// What workers are told about the tasks of a job. Used on the event loop only.
final class AttemptMessages {
    private let job: JobDefinition
    private let tasks: RunTasks
    /// The kinds of the job's tasks; `nil` for one that stands for a job of its own.
    private let kinds: [TaskKind?]
    /// Which process each of them needs. A command has one of its own in any case, and nothing of it stays in the shim.
    private let isolations: [Isolation]
    /// What a worker of the program is told first.
    let run: WireRun
    /// What it is told about attempts of them; empty for what it does not execute.
    private let templates: [WireAttempt]
    private var restarted: Set<Int>
    /// Variables that all commands get, unless they change them themselves.
    private let environment: [String: String]
    /// What attempts of these tasks are told beside it; empty for most jobs.
    private var extras: [Int: AttemptExtras] = [:]
    private var lastID: UInt64 = 0

    /// Prepares the messages of a job, which was validated before.
    ///
    /// - Parameters:
    ///   - restarted: The tasks whose ``FlowTask/onRestart()`` is called.
    init(
        _ tasks: RunTasks,
        run: RunID,
        catalog: TypeCatalog,
        restarted: Set<Int>,
        isDebug: Bool
    ) throws {
        let roster = tasks.roster
        let job = roster.job
        self.job = job
        self.tasks = tasks
        self.restarted = restarted
        environment = [RunID.environmentVariable: run.description]
        self.run = .with {
            $0.id = run
            $0.jobName = job.configuration.name
            $0.isDebug = isDebug
            $0.mark = OutputMark.ownNumber
        }
        let kinds = try job.tasks.values.map { $0.subJob == nil ? try catalog.kind(of: $0).get() : nil }
        self.kinds = kinds
        isolations = zip(kinds, job.tasks.values).map { kind, task in
            kind?.runtime == .swift ? task.isolation ?? job.configuration.isolation : .pool
        }
        templates = job.tasks.enumerated().map { number, entry in
            let (name, task) = entry
            guard let kind = kinds[number], kind.runtime == .swift else { return WireAttempt() }
            return .with {
                $0.mangledType = kind.symbol
                if !roster.hasItem(number) { $0.parameters = WireValueMap(task.parameters) }
                $0.taskName = name
                $0.variant = task.variant
                if roster.isPlain { $0.dependsOn = roster.dependencyNames(of: number) }
                $0.mergesOutput = task.mergesOutput ?? job.configuration.mergesOutput
            }
        }
    }

    /// Takes in the members of a group that expanded.
    ///
    /// - Parameter first: The number of the first one.
    func add(_ members: TaskExpansion, from first: Int) {
        for (member, decision) in members.decisions.enumerated() where decision.isRestart {
            restarted.insert(first + member)
        }
    }

    private var roster: TaskRoster { _read { yield tasks.roster } }

    /// Whether there are tasks for workers of the program.
    var needProgram: Bool { kinds.contains { $0?.runtime == .swift } }

    /// The name of a task's type, with its module.
    func qualifiedType(of task: Int) -> String { kinds[roster.definition(of: task)]?.qualifiedName ?? "" }

    /// Returns a new attempt of a task.
    func assignment(_ task: Int, attempt: Int) -> Assignment {
        lastID += 1
        let definition = roster.definition(of: task)
        return Assignment(
            id: lastID,
            task: task,
            attempt: attempt,
            runtime: kinds[definition]?.runtime ?? .swift,
            isolation: isolations[definition],
            isRestart: restarted.contains(task)
        )
    }

    /// Returns what a worker of the program is told about an attempt.
    ///
    /// - Parameter writesToSecond: Whether the attempt writes to the second pair of pipes of the worker.
    func message(_ assignment: Assignment, writesToSecond: Bool) -> WireAttempt {
        let task = assignment.task
        var message = templates[roster.definition(of: task)]
        if !roster.isPlain {
            message.taskName = roster.names[task]
            message.dependsOn = roster.dependencyNames(of: task)
            if let parameters = roster.parameters(of: task) { message.parameters = WireValueMap(parameters) }
        }
        message.isRestart = assignment.isRestart
        message.id = assignment.id
        message.number = UInt32(assignment.attempt)
        message.isLast = assignment.isolation == .process
        message.writesToSecond = writesToSecond
        if let extras = extras(of: task) {
            message.extras.dependencies = (extras.dependencies ?? []).map(WireDependencyEnd.init)
            message.extras.resources = WireResourceGrant.list(extras.resources)
        }
        return message
    }

    /// Takes note of what the next attempt of a task is told beside its message.
    func set(_ extras: AttemptExtras, of task: Int) {
        if !extras.isEmpty { self.extras[task] = extras } else if !self.extras.isEmpty { self.extras[task] = nil }
    }

    /// Returns what attempts of a task are told beside their message.
    func extras(of task: Int) -> AttemptExtras? { extras.isEmpty ? nil : extras[task] }

    /// Returns an instance of a task that is a command, with its parameters. They were checked before the run began, so an
    /// issue means that the environment changed.
    func command(of task: Int, _ issues: inout [JobIssue]) -> (any CommandTask)? {
        let definition = roster.task(task)
        let name = job.tasks.keys[roster.definition(of: task)]
        guard let type = kinds[roster.definition(of: task)]?.type as? any CommandTask.Type else {
            let reason = "this program cannot make commands of tasks of the kind '\(definition.variant)'"
            issues.append(JobIssue(.rejectedValue(reason: reason), at: ParameterPath("tasks", name, "task")))
            return nil
        }
        let path = ParameterPath("tasks", name, "parameters")
        let command = ParameterBinder.make(type, from: parameters(of: task), at: path, issues: &issues)
        return issues.isEmpty ? command : nil
    }

    /// The parameters of a task as its attempts get them.
    func parameters(of task: Int) -> OrderedDictionary<String, ParameterValue> {
        roster.parameters(of: task) ?? roster.task(task).parameters
    }

    /// Returns the variables that an attempt of a command gets, unless it changes them itself.
    func environment(of task: Int) -> [String: String] {
        guard let extras = extras(of: task), !extras.resources.isEmpty else { return environment }
        return environment.merging(ResourceUnits.environment(extras.resources)) { _, units in units }
    }

    /// Whether standard error of a task is its standard output.
    func mergesOutput(_ task: Int) -> Bool { roster.task(task).mergesOutput ?? job.configuration.mergesOutput }
}
