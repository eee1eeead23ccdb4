/// What holds for a run as a whole.
package struct SchedulerSettings: Sendable, Hashable {
    /// How many attempts may run at once; unlimited if 0 or less.
    package var concurrency: Int
    /// How many more are handed out, so that workers always have one to continue with.
    package var lookahead: Int
    package var resources: [Resource]
    /// After this many failed tasks, only those start that react to failures.
    package var maxFailures: Int?
    /// After this time, the run is aborted; `nil` for no limit.
    package var timeout: Duration?
    /// How long attempts have to end after they were cancelled; `nil` if they cannot be killed.
    package var grace: Duration?

    package init(
        concurrency: Int = 0,
        lookahead: Int = 0,
        resources: [Resource] = [],
        maxFailures: Int? = nil,
        timeout: Duration? = nil,
        grace: Duration? = nil
    ) {
        self.concurrency = concurrency
        self.lookahead = lookahead
        self.resources = resources
        self.maxFailures = maxFailures
        self.timeout = timeout
        self.grace = grace
    }
}
