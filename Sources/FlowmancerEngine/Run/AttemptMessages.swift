import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire
import OrderedCollections

/// What workers are told about the tasks of a job. Used on the event loop only.
final class AttemptMessages: AttemptBriefing {
    private let job: JobDefinition
    private let tasks: RunTasks
    /// The kinds of the job's tasks; `nil` for one that stands for a job of its own.
    private let kinds: [TaskKind?]
    /// Which process each of them needs. A command has one of its own in any case, and nothing of it stays in the shim.
    private let isolations: [Isolation]
    /// What a worker of the program is told first.
    let run: WireRun
    /// Which of them have parameters that are not known beforehand.
    private let openness: [Openness]
    /// What it is told about attempts of them; empty for what it does not execute.
    private let templates: [WireAttempt]
    private var restarted: Set<Int>

    /// What is not known of the parameters of a task beforehand.
    private enum Openness {
        case nothing
        case values
        /// Values, and there may be secrets among them.
        case secrets

        init(_ task: TaskDefinition, _ kind: TaskKind?) {
            self = !task.holdsTemplates ? .nothing : kind?.parameters.holdSecrets == true ? .secrets : .values
        }
    }

    /// Variables that all commands get, unless they change them themselves.
    private let environment: [String: String]
    /// What attempts of these tasks are told beside it; empty for most jobs.
    private var extras: [Int: AttemptExtras] = [:]
    /// What attempts of these tasks ask for, where that is known in the run only; empty for most jobs.
    private var requests: [Int: OrderedDictionary<String, ResourceRequest>] = [:]
    /// What the variables of a task stand for, once it was prepared; empty for most jobs.
    private var bindings: [Int: RunBindings] = [:]
    /// The names of what the last task depends on. Items of a group have the same ones.
    private var lastDependencies: (owner: Int, names: [String])?
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
        openness = zip(job.tasks.values, kinds).map(Openness.init)
        templates = job.tasks.enumerated().map { number, entry in
            let (name, task) = entry
            guard let kind = kinds[number], kind.runtime == .swift else { return WireAttempt() }
            return .with {
                $0.mangledType = kind.symbol
                // Those that are known in the run only are made for every attempt.
                if !task.holdsTemplates { $0.parameters = WireValueMap(task.parameters) }
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
    ///
    /// - Parameter counted: Its number among those that count.
    func assignment(_ task: Int, attempt: Int, counted: Int? = nil) -> Assignment {
        lastID += 1
        let definition = roster.definition(of: task)
        return Assignment(
            id: lastID,
            task: task,
            attempt: attempt,
            counted: counted ?? attempt,
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
            message.dependsOn = dependencyNames(of: task)
        }
        message.isRestart = assignment.isRestart
        message.id = assignment.id
        message.number = UInt32(assignment.attempt)
        message.isLast = assignment.isolation == .process
        message.writesToSecond = writesToSecond
        if openness[roster.definition(of: task)] != .nothing { message.parameters = WireValueMap(parameters(of: task)) }
        if let extras = extras(of: task) {
            message.extras.dependencies = (extras.dependencies ?? []).map(WireDependencyEnd.init)
            message.extras.resources = WireResourceGrant.list(extras.resources)
        }
        return message
    }

    private func dependencyNames(of task: Int) -> [String] {
        let owner = roster.role(of: task).isItem ? roster.group(of: task) ?? task : task
        if let lastDependencies, lastDependencies.owner == owner { return lastDependencies.names }
        let names = roster.dependencyNames(of: task)
        lastDependencies = (owner, names)
        return names
    }

    /// Takes note of what the next attempt of a task is told beside its message.
    func set(_ extras: AttemptExtras, of task: Int) {
        if !extras.isEmpty { self.extras[task] = extras } else if !self.extras.isEmpty { self.extras[task] = nil }
    }

    /// Returns what attempts of a task are told beside their message.
    func extras(of task: Int) -> AttemptExtras? { extras.isEmpty ? nil : extras[task] }

    /// Returns what an attempt needs of the machine on which it runs.
    func demand(of assignment: Assignment) -> NodeDemand {
        let requests = requests.isEmpty ? nil : requests[assignment.task]
        return NodeDemand(
            requests ?? roster.task(assignment.task).resources,
            besides: job.configuration.resources,
            attempt: assignment.counted
        )
    }

    /// Takes note of what was found out about the attempts of a task: what its variables stand for, and what they ask for.
    func take(_ preparation: Preparation, of task: Int) {
        if let bindings = preparation.bindings { self.bindings[task] = bindings }
        if let requests = preparation.resources { self.requests[task] = requests }
    }

    /// Forgets what the variables of a task stand for, which has ended: the values may be large.
    func release(_ task: Int) {
        if !bindings.isEmpty { bindings[task] = nil }
    }

    /// Returns the secrets among the parameters of a task that are known only since it was prepared.
    func secrets(of task: Int) -> Set<String> {
        let definition = roster.definition(of: task)
        guard openness[definition] == .secrets, let kind = kinds[definition]?.parameters else { return [] }
        // The values by themselves, and the texts that they are a part of.
        return JobSecrets.texts(of: kind, parameters(of: task))
            .union(JobSecrets.texts(of: kind, parameters(of: task, keepsVariables: true)))
    }

    /// Returns the parameters of a task, with the values that it was prepared with, and its item.
    ///
    /// - Parameters:
    ///   - bindings: The values, if nothing acts on them yet.
    ///   - keepsVariables: Whether the values stay beside the variables.
    func parameters(
        of task: Int,
        bindings: RunBindings? = nil,
        keepsVariables: Bool = false
    ) -> OrderedDictionary<String, ParameterValue> {
        roster.parameters(
            of: task,
            bindings ?? self.bindings[task] ?? RunBindings(),
            types: kinds[roster.definition(of: task)]?.parameters.description,
            keepsVariables: keepsVariables
        )
    }

    /// Returns an instance of a task that is a command, with its parameters. They were checked before the run began, so an
    /// issue means that the environment changed.
    func command(of task: Int, _ issues: inout [JobIssue]) -> (any CommandWork)? {
        let definition = roster.task(task)
        let name = job.tasks.keys[roster.definition(of: task)]
        guard let type = kinds[roster.definition(of: task)]?.type as? any CommandTask.Type else {
            let reason = "this program cannot make commands of tasks of the kind '\(definition.variant)'"
            issues.append(JobIssue(.rejectedValue(reason: reason), at: ParameterPath("tasks", name, "task")))
            return nil
        }
        let path = ParameterPath("tasks", name, "parameters")
        let values = parameters(of: task)
        let command = ParameterBinder.make(type, from: values, at: path, issues: &issues)
        // A value that is missing would be a trap of whoever reads it.
        issues += ParameterValue.object(values).issuesOfVariables(at: path)
        return issues.isEmpty ? command : nil
    }

    func judge(
        _ end: CommandOutcome,
        _ published: CommandReport.Outputs,
        of task: any CommandWork,
        attempt: UInt64
    ) -> CommandVerdict {
        CommandVerdict(on: end, published, of: task)
    }

    /// Returns the variables that an attempt of a command gets, unless it changes them itself.
    func environment(of task: Int) -> [String: String] {
        guard let extras = extras(of: task), !extras.resources.isEmpty else { return environment }
        return environment.merging(ResourceUnits.environment(extras.resources)) { _, units in units }
    }

    /// Whether standard error of a task is its standard output.
    func mergesOutput(_ task: Int) -> Bool { roster.task(task).mergesOutput ?? job.configuration.mergesOutput }
}
