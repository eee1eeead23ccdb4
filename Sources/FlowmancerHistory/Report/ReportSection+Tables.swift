import FlowmancerCore
import FlowmancerSystem
import struct FoundationEssentials.Date

extension ReportSection {
    /// A table of so many rows can still be scrolled.
    private static let mostRows = 20_000
    private static let shownAttempts = 1_000
    private static let shownGroups = 1_000
    private static let longestReason = 200

    /// Every task. Rows have as little markup as they can: there may be many.
    static func tasks(_ report: RunReport) -> ReportSection? {
        guard !report.tasks.isEmpty else { return nil }
        var body: HTMLText = ""
        var shown = report.tasks
        if shown.count > mostRows {
            // What did not go well must not be among what is left out.
            let others = shown.filter { report.digest.tasks[$0].state != .completed }
            let completed = shown.filter { report.digest.tasks[$0].state == .completed }
            shown = Array((others + completed).prefix(mostRows))
            body += """
                <p class="note">These are \(shown.count) of \(report.tasks.count) tasks, with those first that did not complete. \
                'show \(report.record.id.description) --json' has all.</p>
                """
        }
        body += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Tasks\"><table id=\"tasks-table\">\n"
        body += row(of: ["Task", "Type", "State", "Attempts", "Began", "Took", "Reason"])
        body += "<tbody>\n"
        var clock = ReportClock(report)
        for task in shown {
            let facts = report.digest.tasks[task]
            let began = facts.attempts.lazy.compactMap(\.start).first.map { clock.text($0) } ?? ""
            let reason = reasonText(facts).cut(to: longestReason)
            body += """
                <tr><th scope="row">\(report.name(of: task))</th><td>\(report.type(of: task))</td>\
                <td class="\(facts.state.rawValue)">\(facts.state.reportWord)</td><td>\(facts.attempts.count)</td>\
                <td>\(began)</td><td>\(facts.duration?.reportText ?? "")</td><td>\(reason)</td></tr>

                """
        }
        return ReportSection(id: "tasks", title: "Tasks", body: body + "</tbody></table></div>")
    }

    private static func row(of titles: [String], numbers: Set<Int> = []) -> HTMLText {
        var html: HTMLText = "<thead><tr>"
        for (number, title) in titles.enumerated() {
            html +=
                "<th scope=\"col\"\(numbers.contains(number) ? HTMLText(markup: " class=\"number\"") : "")>\(title)</th>"
        }
        return html + "</tr></thead>\n"
    }

    /// Why a task is in its state: an attempt that failed says more than the state.
    private static func reasonText(_ task: RunDigest.Task) -> String {
        let failure = task.state == .completed ? nil : task.attempts.last?.failure?.reason
        return [failure, task.reason].compactMap { $0 }.first { !$0.isEmpty }.map(firstLine) ?? ""
    }

    /// The first line of a reason: a row of a table has one.
    private static func firstLine(_ reason: String) -> String {
        let lines = reason.split(separator: "\n", maxSplits: 1)
        return (lines.first.map(String.init) ?? "") + (lines.count > 1 ? " …" : "")
    }

    /// The groups, with the states of their tasks; `nil` if there are none.
    static func groups(_ report: RunReport) -> ReportSection? {
        let nodes = report.digest.nodes
        let groups = nodes.indices.filter { nodes[$0].isGroup }
        guard !groups.isEmpty else { return nil }
        var body: HTMLText = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Groups\"><table>\n"
        body += row(of: ["Group", "State", "Tasks"])
        body += "<tbody>\n"
        for group in groups.prefix(shownGroups) {
            let counts = report.counts(in: group).text
            body += """
                <tr><th scope="row">\(report.name(of: group))</th><td>\(HTMLText.state(report.digest.state(of: group)))</td>\
                <td>\(counts.isEmpty ? "none" : counts)</td></tr>

                """
        }
        body += "</tbody></table></div>"
        if groups.count > shownGroups {
            body += "<p class=\"note\">\(groups.count - shownGroups) more groups are not shown.</p>"
        }
        return ReportSection(id: "groups", title: "Groups", body: body)
    }

    /// The attempts of tasks that had several; `nil` if there are none.
    static func attempts(_ report: RunReport) -> ReportSection? {
        let tasks = report.tasks.filter { report.digest.tasks[$0].attempts.count > 1 }
        guard !tasks.isEmpty else { return nil }
        let all = tasks.flatMap { task in report.digest.tasks[task].attempts.map { (task: task, attempt: $0) } }
        var body: HTMLText = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Attempts\"><table>\n"
        body += row(of: ["Task", "Attempt", "State", "Began", "Took", "Machine", "Reason"], numbers: [1, 4])
        body += "<tbody>\n"
        var clock = ReportClock(report)
        for (task, attempt) in all.prefix(shownAttempts) {
            let reason = attempt.failure.map { firstLine($0.reason).cut(to: longestReason) } ?? ""
            body += """
                <tr><th scope="row">\(report.name(of: task))</th><td class="number">\(attempt.number)</td>\
                <td>\(HTMLText.state(attempt.state))</td><td>\(attempt.start.map { clock.text($0) } ?? "")</td>\
                <td class="number">\(attempt.duration?.reportText ?? "")</td>\
                <td>\(attempt.machine ?? "")</td><td>\(reason)</td></tr>

                """
        }
        body += "</tbody></table></div>"
        if all.count > shownAttempts {
            body += "<p class=\"note\">\(all.count - shownAttempts) more attempts are not shown.</p>"
        }
        return ReportSection(id: "attempts", title: "Attempts", body: body)
    }
}

/// Writes the times of a run's events, most of which are in the same second as the one before.
struct ReportClock {
    /// Whether the date says something: the run did not end on the day when it began.
    private let hasDate: Bool
    private var second = Int.min
    private var words = ""

    init(_ report: RunReport) {
        hasDate = Self.local(report.record.startedAt).date != Self.local(report.horizon).date
    }

    /// `12:00:00.123`, with the date before it if needed, on the clocks of this machine.
    mutating func text(_ time: Date) -> String {
        let milliseconds = time.microsecondsSince1970 / 1_000
        if milliseconds / 1_000 != second {
            second = milliseconds / 1_000
            let local = LocalTime(secondsSince1970: second)
            words = hasDate ? local.description : local.time
        }
        return "\(words).\(String(milliseconds % 1_000 + 1_000).dropFirst())"
    }

    private static func local(_ time: Date) -> LocalTime {
        LocalTime(secondsSince1970: time.microsecondsSince1970 / 1_000_000)
    }
}
