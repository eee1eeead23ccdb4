import FlowmancerCore

extension ReportSection {
    /// Of so many tasks that failed, the last lines are shown.
    private static let shownFailures = 100

    /// The tasks that failed, with their last lines; `nil` if none did.
    static func failures(_ report: RunReport) -> ReportSection? {
        let failures = report.failures
        guard !failures.isEmpty else { return nil }
        var body: HTMLText = ""
        for task in failures.prefix(shownFailures) { body += failure(task, report) }
        let others = failures.count - shownFailures
        if others > 0 {
            body +=
                "<p class=\"note\">\(others) more tasks failed. The <a href=\"#tasks\">table</a> has their reasons.</p>"
        }
        return ReportSection(id: "failures", title: "What failed", body: body)
    }

    private static func failure(_ task: Int, _ report: RunReport) -> HTMLText {
        let facts = report.digest.tasks[task]
        let attempt = facts.attempts.last
        let type = report.type(of: task)
        let times = facts.attempts.count == 1 ? "1 attempt" : "\(facts.attempts.count) attempts"
        let duration = facts.duration.map { ", \($0.reportText)" } ?? ""
        let isAllowed = facts.isAllowedFailure ? ", as it may" : ""
        let group = type.isEmpty ? "" : "\(type), "
        var html: HTMLText = """
            <article class="failure">
            <h3>\(report.name(of: task))</h3>
            <p class="meta">\(group)\(times)\(duration)\(isAllowed)</p>
            """
        if let reason = attempt?.failure.map(\.reason) ?? facts.reason, !reason.isEmpty {
            html += "<p class=\"why\">\(lines: reason.cut(to: 4_000))</p>"
        }
        if let lines = attempt?.failure?.lastLines, !lines.isEmpty {
            html += log(lines, title: "The last lines of its output")
        }
        if let excerpt = report.excerpts[task], !excerpt.lines.isEmpty {
            let title = excerpt.isCut ? "The last \(excerpt.lines.count) lines of its log" : "Its log"
            html += "<details><summary>\(title)</summary>\(log(excerpt.lines, title: excerpt.path))</details>"
        }
        return html + "\n</article>\n"
    }

    /// Lines that a task wrote.
    static func log(_ lines: [String], title: String) -> HTMLText {
        """
        <figure class="log"><figcaption>\(title)</figcaption>\
        <pre tabindex="0">\(TerminalText(lines.map { $0.finalLines.joined(separator: "\n") }).html)</pre></figure>
        """
    }
}
