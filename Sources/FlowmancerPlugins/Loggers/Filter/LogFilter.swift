package import FlowmancerCore

/// Which events a logger takes, by severity and by the name of the task.
package struct LogFilter: Sendable {
    private let level: Severity
    private let include: [GlobPattern]
    private let exclude: [GlobPattern]

    /// Creates a filter.
    ///
    /// - Parameters:
    ///   - level: The least severity of lines that are taken.
    ///   - include: Patterns of which one has to match the name of the task, if there are any.
    ///   - exclude: Patterns of which none may match it.
    package init(level: Severity = .debug, include: TextList = [], exclude: TextList = []) {
        self.level = level
        self.include = include.values.map(GlobPattern.init)
        self.exclude = exclude.values.map(GlobPattern.init)
    }

    /// Whether a logger takes an event; the start and the end of an attempt have no severity.
    package func admits(_ event: TaskLogEvent) -> Bool {
        if event.kind == .line, event.severity < level { return false }
        return admits(task: event.taskName)
    }

    /// Whether a logger takes events of a task.
    package func admits(task: String) -> Bool {
        guard !include.isEmpty || !exclude.isEmpty else { return true }
        let isIncluded = include.isEmpty || include.contains { $0.matches(task) }
        return isIncluded && !exclude.contains { $0.matches(task) }
    }
}
