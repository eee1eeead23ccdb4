import FlowmancerEngine
import FlowmancerTerminal

extension JobPlan {
    /// The plan as people read it.
    ///
    /// - Parameter columns: How wide lines should be at most.
    func text(style: TerminalStyle, columns: Int) -> String {
        [
            summary(style), levels(style, columns), path(style, columns), restarting(columns), notRun(style, columns),
        ]
        .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func summary(_ style: TerminalStyle) -> String {
        let name = style.paint(job.configuration.name.printable, .strong)
        let running = order.count
        guard running > 0 else { return "\(name): none of \(Self.count(graph.count, "task")) would run" }
        let share =
            running == graph.count ? Self.count(running, "task") : "\(running) of \(Self.count(graph.count, "task"))"
        let limit = job.configuration.maxConcurrency
        let width = "the widest has \(Self.count(execution.width, "task"))"
        let limited = limit > 0 ? "; at most \(limit) at once (max_concurrency)" : ""
        return "\(name): \(share) would run, on \(Self.count(execution.levels.count, "level")), \(width)\(limited)"
    }

    private func levels(_ style: TerminalStyle, _ columns: Int) -> String {
        guard !execution.levels.isEmpty else { return "" }
        let digits = "\(execution.levels.count)".count
        var lines: [String] = []
        for (number, tasks) in execution.levels.enumerated() {
            for (position, task) in tasks.enumerated() {
                let label = "\(number + 1)"
                let shown = position == 0 ? String(repeating: " ", count: digits - label.count) + label : ""
                let margin = position == 0 ? style.paint(shown, .faint) : String(repeating: " ", count: digits)
                let entry = self.lines(of: task, style, columns - digits - 4)
                lines.append("  \(margin)  \(entry[0])")
                lines += entry.dropFirst().map { String(repeating: " ", count: digits + 4) + $0 }
            }
        }
        return lines.joined(separator: "\n")
    }

    /// A task with what it waits for; on several lines if that is too long for one.
    private func lines(of task: Int, _ style: TerminalStyle, _ columns: Int) -> [String] {
        let name = graph.names[task]
        let type = job.tasks[name]?.variant.printable ?? ""
        let dependencies = graph.dependencies[task].map { graph.names[$0].printable }
        let waiting = dependencies.isEmpty ? "" : "after \(dependencies.joined(separator: ", "))"
        let reason = decisions.isEmpty ? "" : "(\(decisions[task].explanation))"
        let title = "\(style.paint(name.printable, .active))  \(style.paint(type, .faint))"
        let notes = [waiting.isEmpty ? "" : style.paint(waiting, .faint), reason].filter { !$0.isEmpty }
        let line = ([title] + notes).joined(separator: "  ")
        guard DisplayWidth.of(line) > columns else { return [line] }
        let wrapped = waiting.isEmpty ? [] : waiting.wrapped(to: max(30, columns - 2)).map { style.paint($0, .faint) }
        return [title] + (wrapped + (reason.isEmpty ? [] : [reason])).map { "  \($0)" }
    }

    private func path(_ style: TerminalStyle, _ columns: Int) -> String {
        guard execution.criticalPath.count > 1 else { return "" }
        let names = execution.criticalPath.map { graph.names[$0].printable }
        let title = "\(style.paint("Critical path", .strong)) (the longest chain of tasks): "
        let steps = names.joined(separator: " → ").wrapped(to: max(30, columns - 2)).map { "\n  \($0)" }
        return title + Self.count(names.count, "task") + steps.joined()
    }

    private func restarting(_ columns: Int) -> String {
        switch restart {
        case .notAsked: ""
        case .nothingStored:
            "No checkpoint is stored for the job '\(job.configuration.name.printable)': a run would start from the beginning."
        case .from(let resumption):
            resumption.description.split(separator: "\n").map { line in
                let text = String(line.drop { $0 == " " })
                let margin = String(line.prefix { $0 == " " })
                return margin + text.wrapped(to: max(30, columns - margin.count - 2)).joined(separator: "\n\(margin)  ")
            }.joined(separator: "\n")
        }
    }

    /// What is left out on request; a restart tells it by itself.
    private func notRun(_ style: TerminalStyle, _ columns: Int) -> String {
        if case .from = restart { return "" }
        guard !leftOut.isEmpty else { return "" }
        let names = leftOut.sorted().map { graph.names[$0].printable }.joined(separator: ", ")
        let title = "Left out on request"
        let line = "\(title): \(names)"
        guard DisplayWidth.of(line) > columns else { return "\(style.paint(title, .strong)): \(names)" }
        return style.paint(title, .strong) + ":" + names.wrapped(to: max(30, columns - 2)).map { "\n  \($0)" }.joined()
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
