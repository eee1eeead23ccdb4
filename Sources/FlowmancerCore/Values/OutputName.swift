/// What `$OUT{task.output}` names.
package struct OutputName: Sendable, Hashable {
    /// The name of the task, as seen from the task that has the variable.
    package let task: String
    package let output: String

    /// Takes a name apart. That of a task may have dots, that of an output has none.
    package init?(_ text: String) {
        guard let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")), dot > text.startIndex else { return nil }
        let output = text[dot...].dropFirst()
        guard TaskOutputs.isName(output) else { return nil }
        task = String(text[..<dot])
        self.output = String(output)
    }
}

extension ExpressionReference {
    /// What is named by a variable for what a task published.
    package var outputName: OutputName? { kind == .output ? OutputName(name) : nil }

    /// What is wrong with the variable as it is written; `nil` if nothing is.
    package var malformation: VariableProblem? {
        switch kind {
        case .output: OutputName(name) == nil ? .malformedOutput(label) : nil
        // `$ITEM{}` is the item itself, where a letter follows.
        case .item: nil
        case .variable, .environment, .system, .shared, .state: name.isEmpty ? .unnamed(label) : nil
        }
    }
}

/// What a task does not publish, though a variable names it.
package struct UnknownOutput: Sendable, Hashable {
    package var task: String
    package var output: String
    /// What the task publishes.
    package var known: [String]

    /// What is wrong, and what could be meant.
    var wording: String {
        guard !known.isEmpty else {
            return "'\(task)' publishes nothing; mark a property of its type with @Output, or name another task"
        }
        return "'\(task)' publishes no '\(output)'; " + JobIssue.choice(of: output, among: known, none: "")
    }
}
