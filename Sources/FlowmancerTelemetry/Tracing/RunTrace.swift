package import FlowmancerCore
package import struct FoundationEssentials.Date

/// The trace of a run, fed by its events: a span for the run, and in it one for every attempt. A pure value.
package struct RunTrace: Sendable {
    package let id: TraceID
    private let run: RunInfo
    private let graph: TaskGraph
    private let runSpan: Span.ID
    private let nextID: @Sendable () -> UInt64
    /// How many tasks there are, as far as is known: those of groups are counted when they are there.
    private var tasks: (known: Int, seen: Int)
    /// The attempts that run.
    private var running: [String: (id: Span.ID, start: Date)] = [:]
    /// The spans in which tasks completed; of a group, the last one.
    private var completed: [String: Span.ID] = [:]

    /// - Parameter nextID: Returns random numbers.
    package init(_ run: RunInfo, nextID: @escaping @Sendable () -> UInt64) {
        self.run = run
        graph = TaskGraph(run.job)
        // What stands for several tasks is none itself.
        tasks = (run.job.tasks.values.count { $0.forEach == nil && $0.subJob == nil }, 0)
        self.nextID = nextID
        id = TraceID(high: nextID(), low: nextID())
        runSpan = Span.ID(nextID())
    }

    /// Takes over a change of state.
    ///
    /// - Returns: The span of the attempt that ended with it.
    package mutating func apply(_ event: ExecutionEvent) -> Span? {
        if event.from == .initial { tasks.seen += 1 }
        if event.to == .running { running[event.taskName] = (Span.ID(nextID()), event.timestamp) }
        guard event.from == .running, let attempt = running.removeValue(forKey: event.taskName) else { return nil }
        if event.to == .completed {
            completed[event.taskName] = attempt.id
            for group in MemberName.groups(from: event.groupName) { completed[group] = attempt.id }
        }
        let task = run.job.tasks[MemberName.definition(of: event.taskName, in: event.groupName)]
        var attributes: [(String, Span.Value)] = [
            ("flowmancer.job", .text(event.jobName)),
            ("flowmancer.run.id", .text("\(run.id)")),
            ("flowmancer.task", .text(event.taskName)),
            ("flowmancer.task.type", .text(task?.variant ?? "")),
            ("flowmancer.attempt", .number(event.attempt)),
            ("flowmancer.max_attempts", .number(task?.maxAttempts ?? 1)),
        ]
        if let group = event.groupName { attributes.append(("flowmancer.group", .text(group))) }
        if event.isAllowedFailure { attributes.append(("flowmancer.allowed_failure", .flag(true))) }
        return Span(
            id: attempt.id,
            parent: runSpan,
            // Dependencies that an earlier run completed, or that were left out, have no span here.
            links: dependencies(of: event).compactMap { completed[$0] },
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
                ("flowmancer.tasks", .number(max(tasks.known, tasks.seen))),
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

    /// The names that the dependencies of a task have in the run.
    private func dependencies(of event: ExecutionEvent) -> [String] {
        let definition = MemberName.definition(of: event.taskName, in: event.groupName)
        guard let number = run.job.tasks.index(forKey: definition) else { return [] }
        let names = graph.dependencies[number].map { graph.names[$0] }
        guard let parent = run.job.tasks.values[number].parent else { return names }
        // A task of a job within the job waits for those of the same item.
        let own = MemberName.groups(from: event.groupName).first { MemberName.definition(of: $0, in: $0) == parent }
        guard let own, own != parent else { return names }
        return names.map { $0.hasPrefix("\(parent)/") ? own + $0.dropFirst(parent.count) : $0 }
    }
}
