public import FlowmancerCore

/// Shows what tasks write on standard output, each line behind the name of its task.
///
/// On a terminal every task has a colour of its own, the same in every run, and lines scroll above the progress display.
/// Lines of standard error, and of other severities than `info`, are marked. With `NO_COLOR` in the environment there are
/// no colours.
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

    /// The least severity of the lines that are shown.
    @Parameter("The least severity of the lines that are shown: debug, info, warning, error, critical.")
    public var level = Severity.debug

    /// Patterns of the tasks whose lines are shown; all of them if there is none.
    @Parameter("Patterns of the tasks whose lines are shown, such as fetch-*; all unless given.")
    public var include: TextList = []

    /// Patterns of the tasks whose lines are not shown.
    @Parameter("Patterns of the tasks whose lines are not shown.")
    public var exclude: TextList = []

    /// Whether every line begins with the time.
    @Parameter("Whether every line begins with the time.")
    public var timestamps = false

    private let console: Console
    private var setup: (filter: LogFilter, line: ConsoleLine)?

    /// Creates a logger on the standard output.
    public init() {
        self.init(console: .standard)
    }

    package init(console: Console) {
        self.console = console
    }

    /// Shows a line.
    public func update(_ event: LogEvent) async throws {
        let (filter, line) = prepared()
        guard filter.admits(event), let text = line.text(of: event) else { return }
        console.print(text)
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
