import FlowmancerTerminal

/// Runs as people read them.
struct RunListing {
    private let page: RunPage

    init(_ page: RunPage) {
        self.page = page
    }

    func text(style: TerminalStyle) -> String {
        guard !page.runs.isEmpty else { return "No runs." }
        var table = TextTable()
        for run in page.runs {
            table.add([
                .init(text: run.record.id.description, role: .faint),
                .init(text: run.record.jobName.printable, role: .strong),
                .init(text: run.state.description, role: run.state.role),
                .init(text: run.startText),
                .init(text: run.duration?.rounded.text ?? "", isNumber: true),
                .init(text: run.summary),
            ])
        }
        var lines = table.lines(style)
        if let next = page.next { lines.append(style.paint("There are more: --before \(next)", .faint)) }
        return lines.joined(separator: "\n")
    }
}
