package import FlowmancerCore

/// The tasks of a run that failed for good, for the summary at its end. A pure value.
package struct FailureList: Sendable {
    /// How many of them are listed.
    package static let listedTasks = 20

    private struct Entry {
        var task: String
        var attempt: Int
        var failure: AttemptFailure
        var log: String?
    }

    /// Failures of one kind.
    private struct Part {
        var entries: [Entry] = []
        var count = 0
    }

    private var failed = Part()
    /// Those that may fail.
    private var allowed = Part()

    package init() {}

    /// Takes over one change of state.
    ///
    /// - Parameter log: The path of the task's log, if it has one.
    package mutating func apply(_ event: ExecutionEvent, log: String?) {
        guard event.to == .failed else { return }
        let failure = event.finalFailure ?? AttemptFailure(reason: "")
        let entry = Entry(task: event.taskName, attempt: event.attempt, failure: failure, log: log)
        let part = event.isAllowedFailure ? \Self.allowed : \Self.failed
        self[keyPath: part].count += 1
        if self[keyPath: part].count <= Self.listedTasks { self[keyPath: part].entries.append(entry) }
    }

    /// Returns the list; nothing if no task failed.
    package func lines(_ renderer: ProgressRenderer) -> [String] {
        lines(of: allowed, heading: renderer.allowedFailureHeading, renderer)
            + lines(of: failed, heading: renderer.failureHeading, renderer)
    }

    private func lines(of part: Part, heading: (Int) -> String, _ renderer: ProgressRenderer) -> [String] {
        guard part.count > 0 else { return [] }
        var lines = [heading(part.count)]
        for entry in part.entries {
            lines.append(renderer.failureLine(entry.task, attempt: entry.attempt, entry.failure))
            lines += renderer.details(of: entry.failure, log: entry.log, lines: ProgressRenderer.quotedAtEnd)
        }
        let others = part.count - part.entries.count
        if others > 0 { lines.append("  and \(ProgressRenderer.grouped(others)) more") }
        return lines
    }
}
