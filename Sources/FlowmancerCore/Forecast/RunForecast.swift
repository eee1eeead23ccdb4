/// How long a run takes, or what is left of one, if every task takes as long as in the past and none fails. A pure value.
package struct RunForecast: Sendable, Hashable {
    /// How long it takes.
    package let duration: Duration
    /// The chain of tasks, each of which waits for the one before, that takes longest.
    package let longestWay: [Step]
    /// The tasks, and groups of items, that run and of which nothing is known: they count as if they took no time.
    package let unknown: [String]
    /// How many tasks run of which something is known.
    package let knownCount: Int

    /// A task on the longest way.
    package struct Step: Sendable, Hashable {
        package let task: String
        /// How long the task takes, or still takes if it runs.
        package let duration: Duration
    }

    /// How long the longest way takes: the run takes no less, however many tasks may run at once.
    package var lengthOfLongestWay: Duration { longestWay.reduce(.zero) { $0 + $1.duration } }
}
