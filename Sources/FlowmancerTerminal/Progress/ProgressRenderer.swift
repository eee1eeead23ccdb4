package import FlowmancerCore
import FlowmancerSystem
package import struct FoundationEssentials.Date

/// How the progress of a run is put into words and pictures.
package struct ProgressRenderer: Sendable {
    /// How many running tasks are named.
    package static let namedTasks = 8

    let style: TerminalStyle

    package init(style: TerminalStyle) {
        self.style = style
    }

    // MARK: The picture on a terminal

    /// Returns the lines of the live region.
    package func lines(_ model: ProgressModel, now: Date, size: TerminalSize) -> [String] {
        guard model.total > 0, let start = model.start else { return [] }
        let elapsed = now.timeIntervalSince(start)
        var lines = [overview(model, now: now, elapsed: elapsed, columns: size.columns)]
        if size.rows > 2 { lines.append("  " + counts(of: model)) }
        let room = min(Self.namedTasks, size.rows - 4)
        guard room > 0, model.runningCount > 0 else { return lines }
        let activities = model.activities
        let shown = activities.prefix(room)
        lines += shown.map { line(for: $0, now: now, columns: size.columns) }
        let others = activities.count - shown.count
        if others > 0 { lines.append(style.paint("  \(ellipsis) and \(Self.grouped(others)) more", .faint)) }
        return lines
    }

    private func overview(_ model: ProgressModel, now: Date, elapsed: Double, columns: Int) -> String {
        let percent = "\(Int(model.fraction * 100)) %"
        var facts = "\(Self.grouped(model.done))/\(Self.grouped(model.total)) tasks, \(Self.clock(elapsed))"
        if let seconds = model.secondsLeft(at: now) { facts += ", about \(Self.left(seconds)) left" }
        // One column stays free on the right, and the name gives way to the numbers.
        let room = columns - DisplayWidth.of(percent) - DisplayWidth.of(facts) - 6
        let name = DisplayWidth.cut(model.jobName.printable, to: min(30, max(0, room - 10)))
        // A line that is not longer than need be survives when the terminal becomes narrower.
        let barWidth = min(30, room - DisplayWidth.of(name) - (name.isEmpty ? 0 : 1))
        var pieces: [String] = []
        if !name.isEmpty { pieces.append(style.paint(name, .strong)) }
        if barWidth > 3 { pieces.append(bar(model, width: barWidth)) }
        return (pieces + [percent, " " + facts]).joined(separator: " ")
    }

    private func bar(_ model: ProgressModel, width: Int) -> String {
        let filled = min(width, Int(model.fraction * Double(width)))
        let signs = style.isUnicode ? ("━", "─") : ("#", "-")
        return style.paint(String(repeating: signs.0, count: filled), model.unsuccessful > 0 ? .bad : .good)
            + style.paint(String(repeating: signs.1, count: width - filled), .faint)
    }

    private func line(for activity: ProgressModel.Activity, now: Date, columns: Int) -> String {
        switch activity {
        case .task(let task):
            var facts = Self.clock(now.timeIntervalSince(task.start))
            if task.attempt > 1 { facts = "attempt \(task.attempt), \(facts)" }
            return line(task.name, facts, columns: columns)
        case .group(let name, let progress):
            return line(name, facts(of: progress, beside: name, columns: columns), columns: columns)
        }
    }

    private func line(_ name: String, _ facts: String, columns: Int) -> String {
        let mark = style.paint(style.isUnicode ? "▸" : ">", .active)
        let room = max(1, columns - DisplayWidth.of(facts) - 7)
        let printable = name.printable
        let isShort = DisplayWidth.of(printable) <= room
        let name =
            isShort ? printable : DisplayWidth.cut(printable, to: max(0, room - DisplayWidth.of(ellipsis))) + ellipsis
        return "  \(mark) \(name)  \(style.paint(facts, .faint))"
    }

    /// The number of tasks in every state that has any: "3 running, 12 completed".
    package func counts(of model: ProgressModel) -> String {
        let words: [(ExecutionState, String, TerminalStyle.Role)] = [
            (.running, "running", .active), (.completed, "completed", .good), (.failed, "failed", .bad),
            (.defaulted, "not run", .warning), (.aborted, "aborted", .warning), (.skipped, "skipped", .faint),
            (.pending, "pending", .faint),
        ]
        var parts = words.compactMap { state, word, role -> String? in
            let count =
                switch state {
                case .failed: model.count(.failed) - model.allowedFailures
                case .completed: model.count(.completed) - model.upToDate
                default: model.count(state)
                }
            return count > 0 ? style.paint("\(Self.grouped(count)) \(word)", role) : nil
        }
        if model.allowedFailures > 0 {
            parts.append(style.paint("\(Self.grouped(model.allowedFailures)) failed as allowed", .warning))
        }
        if model.upToDate > 0 { parts.append(style.paint("\(Self.grouped(model.upToDate)) up to date", .good)) }
        if model.retries > 0 {
            parts.append("\(Self.grouped(model.retries)) \(model.retries == 1 ? "retry" : "retries")")
        }
        return parts.joined(separator: ", ")
    }

    // MARK: Lines that scroll

    /// Returns the line that tells of a change of state; `nil` for a change that nobody waits for.
    ///
    /// - Parameters:
    ///   - event: The change.
    ///   - beginning: When the task began to run, if it did.
    package func line(for event: ExecutionEvent, beginning: Date?) -> String? {
        let name = event.taskName.printable
        let time = beginning.map { " after \(Self.duration(event.timestamp.timeIntervalSince($0)))" } ?? ""
        switch (event.from, event.to) {
        case (.running, .pending):
            let head = "\(style.paint("failed", .warning)) \(name) (attempt \(event.attempt))\(time), will be retried"
            return head + reason(of: event.failure)
        case (.initial, .failed) where event.isAllowedFailure:
            // It did so in an earlier run.
            return nil
        case (_, .failed):
            let verb = event.isAllowedFailure ? style.paint("failed (allowed)", .warning) : style.paint("failed", .bad)
            return "\(verb) \(name)\(Self.number(of: event.attempt))\(time)" + reason(of: event.finalFailure)
        case (.running, .aborted):
            return "\(style.paint("aborted", .warning)) \(name)\(time)"
        case (.running, .completed):
            return "\(style.paint("completed", .good)) \(name)\(time)"
        default:
            return nil
        }
    }

    /// Returns the line that stands for many: "40 % (400 of 1,000 tasks) after 12.3 s".
    package func milestone(_ percent: Int, _ model: ProgressModel, now: Date) -> String {
        let bad = model.unsuccessful > 0 ? ", \(Self.grouped(model.unsuccessful)) not completed" : ""
        return "\(percent) % (\(Self.grouped(model.done)) of \(Self.grouped(model.total)) tasks\(bad))"
            + " after \(Self.duration(elapsed(model, now)))"
    }

    /// Returns the last line of a run.
    ///
    /// - Parameter outcome: How the run ended; `nil` if that follows from the states of its tasks.
    package func summary(_ model: ProgressModel, now: Date, outcome: RunState? = nil) -> String {
        let outcome: (String, TerminalStyle.Role) =
            if let known = outcome.flatMap({ Self.outcomes[$0] }) {
                known
            } else if model.count(.aborted) > 0 || model.done < model.total {
                ("was aborted", .warning)
            } else if model.unsuccessful > 0 {
                ("failed", .bad)
            } else {
                ("succeeded", .good)
            }
        let job = style.paint(model.jobName.printable, .strong)
        return "\(job) \(style.paint(outcome.0, outcome.1)): \(counts(of: model))"
            + " in \(Self.duration(elapsed(model, now)))"
    }

    private static let outcomes: [RunState: (String, TerminalStyle.Role)] = [
        .succeeded: ("succeeded", .good), .failed: ("failed", .bad), .aborted: ("was aborted", .warning),
        .interrupted: ("was interrupted", .warning), .unknown: ("may or may not be under way", .warning),
    ]

    private func elapsed(_ model: ProgressModel, _ now: Date) -> Double {
        model.start.map(now.timeIntervalSince) ?? 0
    }

    private var ellipsis: String { style.isUnicode ? "…" : "..." }

    // MARK: Numbers

    /// `0:42`, `12:05`, `1:02:03`
    package static func clock(_ seconds: Double) -> String {
        let whole = Int(clamped(seconds))
        let end = "\(whole / 60 % 60):\(LocalTime.padded(whole % 60))"
        return whole < 3_600 ? end : "\(whole / 3_600):\(whole / 60 % 60 < 10 ? "0" : "")\(end)"
    }

    /// As exactly as it can be foretold, and never 0: `5 s`, `3 min`, `1 h 10 min`, `12 h`, `5 d`.
    package static func left(_ seconds: Double) -> String {
        let seconds = clamped(seconds)
        if seconds <= 57.5 { return "\(max(1, Int((seconds / 5).rounded())) * 5) s" }
        let minutes = Int((seconds / 60).rounded())
        if minutes < 60 { return "\(minutes) min" }
        let hours = Int((seconds / 3_600).rounded())
        if hours >= 72 { return "\(Int((seconds / 86_400).rounded())) d" }
        if hours >= 10 { return "\(hours) h" }
        let tens = Int((seconds / 600).rounded())
        return tens % 6 == 0 ? "\(tens / 6) h" : "\(tens / 6) h \(tens % 6)0 min"
    }

    /// `0.4 s`, `12.3 s`, `2 min 5 s`, `1 h 2 min`
    package static func duration(_ seconds: Double) -> String {
        let tenths = Int((clamped(seconds) * 10).rounded())
        if tenths < 600 { return "\(tenths / 10).\(tenths % 10) s" }
        let whole = Int(clamped(seconds).rounded())
        if whole < 3_600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3_600) h \(whole / 60 % 60) min"
    }

    /// `1,234,567`
    package static func grouped(_ number: Int) -> String {
        guard number >= 1_000 else { return String(number) }
        return "\(grouped(number / 1_000)),\(LocalTime.padded(number % 1_000, 3))"
    }

    /// Clocks are set back at times.
    private static func clamped(_ seconds: Double) -> Double {
        seconds.isFinite ? min(max(0, seconds), 1e9) : 0
    }
}
