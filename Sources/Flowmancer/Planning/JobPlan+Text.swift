import FlowmancerEngine
import FlowmancerPlugins

extension JobPlan {
    /// The plan as people read it.
    func text(style: TerminalStyle) -> String {
        [summary(style), levels(style), path(style), restarting(style), notRun(style)]
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

    private func levels(_ style: TerminalStyle) -> String {
        guard !execution.levels.isEmpty else { return "" }
        let digits = "\(execution.levels.count)".count
        var lines: [String] = []
        for (number, tasks) in execution.levels.enumerated() {
            for (position, task) in tasks.enumerated() {
                let label = "\(number + 1)"
                let shown = position == 0 ? String(repeating: " ", count: digits - label.count) + label : ""
                let margin = position == 0 ? style.paint(shown, .faint) : String(repeating: " ", count: digits)
                lines.append("  \(margin)  \(line(of: task, style))")
            }
        }
        return lines.joined(separator: "\n")
    }

    private func line(of task: Int, _ style: TerminalStyle) -> String {
        let name = graph.names[task]
        var text = style.paint(name.printable, .active)
        if let definition = job.tasks[name] { text += "  \(style.paint(definition.variant.printable, .faint))" }
        let dependencies = graph.dependencies[task].map { graph.names[$0].printable }
        if !dependencies.isEmpty { text += style.paint("  after \(dependencies.joined(separator: ", "))", .faint) }
        if !decisions.isEmpty { text += "  (\(ResumePlan.explanation(of: decisions[task])))" }
        return text
    }

    private func path(_ style: TerminalStyle) -> String {
        guard execution.criticalPath.count > 1 else { return "" }
        let names = execution.criticalPath.map { graph.names[$0].printable }
        return """
            \(style.paint("Critical path", .strong)), by the number of tasks since no durations are known: \
            \(Self.count(names.count, "task"))
              \(names.joined(separator: " → "))
            """
    }

    private func restarting(_ style: TerminalStyle) -> String {
        switch restart {
        case .notAsked: ""
        case .nothingStored:
            "No checkpoint is stored for the job '\(job.configuration.name.printable)': it would start from its beginning."
        case .from(let resumption): "\(resumption)"
        }
    }

    /// What is left out on request; a restart tells it by itself.
    private func notRun(_ style: TerminalStyle) -> String {
        if case .from = restart { return "" }
        guard !leftOut.isEmpty else { return "" }
        let names = leftOut.sorted().map { graph.names[$0].printable }
        return "\(style.paint("Left out on request", .strong)): \(names.joined(separator: ", "))"
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
