package import FlowmancerCore
package import struct FoundationEssentials.Date

/// What has happened in a run so far.
package struct ProgressModel: Sendable {
    /// A task that is under way.
    package struct RunningTask: Sendable, Hashable {
        package var name: String
        package var attempt: Int
        package var start: Date
        /// The group of items that it is in.
        package var group: String?
        /// Orders tasks that began at the same time.
        fileprivate var number: Int
    }

    /// What is under way, as far as it is shown: a task, or all tasks of a group together.
    package enum Activity: Sendable, Hashable {
        case task(RunningTask)
        case group(String, GroupProgress)
    }

    package private(set) var jobName = ""
    /// When the first event came.
    package private(set) var start: Date?
    /// How many attempts failed and were or will be repeated.
    package private(set) var retries = 0
    /// How many tasks failed for good, which they may.
    package private(set) var allowedFailures = 0
    /// How many tasks completed without running, since they were up to date.
    package private(set) var upToDate = 0

    private var states: [String: ExecutionState] = [:]
    private var counts: [ExecutionState: Int] = [:]
    private var running: [String: RunningTask] = [:]
    /// The groups of items; those within another one are a part of it.
    private var groups: [String: GroupProgress] = [:]
    private var beginnings = 0
    /// When the first task began to run.
    private var firstBeginning: Date?
    /// How many tasks ran to an end in this run; those of an earlier run say nothing about its speed.
    private var finishedHere = 0
    /// How long the longest of them took, in seconds.
    private var longestFinished = 0.0
    private var timeLeft = TimeLeft()

    package init() {}

    /// How many tasks there are.
    package var total: Int { states.count }
    /// How many tasks have reached a final state.
    package var done: Int { counts.reduce(0) { $0 + ($1.key.isFinal ? $1.value : 0) } }

    /// How many tasks are in a state.
    package func count(_ state: ExecutionState) -> Int { counts[state] ?? 0 }

    /// How many tasks ended without success, though they should not.
    package var unsuccessful: Int { count(.failed) + count(.defaulted) + count(.aborted) - allowedFailures }

    /// How far the run is, from 0 to 1.
    package var fraction: Double { total == 0 ? 0 : Double(done) / Double(total) }

    /// How many tasks run.
    package var runningCount: Int { running.count }

    /// Returns the tasks that have been running longest, the longest first.
    package func longestRunning(_ limit: Int) -> [RunningTask] {
        Array(running.values.sorted { $0.number < $1.number }.prefix(limit))
    }

    /// Returns what is under way, what began first before the rest: of a group, one entry.
    package var activities: [Activity] {
        var seen: Set<String> = []
        return running.values.sorted { $0.number < $1.number }.compactMap { task in
            guard let group = task.group, let progress = groups[group] else { return .task(task) }
            return seen.insert(group).inserted ? .group(group, progress) : nil
        }
    }

    /// How far a group of items is; `nil` if none of its tasks is known.
    package func progress(ofGroup name: String) -> GroupProgress? { groups[name] }

    /// Returns since when a task has been running; `nil` if it is not.
    package func beginning(of task: String) -> Date? { running[task]?.start }

    /// Takes over one change of state.
    ///
    /// The state that a task leaves is the one known here: an event that was lost does not upset the counts.
    package mutating func apply(_ event: ExecutionEvent) {
        if start == nil {
            start = event.timestamp
            jobName = event.jobName
        }
        let old = states.updateValue(event.to, forKey: event.taskName)
        if let old { counts[old, default: 0] -= 1 }
        counts[event.to, default: 0] += 1
        if event.isAllowedFailure { allowedFailures += 1 }
        if event.to == .completed, event.reason == Reuse.upToDate { upToDate += 1 }
        let group = MemberName.items(of: event.taskName, in: event.groupName)
        if let group { groups[group, default: GroupProgress()].apply(event, from: old) }
        if event.to == .running {
            beginnings += 1
            firstBeginning = firstBeginning ?? event.timestamp
            running[event.taskName] = RunningTask(
                name: event.taskName,
                attempt: event.attempt,
                start: event.timestamp,
                group: group,
                number: beginnings
            )
        } else if let task = running.removeValue(forKey: event.taskName) {
            if event.to == .pending { retries += 1 }
            if event.to == .completed || event.to == .failed {
                finishedHere += 1
                longestFinished = max(longestFinished, event.timestamp.timeIntervalSince(task.start))
            }
        }
    }

    /// Lets runs of the past say how long the run still takes.
    package mutating func use(_ past: TimeLeft.Past) { timeLeft.use(past) }

    /// Finds out how long the run still takes. Call it before every picture: it is cheap.
    package mutating func lookAhead(at now: Date) {
        var timeLeft = timeLeft
        self.timeLeft = TimeLeft()
        timeLeft.look(self, at: now)
        self.timeLeft = timeLeft
    }

    /// How many seconds the run still takes, as people are told; `nil` if nobody knows.
    package func secondsLeft(at now: Date) -> Double? {
        timeLeft.isUsed ? timeLeft.seconds(at: now) : remainingSeconds(at: now)
    }

    /// The names of all tasks, and of groups that ended without members.
    var tasks: some Sequence<String> { states.keys }

    /// Where a task stands.
    func standing(of task: String) -> RunForecast.Standing {
        if states[task]?.isFinal == true { return .ended }
        return running[task].map { .running(since: $0.start) } ?? .waiting
    }

    /// Estimates how many seconds the run still takes, from the pace of the tasks that ran to an end.
    ///
    /// - Returns: `nil` as long as too little has happened: fewer than three tasks, or three seconds. Also if the pace says
    ///   less than a task has been running that already takes longer than all that ended: nobody knows when it ends.
    package func remainingSeconds(at now: Date) -> Double? {
        guard let firstBeginning, finishedHere >= 3, done < total else { return nil }
        let elapsed = now.timeIntervalSince(firstBeginning)
        guard elapsed >= 3 else { return nil }
        let remaining = elapsed / Double(finishedHere) * Double(total - done)
        let oldest = longestRunning(1).first.map { now.timeIntervalSince($0.start) } ?? 0
        return oldest > max(longestFinished, remaining) ? nil : remaining
    }
}
