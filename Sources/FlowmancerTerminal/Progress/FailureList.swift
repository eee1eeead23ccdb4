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

    private var entries: [Entry] = []
    private var count = 0

    package init() {}

    /// Takes over one change of state.
    ///
    /// - Parameter log: The path of the task's log, if it has one.
    package mutating func apply(_ event: ExecutionEvent, log: String?) {
        guard event.to == .failed else { return }
        count += 1
        guard entries.count < Self.listedTasks else { return }
        let failure = event.failure ?? AttemptFailure(reason: "")
        entries.append(Entry(task: event.taskName, attempt: event.attempt, failure: failure, log: log))
    }

    /// Returns the list; nothing if no task failed.
    package func lines(_ renderer: ProgressRenderer) -> [String] {
        guard count > 0 else { return [] }
        var lines = [renderer.failureHeading(count)]
        for entry in entries {
            lines.append(renderer.failureLine(entry.task, attempt: entry.attempt, entry.failure))
            lines += renderer.details(of: entry.failure, log: entry.log, lines: ProgressRenderer.quotedAtEnd)
        }
        if count > entries.count { lines.append("  and \(ProgressRenderer.grouped(count - entries.count)) more") }
        return lines
    }
}
