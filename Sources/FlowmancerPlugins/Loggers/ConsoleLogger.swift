public import FlowmancerCore
package import FlowmancerTerminal

/// Prints the output of tasks to standard output. Each line starts with the name of its task.
///
/// On a terminal, each task has its own color, which is the same in every run, and lines scroll above the progress
/// display. Lines of standard error, and of severities other than `info`, show their severity. Set `NO_COLOR` in the
/// environment to turn colors off.
///
/// ```yaml
/// loggers:
///   console:
///     logger: ConsoleLogger
///     parameters:
///       level: info
///       exclude: [cleanup-*]
/// ```
public actor ConsoleLogger: FlowLogger, FilteringLogger {
    public static let abstract = "Prints log lines to the terminal, each with the name of its task."

    /// The lowest severity to show.
    @Parameter("The lowest severity to show: debug, info, warning, error or critical.")
    public var level = Severity.debug

    /// The tasks to show, as patterns. Without patterns, all tasks are shown.
    @Parameter("The tasks to show, as patterns such as fetch-*; all tasks by default.")
    public var include: TextList = []

    /// The tasks to leave out, as patterns.
    @Parameter("The tasks to leave out, as patterns.")
    public var exclude: TextList = []

    /// Whether each line starts with the time.
    @Parameter("Whether each line starts with the time.")
    public var timestamps = false

    private let console: Console
    private var setup: (filter: LogFilter, line: ConsoleLine)?
    private var lostLines = LostLines()

    /// Creates a logger that prints to standard output.
    public init() {
        self.init(console: .standard)
    }

    package init(console: Console) {
        self.console = console
    }

    /// Prints a line.
    public func update(_ event: TaskLogEvent) async throws {
        let (filter, line) = prepared()
        guard filter.admits(event), let text = line.text(of: event) else { return }
        try lostLines.counting { try console.show(text) }
    }

    /// Reports how many lines could not be printed.
    public func onDestroy() async throws {
        try lostLines.check()
    }

    private func prepared() -> (filter: LogFilter, line: ConsoleLine) {
        if let setup { return setup }
        let setup = (
            LogFilter(level: level, include: include, exclude: exclude),
            ConsoleLine(style: console.style, tasks: Array(runInfo.job.tasks.keys), showsTime: timestamps)
        )
        self.setup = setup
        return setup
    }
}
