import FlowmancerCore
package import struct FoundationEssentials.Date

/// How people are told of a run. A pure value.
package struct NotificationWording: Sendable {
    package let moment: NotificationMoment
    package let summary: RunSummary
    private let now: Date

    package init(_ moment: NotificationMoment, _ summary: RunSummary, now: Date) {
        self.moment = moment
        self.summary = summary
        self.now = now
    }

    /// The most characters of a name that are shown.
    private static let shownName = 100

    private var job: String { Self.cut(summary.jobName.printable, to: Self.shownName) }
    private var host: String { summary.hostName.isEmpty ? "" : " on \(summary.hostName.printable)" }

    /// One line: "nightly failed on web1: 2 of 12 tasks failed".
    package var title: String {
        switch moment {
        case .started: summary.isRestart ? "\(job) was restarted\(host)" : "\(job) started\(host)"
        case .succeeded: "\(job) succeeded\(host)"
        case .failed: "\(job) failed\(host): \(summary.count(.failed)) of \(tasks) failed"
        case .aborted: "\(job) was aborted\(host)"
        }
    }

    private var tasks: String { summary.taskCount == 1 ? "1 task" : "\(summary.taskCount) tasks" }

    /// How long the run has taken until now.
    package var duration: Duration {
        let seconds = min(max(0, now.timeIntervalSince(summary.startedAt)), Duration.longestSetting)
        return Duration(nearestTo: seconds).rounded
    }

    /// Returns the whole text, with as many details as there is room for.
    ///
    /// - Parameter maximumLength: How many characters it may have.
    package func text(maximumLength: Int) -> String {
        for (failures, lines) in Self.details {
            let text = text(failures: failures, lines: lines)
            if text.count <= maximumLength { return text }
        }
        return Self.cut(text(failures: 0, lines: 0), to: maximumLength)
    }

    /// How many failed tasks are named, and how many lines of each are quoted: from much to nothing.
    private static let details = [
        (RunSummary.keptFailures, LogTail.keptLines), (10, LogTail.keptLines), (10, 5), (5, 5), (5, 3), (3, 3), (3, 1),
        (5, 0), (1, 1), (1, 0), (0, 0),
    ]

    private func text(failures: Int, lines: Int) -> String {
        var paragraphs = [beginning]
        guard moment != .started else { return beginning }
        for failure in summary.failures.prefix(failures) { paragraphs.append(text(of: failure, lines: lines)) }
        let others = summary.count(.failed) - min(failures, summary.failures.count)
        if failures > 0, !summary.groupFailures.isEmpty { paragraphs.append(groups(atMost: failures)) }
        if others > 0, failures > 0 { paragraphs.append("… and \(others) more failed") }
        if moment != .succeeded, let command = summary.resumeCommand {
            paragraphs.append("To continue from here:\n\(command.printableLines)")
        }
        return paragraphs.joined(separator: "\n\n")
    }

    private var beginning: String {
        switch moment {
        case .started where summary.isRestart:
            "The job '\(job)' was restarted\(host) and continues where it stopped. It has \(tasks)."
        case .started: "The job '\(job)' started\(host). It has \(tasks)."
        case .succeeded: "The job '\(job)' succeeded\(host) after \(duration.text).\n\(counts)"
        case .failed: "The job '\(job)' failed\(host) after \(duration.text).\n\(counts)"
        case .aborted: "The job '\(job)' was aborted\(host) after \(duration.text).\n\(counts)"
        }
    }

    private var counts: String {
        let parts = ExecutionState.summary(
            allowedFailures: summary.allowedFailures,
            of: summary.allowedCount,
            count: summary.count
        )
        return parts.isEmpty ? tasks : "\(tasks): \(parts)"
    }

    /// A line for each group of items: "load: 3 of 100 failed".
    private func groups(atMost limit: Int) -> String {
        summary.groupFailures.prefix(limit).map { group in
            "\(Self.cut(group.group.printable, to: Self.shownName)): \(group.failed) of \(group.total) failed"
        }.joined(separator: "\n")
    }

    private func text(of failure: RunSummary.Failure, lines: Int) -> String {
        let name = Self.cut(failure.task.printable, to: Self.shownName)
        let head = "Failed: \(name)\(failure.attempt > 0 ? " (attempt \(failure.attempt))" : "")"
        let quoted = failure.log.lines.suffix(lines)
        if failure.log.lines.isEmpty { return "\(head); it wrote nothing" }
        if quoted.isEmpty { return head }
        let isWhole = quoted.count == failure.log.lines.count && failure.log.omitted == 0
        return "\(head). \(isWhole ? "Its log" : "The last lines of its log"):\n"
            + quoted.map { "    \($0)" }.joined(separator: "\n")
    }

    static func cut(_ text: String, to length: Int) -> String {
        text.count > length ? text.prefix(max(0, length - 1)) + "…" : text
    }
}
