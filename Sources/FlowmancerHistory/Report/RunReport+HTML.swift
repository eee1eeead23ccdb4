import FlowmancerCore

extension RunReport {
    /// The report as one page, which needs nothing else: UTF-8.
    package var html: [UInt8] {
        let sections = [
            ReportSection.failures(self), .graph(self), .timeline(self), .criticalPath(self), .tasks(self),
            .groups(self),
            .attempts(self), .parameters(self), .outputs(self), .environment(self),
        ].compactMap { $0 }
        var page: HTMLText = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="\(ReportScript.policy)"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta name="generator" content="Flowmancer"/>
            <title>\(record.jobName): \(state.description)</title>
            <style>\(HTMLText(markup: ReportStyle.sheet))</style>
            </head>
            <body>
            \(ReportHead.html(self))
            <nav aria-label="Sections"><ul>
            """
        for section in sections { page += "<li><a href=\"#\(section.id)\">\(section.title)</a></li>" }
        page += "</ul></nav>\n<main>\n"
        for section in sections {
            page += """
                <section id="\(section.id)" aria-labelledby="\(section.id)-title">
                <h2 id="\(section.id)-title">\(section.title)</h2>
                \(section.body)
                </section>

                """
        }
        page += """
            </main>
            <footer>Made by Flowmancer on \(madeAt.reportText) from the history of runs.</footer>
            <script>\(HTMLText(markup: ReportScript.source))</script>
            </body>
            </html>

            """
        return page.bytes
    }
}

/// A part of a report with a heading.
struct ReportSection {
    let id: String
    let title: String
    let body: HTMLText
}

/// What a report begins with: how the run ended, in words and numbers.
enum ReportHead {
    static func html(_ report: RunReport) -> HTMLText {
        let record = report.record
        var html: HTMLText = """
            <header class="\(report.state.lookalike.rawValue)">
            <p class="job">Run of the job</p>
            <h1>\(record.jobName) <span class="badge">\(report.state.description)</span></h1>
            <p class="outcome">\(report.outcome)</p>
            """
        if let reason = report.digest.conclusion?.reason { html += "<p class=\"why\">\(lines: reason)</p>" }
        html += "\n<ul class=\"counts\" aria-label=\"Tasks by state\">"
        for state in ExecutionState.reported where report.count(state) > 0 {
            html += "<li class=\"\(state.rawValue)\"><b>\(report.count(state))</b> \(state.reportWord)</li>"
        }
        if report.tasks.isEmpty { html += "<li class=\"P\">no tasks</li>" }
        html += "</ul>\n<dl class=\"facts\">"
        for (name, value) in facts(report) { html += "<div><dt>\(name)</dt><dd>\(value)</dd></div>" }
        html += "</dl>"
        for warning in warnings(report) { html += "\n<p class=\"warning\">\(warning)</p>" }
        return html + "\n</header>"
    }

    private static func facts(_ report: RunReport) -> [(String, String)] {
        let record = report.record
        var facts = [("Began", record.startedAt.reportText)]
        if report.state != .underWay {
            let isEnd = report.digest.conclusion != nil
            facts.append((isEnd ? "Ended" : "Last known of", report.horizon.reportText))
        }
        facts.append(("Took", report.duration.reportText))
        if !record.hostName.isEmpty { facts.append(("Machine", record.hostName)) }
        if !record.program.isEmpty {
            let version = record.programVersion.map { " \($0)" } ?? ""
            facts.append(("Program", record.program + version))
        }
        facts.append(("Run", record.id.description))
        return facts
    }

    /// Why the report may not tell everything.
    private static func warnings(_ report: RunReport) -> [String] {
        let digest = report.digest
        var warnings = report.problems.map { "The record of the run is not complete: \($0.description)." }
        if digest.missingEvents > 0 {
            warnings.append("\(digest.missingEvents) events of the run are not on record.")
        }
        if digest.unknownEvents > 0 {
            warnings.append(
                "\(digest.unknownEvents) events were recorded by a newer version of Flowmancer and are not shown."
            )
        }
        return warnings
    }
}

extension HTMLText {
    static func + (first: HTMLText, second: HTMLText) -> HTMLText { "\(first)\(second)" }

    /// A state with its sign.
    static func state(_ state: ExecutionState) -> HTMLText {
        "<span class=\"state \(state.rawValue)\">\(state.reportWord)</span>"
    }
}
