public import struct FoundationEssentials.Date

/// Which runs of a history are asked for. All conditions have to hold.
public struct RunQuery: Sendable, Hashable {
    /// The name of the job; `nil` for all jobs.
    public var job: String?
    /// The states; `nil` for all.
    public var states: Set<RunState>?
    /// Only runs that began at this time or later.
    public var since: Date?
    /// Only runs that began before this time.
    public var until: Date?
    /// Only runs whose id contains this text, in lower case.
    public var idPart: String?
    /// Only runs whose ids are less than this one: the cursor of the page before.
    public var before: RunID?
    /// How many runs there are on a page at most.
    public var limit: Int

    /// Creates a query for all runs.
    public init(limit: Int = 50) {
        self.limit = limit
    }

    /// Whether the id of a run is among those that are asked for.
    public func admits(_ id: RunID) -> Bool {
        if let before, id >= before { return false }
        if let idPart, !id.description.contains(idPart) { return false }
        return true
    }

    /// Whether a run is among those that are asked for.
    public func admits(_ run: KeptRun) -> Bool {
        guard admits(run.record.id) else { return false }
        if let job, run.record.jobName != job { return false }
        if let states, !states.contains(run.state) { return false }
        if let since, run.record.startedAt < since { return false }
        if let until, run.record.startedAt >= until { return false }
        return true
    }
}

/// Some of the runs that a query asks for, the newest first.
public struct RunPage: Sendable, Hashable {
    /// The runs in the order of their ids, the greatest first.
    public var runs: [KeptRun]
    /// The cursor for the next page: ``RunQuery/before``; `nil` if there is none.
    public var next: RunID?
    /// What was passed over.
    public var problems: [HistoryProblem]

    /// Creates a page.
    public init(runs: [KeptRun] = [], next: RunID? = nil, problems: [HistoryProblem] = []) {
        self.runs = runs
        self.next = next
        self.problems = problems
    }
}
