package import FlowmancerCore
package import FoundationEssentials
import Glibc

/// A run as checkpointers kept it in databases before there were histories, and what a history can tell of it.
///
/// Of each task, its last attempt is known. When a task ended that did not run is not: it counts as the beginning of the run
/// if it was completed before or was skipped, and otherwise as the end.
package struct FormerRun: Sendable {
    /// A task of the run.
    package struct Task: Sendable, Hashable {
        let name: String
        let state: ExecutionState
        /// The number of the last attempt; 0 if that is not known, or if there was none.
        let attempt: Int
        let startedAt: Date?
        let endedAt: Date?

        package init(name: String, state: ExecutionState, attempt: Int, startedAt: Date?, endedAt: Date?) {
            self.name = name
            self.state = state
            self.attempt = attempt
            self.startedAt = startedAt
            self.endedAt = endedAt
        }
    }

    package let record: RunRecord
    package let shape: RunShape
    package let events: [RecordedEvent]
    /// Whether it is on record that its process died.
    package let isInterrupted: Bool

    /// - Parameters:
    ///   - id: `nil` for a run of before runs had ids. It gets one of its time.
    ///   - process: The number of its process.
    ///   - outcome: The word for how it ended; `nil` if that is not on record.
    package init(
        id: RunID?,
        job: String,
        host: String,
        process: Int?,
        isRestart: Bool,
        startedAt: Date,
        endedAt: Date?,
        outcome: String?,
        tasks: [Task]
    ) {
        record = RunRecord(
            id: id ?? Self.id(startedAt),
            jobName: job,
            hostName: host,
            startedAt: startedAt,
            isRestart: isRestart
        )
        shape = RunShape(tasks: tasks.map { RecordedTask(name: $0.name) })
        let last = tasks.flatMap { [$0.startedAt, $0.endedAt] }.compactMap { $0 }.max()
        let end = endedAt ?? last ?? startedAt
        let changes = tasks.flatMap { Self.changes(of: $0, from: startedAt, to: end) }
        // What has the same time stays in its order.
        let ordered = changes.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        var events = ordered.enumerated().map { number, change in
            RecordedEvent(number: number + 1, time: change.element.time, change.element.change)
        }
        isInterrupted = outcome == RunState.interrupted.rawValue || outcome == nil && Self.isGone(process, of: host)
        if let outcome, !isInterrupted {
            let counts = tasks.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
            let conclusion = RunConclusion(state: RunState(rawValue: outcome), counts: counts)
            events.append(RecordedEvent(number: events.count + 1, time: end, conclusion))
        }
        self.events = events
    }

    /// Whether a process is certainly gone: its number alone may be that of another one by now.
    private static func isGone(_ process: Int?, of host: String) -> Bool {
        guard let process = process.flatMap(pid_t.init(exactly:)), host == ProcessInfo.processInfo.hostName else {
            return false
        }
        return kill(process, 0) != 0 && errno == ESRCH
    }

    private static func id(_ time: Date) -> RunID {
        var random = SystemRandomNumberGenerator()
        let milliseconds = UInt64(max(0, time.timeIntervalSince1970) * 1_000)
        return RunID(milliseconds: milliseconds, random: (random.next(), random.next()), after: .unknown)
    }

    private static func changes(
        of task: Task,
        from start: Date,
        to end: Date
    ) -> [(time: Date, change: StateChange)] {
        func change(_ from: ExecutionState, _ to: ExecutionState) -> StateChange {
            StateChange(task: task.name, attempt: task.attempt, from: from, to: to)
        }
        if task.attempt > 0, let startedAt = task.startedAt {
            let begin = (startedAt, change(.pending, .running))
            guard task.state != .running else { return [begin] }
            return [begin, (max(startedAt, task.endedAt ?? end), change(.running, task.state))]
        }
        guard task.state != .initial, task.state != .pending else { return [] }
        let isOfBefore = task.attempt == 0 && (task.state == .completed || task.state == .skipped)
        return [(isOfBefore ? start : task.endedAt ?? end, change(.pending, task.state))]
    }
}
