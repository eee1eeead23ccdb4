package import FlowmancerCore
package import struct FoundationEssentials.Date

/// The trace of a run, fed by its events: a span for the run, and in it one for every attempt. A pure value.
package struct RunTrace: Sendable {
    package let id: TraceID
    private let run: RunInfo
    private let graph: TaskGraph
    private let runSpan: Span.ID
    private let nextID: @Sendable () -> UInt64
    /// The attempts that run.
    private var running: [String: (id: Span.ID, start: Date)] = [:]
    /// The spans in which tasks completed.
    private var completed: [String: Span.ID] = [:]

    /// - Parameter nextID: Returns random numbers.
    package init(_ run: RunInfo, nextID: @escaping @Sendable () -> UInt64) {
        self.run = run
        graph = TaskGraph(run.job)
        self.nextID = nextID
        id = TraceID(high: nextID(), low: nextID())
        runSpan = Span.ID(nextID())
    }

    /// Takes over a change of state.
    ///
    /// - Returns: The span of the attempt that ended with it.
    package mutating func apply(_ event: ExecutionEvent) -> Span? {
        if event.to == .running { running[event.taskName] = (Span.ID(nextID()), event.timestamp) }
        guard event.from == .running, let attempt = running.removeValue(forKey: event.taskName) else { return nil }
        if event.to == .completed { completed[event.taskName] = attempt.id }
        let task = run.job.tasks[event.taskName]
        var attributes: [(String, Span.Value)] = [
            ("flowmancer.job", .text(event.jobName)),
            ("flowmancer.run.id", .text("\(run.id)")),
            ("flowmancer.task", .text(event.taskName)),
            ("flowmancer.task.type", .text(task?.variant ?? "")),
            ("flowmancer.attempt", .number(event.attempt)),
            ("flowmancer.max_attempts", .number(task?.maxAttempts ?? 1)),
        ]
        if event.isAllowedFailure { attributes.append(("flowmancer.allowed_failure", .flag(true))) }
        return Span(
            id: attempt.id,
            parent: runSpan,
            // Dependencies that an earlier run completed, or that were left out, have no span here.
            links: dependencies(of: event.taskName).compactMap { completed[$0] },
            name: event.taskName,
            start: attempt.start,
            end: max(attempt.start, event.timestamp),
            attributes: attributes,
            status: Self.status(after: event.to)
        )
    }

    /// Ends the trace.
    ///
    /// - Returns: The span of the run.
    package func finish(at date: Date, _ status: Span.Status) -> Span {
        Span(
            id: runSpan,
            name: run.job.configuration.name,
            start: run.startedAt,
            end: max(run.startedAt, date),
            attributes: [
                ("flowmancer.job", .text(run.job.configuration.name)),
                ("flowmancer.run.id", .text("\(run.id)")),
                ("flowmancer.tasks", .number(run.job.tasks.count)),
                ("flowmancer.restart", .flag(run.isRestart)),
            ],
            status: status
        )
    }

    private static func status(after state: ExecutionState) -> Span.Status {
        switch state {
        case .completed: .success
        case .pending: .failure("the attempt failed and is repeated")
        case .aborted: .failure("the attempt was aborted")
        default: .failure("the attempt failed")
        }
    }

    private func dependencies(of task: String) -> [String] {
        guard let number = run.job.tasks.index(forKey: task) else { return [] }
        return graph.dependencies[number].map { graph.names[$0] }
    }
}
