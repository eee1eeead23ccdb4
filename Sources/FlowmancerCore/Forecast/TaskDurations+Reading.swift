extension TaskDurations {
    /// How many runs count that began from the beginning, with those that continued them.
    private static let wholeRuns = 5
    /// How many runs are looked at: those in which nothing completed are of no use.
    private static let lookedAt = 20
    /// How many events are read, of all runs together: a job with a million tasks must not make people wait.
    package static let mostEvents = 300_000
    /// How many events are taken in at once.
    private static let portion = 5_000

    /// Reads how long the tasks of a job took in its last runs.
    ///
    /// What cannot be read is passed over: the newest runs of those that can be read count. Reading ends after so many events,
    /// so of a very large job, not every task may be known.
    ///
    /// - Parameters:
    ///   - job: The name of the job.
    ///   - run: Only runs before this one count.
    ///   - limit: How many events are read at most, of all runs together.
    package static func read(
        of job: String,
        from history: any FlowHistory,
        before run: RunID? = nil,
        atMost limit: Int = mostEvents
    ) async throws -> TaskDurations {
        var query = RunQuery(limit: lookedAt)
        query.job = job
        query.before = run
        query.states = [.succeeded, .failed, .aborted, .interrupted, .unknown]
        var collection = DurationCollection()
        var (left, whole) = (limit, 0)
        for run in try await history.runs(query).runs where left > 0 && whole < wholeRuns {
            if !run.record.isRestart { whole += 1 }
            // Histories throw if a run is damaged, or was removed meanwhile.
            guard let reader = try? await history.openRun(run.record.id, after: 0) else { continue }
            collection.begin(run.record.id)
            while left > 0 {
                try Task.checkCancellation()
                guard let found = try? await reader.next(atMost: min(portion, left)) else { break }
                for event in found.events { collection.take(event) }
                left -= found.events.count
                if found.events.isEmpty || found.problem != nil { break }
            }
        }
        return collection.durations
    }
}
