import FlowmancerTerminal

extension TypeListing {
    /// The types as people read them.
    ///
    /// - Parameter columns: How wide lines should be at most.
    func text(style: TerminalStyle, columns: Int) -> String {
        let parts = sections.map { section in
            let title = style.paint(section.kind.title, .strong)
            guard !section.types.isEmpty else { return "\(title)\n\n  none" }
            return "\(title)\n\n" + section.types.map { text(of: $0, style, columns) }.joined(separator: "\n\n")
        }
        return parts.joined(separator: "\n\n")
    }

    private func text(of type: ListedType, _ style: TerminalStyle, _ columns: Int) -> String {
        let name = style.paint(type.entry.name.printable, .active)
        var lines = ["  \(name)  \(style.paint("in \(type.entry.module.printable)", .faint))"]
        let others = type.entry.names.filter { $0 != type.entry.name && $0 != type.entry.qualifiedName }.sorted()
        if !others.isEmpty { lines[0] += style.paint(", also \(others.joined(separator: ", ").printable)", .faint) }
        if !type.group.abstract.isEmpty {
            lines += type.group.abstract.printable.wrapped(to: max(30, columns - 4)).map { "    \($0)" }
        }
        let parameters = type.rows.map { Row($0.path, $0.parameter.facts, $0.parameter.help) }
        let outputs = type.group.outputs.map { Row($0.key, $0.type.words, $0.help) }
        if parameters.isEmpty { lines.append(style.paint("    no parameters", .faint)) }
        let width = min((parameters + outputs).map { DisplayWidth.of($0.name) }.max() ?? 0, 40)
        for row in parameters { lines += row.lines(width, style, columns) }
        if !outputs.isEmpty { lines.append(style.paint("    publishes", .faint)) }
        for row in outputs { lines += row.lines(width, style, columns) }
        return lines.joined(separator: "\n")
    }

    /// What is said of a parameter or an output.
    private struct Row {
        let name: String
        private let facts: String
        private let help: String

        init(_ name: String, _ facts: String, _ help: String) {
            (self.name, self.facts, self.help) = (name.printable, facts.printable, help.printable)
        }

        /// - Parameter width: How wide the column of names is.
        func lines(_ width: Int, _ style: TerminalStyle, _ columns: Int) -> [String] {
            let padding = String(repeating: " ", count: max(0, width - DisplayWidth.of(name)))
            let indentation = width + 6
            let first = facts.wrapped(to: max(30, columns - indentation))
            let margin = String(repeating: " ", count: indentation)
            var lines = ["    \(name)\(padding)  \(first[0])"]
            lines += first.dropFirst().map { margin + $0 }
            guard !help.isEmpty else { return lines }
            return lines + help.wrapped(to: max(30, columns - indentation)).map { margin + style.paint($0, .faint) }
        }
    }
}

extension ParameterDescription {
    /// Type, default and what else is to be known: "integer, default 3".
    fileprivate var facts: String {
        var facts = [type.words]
        switch presence {
        case .required: facts.append("required")
        case .optional(.null?): facts.append("optional")
        case .optional(let value?): facts.append("default \(value.shortText)")
        case .optional(nil): facts.append(isSecret ? "optional" : "has a default")
        }
        if isSecret { facts.append("secret") }
        return facts.joined(separator: ", ")
    }
}

extension JobIssue.NamedKind {
    fileprivate var title: String {
        switch self {
        case .task: "Tasks"
        case .executor: "Executors"
        case .logger: "Loggers"
        case .extension: "Extensions"
        case .checkpointer: "Checkpointers"
        case .history: "Histories"
        }
    }
}

extension ParameterValue {
    /// The value on one line, as JSON has it; text without quotes where it is plain.
    var shortText: String {
        if case .string(let text) = self, !text.isEmpty, !text.contains(where: { $0.isWhitespace || $0 == "\"" }) {
            return text
        }
        return inlineJSON
    }

    /// The value as JSON without line breaks.
    var inlineJSON: String {
        switch self {
        case .array(let items): "[\(items.map(\.inlineJSON).joined(separator: ", "))]"
        case .object(let members):
            "{\(members.map { "\(ParameterValue.string($0.key).inlineJSON): \($0.value.inlineJSON)" }.joined(separator: ", "))}"
        default: (try? CommandOutput.json(self)) ?? scalarText ?? ""
        }
    }
}
