import FlowmancerCore
import FlowmancerWire
import OrderedCollections

/// What workers are told about the tasks of a job. Used on the event loop only.
final class AttemptMessages {
    private let job: JobDefinition
    private let kinds: [TaskKind]
    /// Which process each task needs. A command has one of its own in any case, and nothing of it stays in the shim.
    private let isolations: [Isolation]
    /// What a worker of the program is told first.
    let run: WireRun
    /// What it is told about attempts; empty for tasks that it does not execute.
    private let templates: [WireAttempt]
    private let restarted: Set<Int>
    /// Variables that commands get, unless they change them themselves.
    let environment: [String: String]
    /// What attempts of these tasks are told beside it; empty for most jobs.
    private var extras: [Int: AttemptExtras] = [:]
    /// What the variables of a task stand for, once it was prepared; empty for most jobs.
    private var bindings: [Int: RunBindings] = [:]
    private var lastID: UInt64 = 0

    /// Prepares the messages of a job, which was validated before.
    ///
    /// - Parameters:
    ///   - graph: The graph of the job.
    ///   - restarted: The tasks whose ``FlowTask/onRestart()`` is called.
    init(
        _ job: JobDefinition,
        _ graph: TaskGraph,
        run: RunID,
        catalog: TypeCatalog,
        restarted: Set<Int>,
        isDebug: Bool
    ) throws {
        self.job = job
        self.restarted = restarted
        environment = [RunID.environmentVariable: run.description]
        self.run = .with {
            $0.id = run
            $0.jobName = job.configuration.name
            $0.isDebug = isDebug
            $0.mark = OutputMark.ownNumber
        }
        let kinds = try job.tasks.values.map { try catalog.kind(of: $0).get() }
        self.kinds = kinds
        isolations = zip(kinds, job.tasks.values).map { kind, task in
            kind.runtime == .swift ? task.isolation ?? job.configuration.isolation : .pool
        }
        templates = job.tasks.enumerated().map { number, entry in
            let (name, task) = entry
            guard kinds[number].runtime == .swift else { return WireAttempt() }
            return .with {
                $0.mangledType = kinds[number].symbol
                // Those that are known in the run only are made for every attempt.
                if !task.holdsTemplates { $0.parameters = WireValueMap(task.parameters) }
                $0.taskName = name
                $0.variant = task.variant
                $0.dependsOn = graph.dependencyNames(of: number, task)
                $0.isRestart = restarted.contains(number)
                $0.mergesOutput = task.mergesOutput ?? job.configuration.mergesOutput
            }
        }
    }

    /// Whether there are tasks for workers of the program.
    var needProgram: Bool { kinds.contains { $0.runtime == .swift } }

    /// Returns a new attempt of a task.
    func assignment(_ task: Int, attempt: Int) -> Assignment {
        lastID += 1
        return Assignment(
            id: lastID,
            task: task,
            attempt: attempt,
            runtime: kinds[task].runtime,
            isolation: isolations[task],
            isRestart: restarted.contains(task)
        )
    }

    /// Returns what a worker of the program is told about an attempt.
    ///
    /// - Parameter writesToSecond: Whether the attempt writes to the second pair of pipes of the worker.
    func message(_ assignment: Assignment, writesToSecond: Bool) -> WireAttempt {
        var message = templates[assignment.task]
        message.id = assignment.id
        message.number = UInt32(assignment.attempt)
        message.isLast = assignment.isolation == .process
        message.writesToSecond = writesToSecond
        if job.tasks.values[assignment.task].holdsTemplates {
            message.parameters = WireValueMap(parameters(of: assignment.task))
        }
        if let extras = extras(of: assignment.task) {
            message.extras.dependencies = extras.dependencies.map(WireDependencyEnd.init)
        }
        return message
    }

    /// Takes note of what the next attempts of a task are told beside their message.
    func set(_ extras: AttemptExtras, of task: Int) { self.extras[task] = extras }

    /// Returns what attempts of a task are told beside their message.
    func extras(of task: Int) -> AttemptExtras? { extras.isEmpty ? nil : extras[task] }

    /// Takes note of what the variables of a task stand for in its attempts.
    func bind(_ bindings: RunBindings, of task: Int) { self.bindings[task] = bindings }

    /// Forgets what the variables of a task stand for, which has ended: the values may be large.
    func release(_ task: Int) {
        if !bindings.isEmpty { bindings[task] = nil }
    }

    /// Returns the secrets among the parameters of a task that are known only since it was prepared.
    func secrets(of task: Int) -> Set<String> {
        guard job.tasks.values[task].holdsTemplates else { return [] }
        let kind = kinds[task].parameters
        // The values by themselves, and the texts that they are a part of.
        return JobSecrets.texts(of: kind, parameters(of: task))
            .union(JobSecrets.texts(of: kind, parameters(of: task, keepsVariables: true)))
    }

    /// Returns the parameters of a task, with the values that it was prepared with.
    ///
    /// - Parameter keepsVariables: Whether the values stay beside the variables.
    private func parameters(
        of task: Int,
        keepsVariables: Bool = false
    ) -> OrderedDictionary<String, ParameterValue> {
        let definition = job.tasks.values[task]
        guard definition.holdsTemplates else { return definition.parameters }
        let bindings = bindings[task] ?? RunBindings()
        var resolver = ValueResolver(keepsVariables: keepsVariables) { bindings.lookup($0) }
        // That nothing is missing was found out when the task was prepared.
        let values = try? resolver.resolve(definition.parameters, of: kinds[task].parameters.description)
        return values ?? definition.parameters
    }

    /// Returns an instance of a task that is a command, with its parameters. They were checked before the run began, so an
    /// issue means that the environment changed.
    func command(of task: Int, _ issues: inout [JobIssue]) -> (any CommandTask)? {
        let (name, definition) = job.tasks.elements[task]
        guard let type = kinds[task].type as? any CommandTask.Type else {
            let reason = "this program cannot make commands of tasks of the kind '\(definition.variant)'"
            issues.append(JobIssue(.rejectedValue(reason: reason), at: ParameterPath("tasks", name, "task")))
            return nil
        }
        let path = ParameterPath("tasks", name, "parameters")
        let command = ParameterBinder.make(type, from: parameters(of: task), at: path, issues: &issues)
        return issues.isEmpty ? command : nil
    }

    /// Whether standard error of a task is its standard output.
    func mergesOutput(_ task: Int) -> Bool { job.tasks.values[task].mergesOutput ?? job.configuration.mergesOutput }
}
