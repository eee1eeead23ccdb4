import FlowmancerCore
import FlowmancerWire

/// What workers are told about the tasks of a job.
struct AttemptMessages {
    private let templates: [WireAttempt]
    private let runtimes: [TaskRuntime]
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
        run: RunID,
        catalog: TypeCatalog,
        restarted: Set<Int>,
        isDebug: Bool
    ) throws {
        var runtimes: [TaskRuntime] = []
        templates = try job.tasks.enumerated().map { number, entry in
            let (name, task) = entry
            let kind = try catalog.kind(of: task).get()
            runtimes.append(kind.runtime)
            return .with {
                $0.runID = run
                $0.mangledType = kind.symbol
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
        self.runtimes = runtimes
        isolations = job.tasks.values.map { $0.isolation ?? job.configuration.isolation }
    }

    /// Returns a new attempt of a task.
    func assignment(_ task: Int, attempt: Int) -> Assignment {
        lastID.value += 1
        return Assignment(
            id: lastID.value,
            task: task,
            attempt: attempt,
            runtime: runtimes[task],
            isolation: isolations[task],
            isRestart: templates[task].isRestart
        )
    }

    /// Returns what a worker is told about an attempt.
    ///
    /// - Parameter writesToSecond: Whether the attempt writes to the second pair of pipes of the worker.
    func message(_ assignment: Assignment, writesToSecond: Bool) -> WireAttempt {
        var message = templates[assignment.task]
        message.id = assignment.id
        message.number = UInt32(assignment.attempt)
        message.isLast = assignment.isolation == .process
        message.writesToSecond = writesToSecond
        return message
    }
}
