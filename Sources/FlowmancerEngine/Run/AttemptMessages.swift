import FlowmancerCore
import FlowmancerWire

/// What workers are told about the tasks of a job.
struct AttemptMessages {
    private let templates: [WireAttempt]
    private let isolations: [Isolation]
    private let lastID = Counter()

    private final class Counter {
        var value: UInt64 = 0
    }

    /// Prepares the messages of a job, which was validated before.
    ///
    /// - Parameters:
    ///   - restarted: The tasks whose ``FlowTask/onRestart()`` is called.
    init(
        _ job: JobDefinition,
        catalog: TypeCatalog,
        restarted: Set<Int>,
        isDebug: Bool
    ) throws {
        templates = try job.tasks.enumerated().map { number, entry in
            let (name, task) = entry
            let symbol = try catalog.kind(of: task).get().symbol
            return .with {
                $0.mangledType = symbol
                $0.parameters = WireValueMap(task.parameters)
                $0.jobName = job.configuration.name
                $0.taskName = name
                $0.variant = task.variant
                $0.dependsOn = task.dependencies
                $0.isRestart = restarted.contains(number)
                $0.isDebug = isDebug
                $0.mark = OutputMark.ownNumber
                $0.mergesOutput = task.mergesOutput ?? job.configuration.mergesOutput
            }
        }
        isolations = job.tasks.values.map { $0.isolation ?? job.configuration.isolation }
    }

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
