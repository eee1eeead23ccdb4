package import FlowmancerCore

/// How failures, and what follows from them, are put into words.
extension ProgressRenderer {
    /// How many of the last lines of a failed attempt follow its line.
    package static let quotedInPlace = 3
    /// How many of the last lines of a failed task are in the list at the end.
    package static let quotedAtEnd = LineTail.keptLines

    /// Returns the line that tells of tasks that did not run: "not run: a, b, c and 7 more ('load' failed)".
    package func line(for tasks: UnrunTasks) -> String {
        let reason =
            switch tasks.reason {
            case .failed(let task): "'\(task.printable)' failed"
            case .aborted(let task): "'\(task.printable)' was aborted"
            case .runAborted: "the run was aborted"
            case .said(let reason): reason.printable
            case .unknown: "a dependency did not succeed"
            }
        return "\(style.paint("not run", .warning)): \(tasks.list) (\(reason))"
    }

    /// Returns what follows the line of a failed attempt: the last lines that it wrote, and the path of its log.
    package func details(of failure: AttemptFailure, log: String?, lines: Int) -> [String] {
        let bar = style.paint(style.isUnicode ? "│" : "|", .faint)
        var details = reasonLines(of: failure).dropFirst().map { "    \($0)" }
        details += failure.lastLines.suffix(lines).map { "    \(bar) \(Self.shown($0))" }
        if let log { details.append("    \(style.paint("log:", .faint)) \(log.printable)") }
        return details
    }

    /// Returns the heading of the list of failed tasks.
    package func failureHeading(_ count: Int) -> String {
        style.paint("\(Self.grouped(count)) \(count == 1 ? "task" : "tasks") failed", .bad) + ":"
    }

    /// Returns the heading of the list of tasks that failed as they may.
    package func allowedFailureHeading(_ count: Int) -> String {
        style.paint("\(Self.grouped(count)) \(count == 1 ? "task" : "tasks") failed as allowed", .warning) + ":"
    }

    /// Returns the line of a task in such a list; attempt 0 was in an earlier run.
    package func failureLine(_ task: String, attempt: Int, _ failure: AttemptFailure) -> String {
        "  \(style.paint(task.printable, .strong))\(Self.number(of: attempt))\(reason(of: failure))"
    }

    /// The number of a failed attempt; nothing for a task that failed without one.
    static func number(of attempt: Int) -> String { attempt > 0 ? " (attempt \(attempt))" : "" }

    /// What ends the line of a failed attempt; the reason may have more lines.
    func reason(of failure: AttemptFailure?) -> String {
        guard let failure, let first = reasonLines(of: failure).first else { return "" }
        return ": \(first)"
    }

    private func reasonLines(of failure: AttemptFailure) -> [String] {
        let lines = failure.reason.finalLines.filter { !$0.allSatisfy(\.isWhitespace) }
        return lines.prefix(Self.quotedAtEnd).map(\.printableLines)
    }

    private static func shown(_ line: String) -> String {
        (line.finalLines.last ?? "").printableLines
    }
}

extension ExecutionEvent {
    /// Why a task failed for good: its last attempt, or what kept it from having one.
    var finalFailure: AttemptFailure? { failure ?? reason.map { AttemptFailure(reason: $0) } }
}
