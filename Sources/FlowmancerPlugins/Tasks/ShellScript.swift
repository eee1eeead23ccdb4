import FlowmancerCore

/// The text of a command in which values of the run stand: they are in the environment, and the text only refers to them.
package struct ShellScript: Sendable, Hashable {
    /// A variable of the environment.
    package struct Variable: Sendable, Hashable {
        package let name: String
        package let value: String
    }

    /// The text for the shell.
    package let text: String
    package let variables: [Variable]
    /// The command as the job has it, without the values.
    package let shown: String

    /// The name of a variable, from 1.
    private static func name(_ number: Int) -> String { "FLOWMANCER_VALUE_\(number)" }

    /// Creates the command of a template whose values are known, or records why there is none.
    init?(_ template: ValueTemplate, at path: ParameterPath, issues: inout [JobIssue]) {
        let before = issues.count
        var quoting = ShellQuoting()
        var text = ""
        var variables: [Variable] = []
        var numbers: [ExpressionReference: Int] = [:]
        for piece in template.pieces {
            switch piece {
            case .text(let part):
                text += part
                quoting.read(part)
            case .reference(let reference):
                issues.append(
                    JobIssue(.rejectedValue(reason: "the value of \(reference.label) is not known"), at: path)
                )
            case .value(let reference, let value):
                let number = numbers[reference] ?? variables.count + 1
                if numbers[reference] == nil {
                    numbers[reference] = number
                    variables.append(Variable(name: Self.name(number), value: value.embeddedText))
                }
                if quoting.place == .arithmetic, Int(value.embeddedText) == nil {
                    // Some shells take text there for the name of a variable, or for a command in brackets.
                    let reason =
                        "\(reference.label) stands in arithmetic of the shell, where it has to be a whole number; "
                    let found = "found \(ExpressionProblem.Kind(value).rawValue)"
                    issues.append(JobIssue(.rejectedValue(reason: reason + found), at: path))
                }
                text += Self.reference(to: Self.name(number), at: quoting.place)
                quoting.skipVariable()
            }
        }
        for variable in variables {
            if variable.value.utf8.contains(0) {
                let reason = "a value of the run in the command contains a NUL character"
                issues.append(JobIssue(.rejectedValue(reason: reason), at: path))
            }
            let setting = "\(variable.name)=\(variable.value)"
            if let issue = ArgumentLimit.issue(with: setting, named: "a value of the run in the command", at: path) {
                issues.append(issue)
            }
        }
        if let issue = ArgumentLimit.issue(with: text, named: "the command", at: path) { issues.append(issue) }
        guard issues.count == before else { return nil }
        self.text = text
        self.variables = variables
        shown = template.description
    }

    private static func reference(to name: String, at place: ShellQuoting.Place) -> String {
        switch place {
        case .bare: "\"${\(name)}\""
        case .expanded, .literal, .arithmetic: "${\(name)}"
        }
    }

    /// Warns of variables that a shell will not replace.
    static func review(_ template: ValueTemplate, at path: ParameterPath, issues: inout [JobIssue]) {
        var quoting = ShellQuoting()
        var named: Set<String> = []
        for piece in template.pieces {
            switch piece {
            case .text(let part):
                quoting.read(part)
            case .reference(let reference), .value(let reference, _):
                if quoting.place == .literal, named.insert(reference.label).inserted {
                    let reason =
                        "\(reference.label) stands between single quotes, where a shell does not replace it, because a value "
                        + "of the run is never part of the command itself; use double quotes"
                    issues.append(JobIssue(.rejectedValue(reason: reason), at: path, severity: .warning))
                }
                quoting.skipVariable()
            }
        }
    }
}
