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

    /// How many tasks of a group of items failed.
    package struct GroupFailure: Sendable, Hashable {
        package var group: String
        package var failed: Int
        /// How many tasks the group has.
        package var total: Int
    }

    /// Of how many failed tasks the logs are kept, and how many groups are told of.
    package static let keptFailures = 20
    /// Of how many failed tasks of a group the logs are kept.
    package static let keptMembers = 3

    package let runID: RunID
    package let jobName: String
    package let hostName: String
    package let startedAt: Date
    package let isRestart: Bool
    package let resumeCommand: String?
    /// How many tasks the job has, as far as is known: those of groups are counted when they are there.
    package var taskCount: Int { max(tasks.known, tasks.seen) }
    private var tasks: (known: Int, seen: Int)
    /// The first tasks that failed, in the order in which they did.
    package private(set) var failures: [Failure] = []
    /// The first tasks that failed as they may.
    package private(set) var allowedFailures: [String] = []
    /// How many tasks failed as they may; ``count(_:)`` does not count them as failed.
    package private(set) var allowedCount = 0
    private var counts: [ExecutionState: Int] = [:]
    private var groups: [String: GroupFailure] = [:]
    /// The groups in which tasks failed, in the order in which the first one did.
    private var failedGroups: [String] = []
    /// What the tasks wrote that may yet fail.
    private var logs: [String: LogTail] = [:]

    package init(_ run: RunInfo) {
        runID = run.id
        jobName = run.job.configuration.name
        hostName = run.hostName
        startedAt = run.startedAt
        isRestart = run.isRestart
        resumeCommand = run.resumeCommand
        // What stands for several tasks is none itself.
        tasks = (run.job.tasks.values.count { $0.forEach == nil && $0.subJob == nil }, 0)
    }

    /// The groups of items in which tasks failed that should not have.
    package var groupFailures: [GroupFailure] { failedGroups.compactMap { groups[$0] } }

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
        let group = MemberName.items(of: event.taskName, in: event.groupName)
        if event.from == .initial {
            tasks.seen += 1
            if let group { groups[group, default: GroupFailure(group: group, failed: 0, total: 0)].total += 1 }
        }
        guard event.to.isFinal else { return }
        counts[event.to, default: 0] += 1
        let log = logs.removeValue(forKey: event.taskName)
        if event.isAllowedFailure {
            allowedCount += 1
            if allowedFailures.count < Self.keptFailures { allowedFailures.append(event.taskName) }
            return
        }
        guard event.to == .failed, note(event, in: group) else { return }
        var tail = log ?? LogTail()
        // A task that failed without an attempt has written nothing.
        if event.attempt == 0, let reason = event.reason { tail.append(reason) }
        failures.append(Failure(task: event.taskName, attempt: event.attempt, log: tail))
    }

    /// Counts a failure.
    ///
    /// - Returns: Whether its log is kept: not if the same group or many other tasks have failed before.
    private mutating func note(_ event: ExecutionEvent, in group: String?) -> Bool {
        let hasRoom = failures.count < Self.keptFailures
        guard let group else { return hasRoom }
        groups[group, default: GroupFailure(group: group, failed: 0, total: 0)].failed += 1
        let count = groups[group]?.failed ?? 0
        if count == 1, failedGroups.count < Self.keptFailures { failedGroups.append(group) }
        return hasRoom && count <= Self.keptMembers
    }
}
