import FlowmancerCore

extension ReportSection {
    /// The graph; `nil` if there are no tasks.
    static func graph(_ report: RunReport) -> ReportSection? {
        guard !report.digest.nodes.indices.isEmpty else { return nil }
        let graph = ReportGraph(report)
        var body: HTMLText = ""
        if graph.canBeDrawn {
            if graph.closedGroups > 0 {
                let groups = graph.closedGroups == 1 ? "1 group is" : "\(graph.closedGroups) groups are"
                body += """
                    <p class="note">\(groups) drawn as one node each, with the states of the members: \
                    together with the members there are \(report.digest.nodes.count) nodes.</p>
                    """
            }
            body += legend(report)
            body += """
                <div class="scroll" tabindex="0" role="region" aria-label="Graph">\(HTMLText(markup: graph.picture))</div>
                """
        } else {
            let profile = graph.profile
            body += """
                <p class="note">The graph has \(graph.nodes.count) nodes in \(profile.layers) layers, even with all groups as one node \
                each. A picture of more than \(ReportGraph.mostDrawn) nodes shows nothing any more. This is how many nodes \
                there are in each layer, from the first on the left to the last on the right.</p>
                \(legend(report))<div class="scroll">\(profile.picture(of: report.record.jobName))</div>
                """
        }
        return ReportSection(id: "graph", title: "Graph", body: body)
    }

    private static func legend(_ report: RunReport) -> HTMLText {
        var html: HTMLText = "<ul class=\"legend\" aria-label=\"Signs\">"
        for state in ExecutionState.reported where report.count(state) > 0 {
            html += "<li>\(HTMLText.state(state))</li>"
        }
        return html + "</ul>"
    }

    /// When tasks ran; `nil` if none did.
    static func timeline(_ report: RunReport) -> ReportSection? {
        let timeline = Timeline(report)
        guard !timeline.rows.isEmpty else { return nil }
        let unrun = report.tasks.count - timeline.rows.reduce(0) { $0 + $1.tasks.count }
        var body: HTMLText = ""
        if let columns = timeline.columns {
            body += """
                <p class="note">Up to \(timeline.tasksPerRow) tasks share a row, in the order of their beginnings. There is a bar \
                where at least one of them ran, to 1/\(columns) of the time; it has the colour of the worst end of those \
                that ran then.</p>
                """
        }
        if unrun > 0 {
            let tasks = unrun == 1 ? "1 task did not run, and is" : "\(unrun) tasks did not run, and are"
            body += "<p class=\"note\">\(tasks) not shown.</p>"
        }
        let step = timeline.step / timeline.span
        body += """
            <div class="gantt" role="group" aria-label="When each task ran" style="--step:\(percent(step))">
            <div class="axis" aria-hidden="true"><span></span><span class="track">
            """
        for mark in 0...Int(1 / step) {
            // Near the right edge there is no room for it.
            let text = mark == 0 ? "0" : step * Double(mark) > 0.94 ? "" : (timeline.step * mark).text
            body += "<i style=\"left:\(percent(step * Double(mark)))\">\(text)</i>"
        }
        body += "</span></div>\n"
        let path = Set(report.criticalPath)
        for row in timeline.rows { body += html(of: row, report, path) }
        return ReportSection(id: "time", title: "Time", body: body + "</div>")
    }

    private static func html(of row: Timeline.Row, _ report: RunReport, _ path: Set<Int>) -> HTMLText {
        let first = report.name(of: row.tasks[0]).cut(to: 80)
        let others = row.tasks.count - 1
        let more = others > 0 ? " + \(others)" : ""
        let isLongest = others == 0 && path.contains(row.tasks[0])
        var html: HTMLText =
            "<div\(isLongest ? HTMLText(markup: " class=\"longest\"") : "")><span>\(first)\(more)</span><span class=\"track\">"
        for (number, bar) in row.bars.enumerated() {
            let place = "left:\(percent(bar.start));width:\(percent(bar.length))"
            let word = bar.state.reportWord
            if others > 0 {
                html += "<b class=\"\(bar.state.rawValue)\" style=\"\(place)\"></b>"
            } else {
                let attempt = report.digest.tasks[row.tasks[0]].attempts[number]
                let text = attempt.duration.map { "\(word) after \($0.reportText)" } ?? word
                html += "<b class=\"\(bar.state.rawValue)\" style=\"\(place)\" title=\"\(text)\"></b>"
            }
        }
        return html + "</span></div>\n"
    }

    /// A share in hundredths, exactly enough for a wide screen.
    private static func percent(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        let rest = hundredths % 100
        return rest == 0 ? "\(hundredths / 100)%" : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }

    /// The chain of tasks that took longest; `nil` if it has not at least two of them.
    static func criticalPath(_ report: RunReport) -> ReportSection? {
        let path = report.criticalPath
        guard path.count > 1 else { return nil }
        let total = path.reduce(Duration.zero) { $0 + (report.digest.tasks[$1].duration ?? .zero) }
        var body: HTMLText = """
            <p>Each of these tasks waited for the one before. Together they ran for \(total.reportText) of the \
            \(report.duration.reportText) that the run took: they have to become faster for the run to become faster, however many \
            tasks may run at once.</p>
            <ol class="path">
            """
        for task in path.prefix(shownPath) {
            let duration = report.digest.tasks[task].duration ?? .zero
            body += """
                <li><span>\(report.name(of: task))</span> <span class="number">\(duration.reportText)</span>\
                <meter min="0" max="1" value="\(share(duration, of: total))" aria-hidden="true"></meter></li>
                """
        }
        body += "</ol>"
        if path.count > shownPath { body += "<p class=\"note\">\(path.count - shownPath) more tasks follow.</p>" }
        return ReportSection(id: "longest", title: "The longest way", body: body)
    }

    private static let shownPath = 100

    private static func share(_ part: Duration, of total: Duration) -> String {
        let thousandths = total > .zero ? Int((part / total * 1_000).rounded()) : 0
        return thousandths >= 1_000 ? "1" : "0.\(String(thousandths + 1_000).dropFirst())"
    }
}
