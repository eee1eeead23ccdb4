package import FlowmancerCore
package import struct FoundationEssentials.Date

/// What a run came to, as far as people are told: fed by its events. A pure value.
package struct RunSummary: Sendable {
    /// A task that failed for good.
    package struct Failure: Sendable, Hashable {
        package var task: String
        /// The number of the last attempt.
        package var attempt: Int
        package var log: LogTail
    }

    /// Of how many failed tasks the logs are kept.
    package static let keptFailures = 20

    package let runID: RunID
    package let jobName: String
    package let hostName: String
    package let startedAt: Date
    package let isRestart: Bool
    package let resumeCommand: String?
    /// How many tasks the job has.
    package let taskCount: Int
    /// The first tasks that failed, in the order in which they did.
    package private(set) var failures: [Failure] = []
    /// The first tasks that failed as they may.
    package private(set) var allowedFailures: [String] = []
    /// How many tasks failed as they may; ``count(_:)`` does not count them as failed.
    package private(set) var allowedCount = 0
    private var counts: [ExecutionState: Int] = [:]
    /// What the tasks wrote that may yet fail.
    private var logs: [String: LogTail] = [:]

    package init(_ run: RunInfo) {
        runID = run.id
        jobName = run.job.configuration.name
        hostName = run.hostName
        startedAt = run.startedAt
        isRestart = run.isRestart
        resumeCommand = run.resumeCommand
        taskCount = run.job.tasks.count
    }

    /// How many tasks are in a final state; of the failed ones, those that should not have failed.
    package func count(_ state: ExecutionState) -> Int { (counts[state] ?? 0) - (state == .failed ? allowedCount : 0) }

    /// Takes over what a task wrote.
    package mutating func apply(_ event: TaskLogEvent) {
        switch event.kind {
        case .start: logs[event.taskName] = LogTail()
        case .line: logs[event.taskName, default: LogTail()].append(event.message)
        default: break
        }
    }

    /// Takes over a change of state.
    package mutating func apply(_ event: ExecutionEvent) {
        guard event.to.isFinal else { return }
        counts[event.to, default: 0] += 1
        let log = logs.removeValue(forKey: event.taskName)
        if event.isAllowedFailure {
            allowedCount += 1
            if allowedFailures.count < Self.keptFailures { allowedFailures.append(event.taskName) }
            return
        }
        guard event.to == .failed, failures.count < Self.keptFailures else { return }
        var tail = log ?? LogTail()
        // A task that failed without an attempt has written nothing.
        if event.attempt == 0, let reason = event.reason { tail.append(reason) }
        failures.append(Failure(task: event.taskName, attempt: event.attempt, log: tail))
    }
}
