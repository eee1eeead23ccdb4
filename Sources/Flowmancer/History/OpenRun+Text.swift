import FlowmancerEngine
import FlowmancerTerminal

extension OpenRun {
    /// The run as people read it.
    ///
    /// - Parameter columns: How wide lines should be at most.
    func text(style: TerminalStyle, columns: Int) -> String {
        [heading(style), facts(style), table(style, columns), path(style, columns)]
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// Which job it is, and where it stands.
    func heading(_ style: TerminalStyle) -> String {
        let name = style.paint(run.record.jobName.printable, .strong)
        let state = style.paint(run.state.description, run.state.role)
        let summary = run.end == nil ? ExecutionState.allCases.compactMap(count).joined(separator: ", ") : run.summary
        return "\(name): \(state)" + (summary.isEmpty ? "" : " (\(summary))")
    }

    private func count(_ state: ExecutionState) -> String? {
        let count = digest.counts[state] ?? 0
        return count > 0 ? "\(count) \(state)" : nil
    }

    private func facts(_ style: TerminalStyle) -> String {
        let record = run.record
        var facts: [(String, String?)] = [
            ("run", record.id.description),
            ("began", run.startText + (record.hostName.isEmpty ? "" : " on \(record.hostName)")),
            ("ended", run.endedAt?.localText),
            ("took", run.duration?.rounded.text),
            ("because", run.end?.conclusion?.reason),
            ("continues", record.continuedRun?.description ?? (record.isRestart ? "an earlier run" : nil)),
            ("retries", record.retriedRun.map { "a task of \($0)" }),
            ("job file", record.jobFile),
            ("program", program),
        ]
        facts += record.logDirectories.map { ("logs", $0) }
        let isToBeContinued = run.state != .succeeded && run.state != .underWay
        facts.append(("continue it with", isToBeContinued ? record.resumeCommand : nil))
        if digest.missingEvents + digest.unknownEvents > 0 {
            facts.append(("not shown", "\(digest.missingEvents + digest.unknownEvents) events"))
        }
        var table = TextTable()
        for case (let name, let text?) in facts {
            table.add([.init(text: "  \(name)", role: .faint), .init(text: text.printable)])
        }
        return table.lines(style).joined(separator: "\n")
    }

    private var program: String? {
        let record = run.record
        guard !record.program.isEmpty else { return nil }
        let version = record.programVersion.map { " \($0)" } ?? ""
        return "\(record.program)\(version) (Flowmancer \(record.flowmancerVersion))"
    }

    // MARK: Tasks

    private func table(_ style: TerminalStyle, _ columns: Int) -> String {
        var table = TextTable()
        var remarks: [[String]] = []
        for node in digest.nodes.indices where digest.isTold(node) {
            let task = digest.tasks[node]
            table.add([
                .init(text: "  \(digest.nodes[node].name.printable)"),
                .init(text: task.stateText, role: task.role),
                .init(text: task.duration?.rounded.text ?? "", isNumber: true),
                .init(text: task.attempts.count > 1 ? "\(task.attempts.count) attempts" : ""),
                .init(text: task.attempts.last?.machine?.printable ?? ""),
                .init(text: task.state == .failed ? "" : task.reason?.printable ?? "", role: .faint),
            ])
            remarks.append(task.failureLines(columns - 6).map { style.paint("      \($0)", .faint) })
        }
        return zip(table.lines(style), remarks).map { line, remarks in
            ([line.trimmingTrailingBlanks] + remarks).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private func path(_ style: TerminalStyle, _ columns: Int) -> String {
        let path = digest.criticalPath
        guard path.count > 1 else { return "" }
        let total = path.reduce(Duration.zero) { $0 + (digest.tasks[$1].duration ?? .zero) }
        let arrow = style.isUnicode ? "→" : "->"
        let steps = path.map { node in
            "\(digest.nodes[node].name.printable) (\((digest.tasks[node].duration ?? .zero).rounded.text))"
        }
        let text = steps.joined(separator: " \(arrow) ")
        let lines = text.wrapped(to: max(30, columns - 2)).map { "  \($0)" }
        return (["The longest way, \(total.rounded.text):"] + lines).joined(separator: "\n")
    }
}

extension RunDigest.Task {
    fileprivate var stateText: String {
        if state == .defaulted { return "not run" }
        return isAllowedFailure ? "failed as allowed" : state.description
    }

    fileprivate var role: TerminalStyle.Role {
        switch state {
        case .completed: .good
        case .failed: isAllowedFailure ? .warning : .bad
        case .aborted, .defaulted: .warning
        case .running: .active
        default: .faint
        }
    }

    /// Why the last attempt failed, and what it wrote last.
    fileprivate func failureLines(_ columns: Int) -> [String] {
        guard state != .completed, let failure = attempts.last?.failure else { return [] }
        let lines = failure.reason.split(separator: "\n").map(String.init) + failure.lastLines
        return lines.map { DisplayWidth.cut($0.printable, to: max(30, columns)) }
    }
}

extension String {
    fileprivate var trimmingTrailingBlanks: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
