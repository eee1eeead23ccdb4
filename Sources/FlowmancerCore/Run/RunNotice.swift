/// A message about the run itself, such as a slow plug-in or a failing checkpoint.
///
/// ``text`` has everything in words. The other properties are for programs that react to some notices:
/// ```swift
/// options.report = { notice in
///     if notice.code == .pluginFailed { alert(notice.plugin ?? "", notice.text) }
/// }
/// ```
public struct RunNotice: Sendable, Hashable, CustomStringConvertible {
    /// What a notice is about.
    ///
    /// New versions may add codes. Judge a notice with a code that you do not know by its ``RunNotice/severity``.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the code, such as `pluginFailed`.
        public let description: String

        private init(_ name: String) { description = name }

        /// The job file has something in it that is probably a mistake.
        public static let doubtfulJob = Code("doubtfulJob")
        /// The run continues an earlier one.
        public static let restarting = Code("restarting")
        /// A group of a restarted run has other items than before: ``RunNotice/tasks`` are no more.
        public static let itemsGone = Code("itemsGone")
        /// The run should continue an earlier one, but no checkpoint is stored.
        public static let nothingToRestart = Code("nothingToRestart")
        /// The stored checkpoint was removed before the run, as requested.
        public static let checkpointDiscarded = Code("checkpointDiscarded")
        /// The stored checkpoint was written for another job file, and is used or replaced.
        public static let checkpointOfOtherFile = Code("checkpointOfOtherFile")
        /// Progress cannot be stored at the moment.
        public static let checkpointFailing = Code("checkpointFailing")
        /// Progress is stored again, and is complete.
        public static let checkpointRecovered = Code("checkpointRecovered")
        /// At the end of the run, the checkpoint could not be completed or removed.
        public static let checkpointNotFinished = Code("checkpointNotFinished")
        /// A method of a plug-in threw an error. Further errors of that plug-in are only counted.
        public static let pluginFailed = Code("pluginFailed")
        /// How many errors a plug-in threw in the whole run.
        public static let pluginErrors = Code("pluginErrors")
        /// A plug-in was so slow that it did not get all events.
        public static let pluginDropped = Code("pluginDropped")
        /// A plug-in did not return in time, and the run no longer waits for it.
        public static let pluginSlow = Code("pluginSlow")
        /// The run cannot be recorded in the history, or not completely.
        public static let historyFailing = Code("historyFailing")
        /// The system does not allow more worker processes.
        public static let workersLimited = Code("workersLimited")
        /// The process that starts the workers ended, and all workers ended with it.
        public static let keeperLost = Code("keeperLost")
        /// Something about the machines of an executor: ``RunNotice/plugin`` names it.
        public static let executor = Code("executor")
        /// A task logged lines after its attempt had ended.
        public static let loggedTooLate = Code("loggedTooLate")
        /// ``RunNotice/tasks`` were up to date and did not run.
        public static let upToDate = Code("upToDate")
        /// A task with `reuse` completed, but cannot be recorded as up to date.
        public static let notReusable = Code("notReusable")
        /// Nothing can be looked up or recorded for tasks with `reuse`, so that all of them run.
        public static let reuseUnavailable = Code("reuseUnavailable")
        /// A restart keeps tasks that are to be forced to run, since they completed.
        public static let forceWithoutEffect = Code("forceWithoutEffect")
        /// So many tasks have failed that others do not start: `max_failures` was reached.
        public static let tooManyFailures = Code("tooManyFailures")
        /// The run has exceeded its time limit and is being aborted. ``RunNotice/tasks`` are still running, and have
        /// ``RunNotice/grace`` to end.
        public static let timeLimitExceeded = Code("timeLimitExceeded")
        /// The run is being aborted. ``RunNotice/tasks`` are still running, and have ``RunNotice/grace`` to end.
        public static let aborting = Code("aborting")
        /// The run is being aborted, and ``RunNotice/tasks`` are killed now.
        public static let killing = Code("killing")
    }

    /// What the notice is about.
    public let code: Code
    /// How much the notice matters: ``Severity/info``, or ``Severity/warning`` if something is wrong.
    public let severity: Severity
    /// The notice in words: one or more lines. Secrets of the job are masked.
    public package(set) var text: String
    /// The names of the tasks that the notice is about.
    public let tasks: [String]
    /// The plug-in that the notice is about, such as `loggers.slack` or `checkpointer`.
    public let plugin: String?
    /// How long the tasks have to end before they are killed.
    public let grace: Duration?

    /// Creates a notice; tests of your own ``RunNotice`` handling need this.
    public init(
        _ code: Code,
        _ severity: Severity,
        _ text: String,
        tasks: [String] = [],
        plugin: String? = nil,
        grace: Duration? = nil
    ) {
        self.code = code
        self.severity = severity
        self.text = text
        self.tasks = tasks
        self.plugin = plugin
        self.grace = grace
    }

    /// The notice in words.
    public var description: String { text }
}
