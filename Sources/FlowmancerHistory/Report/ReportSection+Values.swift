import FlowmancerCore

extension ReportSection {
    /// So many bytes of values are shown.
    private static let mostBytes = 200_000
    private static let longestValue = 4_000

    /// The parameters of the job's tasks; `nil` if none has any.
    static func parameters(_ report: RunReport) -> ReportSection? {
        let tasks = report.digest.nodes.shape.tasks.filter { $0.parameters != nil }
        guard !tasks.isEmpty else { return nil }
        let (list, others) = valueList(tasks) { task in
            var members: [(String, String)] = []
            if let parameters = task.parameters, case .object(let values)? = ParameterValue(json: parameters) {
                members = values.map { ($0.key, text(of: $0.value)) }
            }
            return (task.name, task.type, members)
        }
        var body: HTMLText = "<p class=\"note\">As the job has them. Secrets are shown as ***.</p>"
        body += list
        if others > 0 {
            body +=
                "<p class=\"note\">The parameters of \(others) more tasks are not shown: they would make the page too large.</p>"
        }
        return ReportSection(id: "parameters", title: "Parameters", body: body)
    }

    /// What tasks published; `nil` if nothing.
    static func outputs(_ report: RunReport) -> ReportSection? {
        let tasks = report.tasks.filter { !report.digest.tasks[$0].outputs.isEmpty }
        guard !tasks.isEmpty else { return nil }
        let (list, others) = valueList(tasks) { task in
            let values = report.digest.tasks[task].outputs.map { name, json in
                (name, ParameterValue(json: json).map(text) ?? json.rawValue)
            }
            return (report.name(of: task), "", values)
        }
        var body = list
        if others > 0 {
            body +=
                "<p class=\"note\">The values of \(others) more tasks are not shown: they would make the page too large.</p>"
        }
        return ReportSection(id: "values", title: "Published values", body: body)
    }

    /// Text as it is, anything else as JSON.
    private static func text(of value: ParameterValue) -> String {
        if case .string(let text) = value { text } else { value.json.rawValue }
    }

    /// - Returns: The list, and how many have no place in it.
    private static func valueList<Element>(
        _ elements: [Element],
        _ entry: (Element) -> (name: String, remark: String, values: [(String, String)])
    ) -> (HTMLText, others: Int) {
        var html: HTMLText = "<div class=\"values\">\n"
        var shown = 0
        // A few are read without opening them.
        let isOpen = elements.count <= 3
        for element in elements {
            guard html.bytes.count < mostBytes else { break }
            let (name, remark, values) = entry(element)
            html +=
                "<details\(isOpen ? HTMLText(markup: " open=\"open\"") : "")><summary>\(name) <small>\(remark)</small></summary><dl>"
            for (name, value) in values { html += "<dt>\(name)</dt><dd>\(lines: value.cut(to: longestValue))</dd>" }
            html += "</dl></details>\n"
            shown += 1
        }
        return (html + "</div>", elements.count - shown)
    }

    /// Where the run was, and with which versions.
    static func environment(_ report: RunReport) -> ReportSection? {
        let record = report.record
        var facts: [(String, String)] = [("Run", record.id.description), ("Job", record.jobName)]
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { facts.append((name, value)) }
        }
        add("Job file", record.jobFile)
        add("Directory", record.directory)
        add("Program", record.program)
        add("Version of the program", record.programVersion)
        add("Version of Flowmancer", record.flowmancerVersion)
        add("Machine", record.hostName)
        add("Process", record.process.map { String($0.number) })
        if record.isRestart { add("Continues", record.continuedRun?.description ?? "an earlier run") }
        add("To continue", record.resumeCommand)
        for directory in record.logDirectories { add("Logs", directory) }
        var body: HTMLText = "<dl class=\"facts wide\">"
        for (name, value) in facts { body += "<div><dt>\(name)</dt><dd>\(value)</dd></div>" }
        return ReportSection(id: "environment", title: "Environment", body: body + "</dl>")
    }
}
