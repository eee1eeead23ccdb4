import FlowmancerEngine
import FlowmancerTerminal

extension JobPlan {
    /// The plan as people read it.
    ///
    /// - Parameter columns: How wide lines should be at most.
    func text(style: TerminalStyle, columns: Int) -> String {
        [
            summary(style), expectedTime?.sentence(style) ?? "", levels(style, columns), path(style, columns),
            afterFailures(style, columns),
            neverRun(style, columns), restarting(columns),
            list(upToDate.map { graph.names[$0] }, title: "Up to date", style, columns),
            notRun(style, columns), skipped(style, columns),
        ]
        .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func summary(_ style: TerminalStyle) -> String {
        let name = style.paint(job.configuration.name.printable, .strong)
        let running = order.count
        let others = afterFailures.count
        let more = others > 0 ? "; \(others)\(running > 0 ? " more" : "") would run only after failures" : ""
        let all = tasks.count
        guard running > 0 else { return "\(name): none of \(Self.count(all, "task")) would run\(more)" }
        let share = running == all ? Self.count(running, "task") : "\(running) of \(Self.count(all, "task"))"
        let limit = job.configuration.maxConcurrency
        let width = "the widest has \(Self.count(execution.width, "task"))"
        let limited = limit > 0 ? "; at most \(limit) at once (max_concurrency)" : ""
        let levels = Self.count(execution.levels.count, "level")
        let groups = order.count(where: runsForItems)
        let several = groups > 0 ? "; \(groups) of them for each of several items (for_each)" : ""
        return "\(name): \(share) would run, on \(levels), \(width)\(several)\(limited)\(limitsOfRun)\(more)"
    }

    private var limitsOfRun: String {
        var text = ""
        if let count = job.configuration.maxFailures {
            text += "; no more start after \(Self.count(count, "failure")) (max_failures)"
        }
        if let limit = job.configuration.timeout.duration { text += "; aborted after \(limit.text) (timeout)" }
        let executor = job.configuration.executor
        if executor != JobDefinition.localExecutor { text += "; on '\(executor.printable)' (executor)" }
        if !resources.isEmpty { text += "; resources: \(resources.map(\.words).joined(separator: ", "))" }
        return text
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
        let (name, definition) = job.tasks.elements[task]
        let type = definition.variant.printable
        let begins = beginnings(of: task)
        let dependencies = dependencyNames(of: begins[begins.count - 1]).map(\.printable)
        let unusual = begins.map { job.tasks.values[$0].runIf }.filter { $0 != .allCompleted }
        let rules = [
            itemNote(of: task) ?? "",
            dependencies.isEmpty ? "" : "after \(dependencies.joined(separator: ", "))",
            unusual.map { "run_if: \($0.rawValue)" }.joined(separator: ", "),
            definition.allowsFailure ? "allow_failure" : "", definition.wordsOfResources,
            definition.priority.map { "priority: \($0)" } ?? "", executorNote(of: task) ?? "",
        ]
        let waiting = rules.filter { !$0.isEmpty }.joined(separator: ", ")
        let reasons = [
            decisions.isEmpty ? nil : decisions[task].explanation,
            begins.lazy.compactMap { conditionNote(of: $0) }.first, valueNote(of: task), reuseNote(of: task),
        ].compactMap(\.self)
        let reason = reasons.isEmpty ? "" : "(\(reasons.joined(separator: "; ")))"
        let title = "\(style.paint(name.printable, .active))  \(style.paint(type, .faint))"
        let notes = [waiting.isEmpty ? "" : style.paint(waiting, .faint), reason].filter { !$0.isEmpty }
        let line = ([title] + notes).joined(separator: "  ")
        guard DisplayWidth.of(line) > columns else { return [line] }
        let wrapped = waiting.isEmpty ? [] : waiting.wrapped(to: max(30, columns - 2)).map { style.paint($0, .faint) }
        return [title] + (wrapped + (reason.isEmpty ? [] : [reason])).map { "  \($0)" }
    }

    /// What runs only if other tasks fail.
    private func afterFailures(_ style: TerminalStyle, _ columns: Int) -> String {
        let lines = afterFailures.flatMap { self.lines(of: $0, style, columns - 2) }
        return section("Only after failures", lines, style)
    }

    /// What does not run, however other tasks end.
    private func neverRun(_ style: TerminalStyle, _ columns: Int) -> String {
        let lines = tasks.flatMap { task -> [String] in
            guard case .ends(let state) = prospects[task] else { return [] }
            var lines = self.lines(of: task, style, columns - 2)
            // That of the job which a task is in comes first.
            let ruled = scopes.ancestors(of: task).last { prospects[$0] == prospects[task] } ?? task
            let reason = StateReason.ruleUnmet(job.tasks.values[ruled].runIf).text { graph.names[$0] }
            lines[0] += "  (\(state == .skipped ? "skipped" : "not run"): \(reason))"
            return lines
        }
        return section("Does not run", lines, style)
    }

    private func section(_ title: String, _ lines: [String], _ style: TerminalStyle) -> String {
        lines.isEmpty ? "" : ([style.paint(title, .strong) + ":"] + lines).joined(separator: "\n  ")
    }

    private func path(_ style: TerminalStyle, _ columns: Int) -> String {
        // The chain that takes longest says more than the one with the most tasks.
        if let way = expectedTime?.longestWay(style, columns), !way.isEmpty { return way }
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
        case .from(let resumption, _):
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
        let names = leftOut.tasks.sorted().map { graph.names[$0] } + leftOut.items
        return list(names, title: "Left out on request", style, columns)
    }

    /// The tasks whose conditions are false, as far as that is known.
    private func skipped(_ style: TerminalStyle, _ columns: Int) -> String {
        let names = conditions.skipped.map { graph.names[$0] }
        return list(names, title: "Skipped, because \(TaskCondition.reasonIfFalse)", style, columns)
    }

    private func list(_ names: [String], title: String, _ style: TerminalStyle, _ columns: Int) -> String {
        guard !names.isEmpty else { return "" }
        let names = names.map(\.printable).joined(separator: ", ")
        let line = "\(title): \(names)"
        guard DisplayWidth.of(line) > columns else { return "\(style.paint(title, .strong)): \(names)" }
        return style.paint(title, .strong) + ":" + names.wrapped(to: max(30, columns - 2)).map { "\n  \($0)" }.joined()
    }

    /// What is known of the condition of a task that may run.
    private func conditionNote(of task: Int) -> String? {
        conditions.outcomes[task]?.words?.printable
    }

    /// Where a task runs, unless it runs where most tasks do.
    private func executorNote(of task: Int) -> String? {
        let executor = job.executor(of: job.tasks.values[task])
        return executor == job.configuration.executor ? nil : "executor: \(executor.printable)"
    }

    /// What is known of a task that may be up to date.
    private func reuseNote(of task: Int) -> String? {
        switch reuse[task] {
        case .runs(let reason): "runs: \(reason)".printable
        case .open(let reason): reason.printable
        case .upToDate, nil: nil
        }
    }

    /// The variables of a task that are known in the run only.
    private func valueNote(of task: Int) -> String? {
        let variables = variables(of: task)
        return variables.isEmpty ? nil : "known in the run: \(variables.joined(separator: ", "))".printable
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
