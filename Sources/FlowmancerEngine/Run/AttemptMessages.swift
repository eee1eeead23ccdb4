import FlowmancerCore
import FlowmancerWire

/// What workers are told about the tasks of a job.
struct AttemptMessages {
    private let templates: [WireAttempt]
    private let isolations: [Isolation]
    /// The digest of every task's definition by name; for a task that is kept, of the one by which it completed.
    var fingerprints: [String: String]
    private let lastID = Counter()

    private final class Counter {
        var value: UInt64 = 0
    }

    /// Prepares the messages of a job, which was validated before.
    ///
    /// - Parameters:
    ///   - redactedJob: The job without its secrets, of which the digests are taken.
    ///   - restarted: The tasks whose ``FlowTask/onRestart()`` is called.
    init(
        _ job: JobDefinition,
        run: RunID,
        redactedJob: JobDefinition,
        catalog: TypeCatalog,
        restarted: Set<String>,
        isDebug: Bool
    ) throws {
        // Many tasks are of few types, and mangling is slow.
        var mangledNames: [ObjectIdentifier: String] = [:]
        templates = try job.tasks.map { name, task in
            let type = try task.type ?? catalog.task(named: task.variant).get()
            let mangledName = mangledNames[ObjectIdentifier(type)] ?? WorkerTypes.mangledName(of: type)
            mangledNames[ObjectIdentifier(type)] = mangledName
            return .with {
                $0.runID = run
                $0.mangledType = mangledName
                $0.parameters = WireValueMap(task.parameters)
                $0.jobName = job.configuration.name
                $0.taskName = name
                $0.variant = task.variant
                $0.dependsOn = task.dependencies
                $0.isRestart = restarted.contains(name)
                $0.isDebug = isDebug
                $0.mark = OutputMark.ownNumber
                $0.mergesOutput = task.mergesOutput ?? job.configuration.mergesOutput
            }
        }
        isolations = job.tasks.values.map { $0.isolation ?? job.configuration.isolation }
        fingerprints = Dictionary(uniqueKeysWithValues: redactedJob.tasks.map { ($0, $1.fingerprint) })
    }

    /// Whether an earlier run left the task as a failed one.
    func isRestart(_ task: Int) -> Bool { templates[task].isRestart }

    /// Returns a new attempt of a task.
    func assignment(_ task: Int, attempt: Int) -> Assignment {
        lastID.value += 1
        var message = templates[task]
        message.id = lastID.value
        message.number = UInt32(attempt)
        message.isLast = isolations[task] == .process
        return Assignment(task: task, attempt: attempt, isolation: isolations[task], message: message)
    }
}
