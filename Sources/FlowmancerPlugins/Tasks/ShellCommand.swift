package import FlowmancerCore

/// What a ``Shell`` task runs: text, or a list of words.
package enum ShellCommand: Sendable, Hashable {
    case text(String)
    case words([String])
    /// Text with values of the run.
    case script(ShellScript)
}

extension ShellCommand: CustomParameter {
    package static var expectation: String { "a command: text, or a list of words" }

    package static var typeDescription: TypeDescription { .either([.text, .list(.text, isSet: false)]) }

    package var describedValue: ParameterValue? {
        switch self {
        case .text(let text): .string(text)
        case .words(let words): .array(words.map(ParameterValue.string))
        case .script: nil
        }
    }

    package static var keepsVariables: Bool { true }

    package static func review(_ template: ValueTemplate, at path: ParameterPath, issues: inout [JobIssue]) {
        ShellScript.review(template, at: path, issues: &issues)
    }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        let before = issues.count
        var result: Self?
        switch value {
        case .string(let text):
            result = .text(text)
            if text.allSatisfy(\.isWhitespace) {
                issues.append(JobIssue(.rejectedValue(reason: "the command is empty"), at: path))
            }
            // Of a simple command, each word is an argument of its own.
            let arguments = ShellWords.simpleCommand(in: text) ?? [text]
            issues += arguments.compactMap { ArgumentLimit.issue(with: $0, named: "the command", at: path) }.prefix(1)
        case .array(let values):
            let words = values.enumerated().compactMap { index, value in
                ParameterConversion.convert(value, to: String.self, at: path.appending(index), issues: &issues)
            }
            result = .words(words)
            issues += words.enumerated().compactMap { index, word in
                ArgumentLimit.issue(with: word, named: "the argument", at: path.appending(index))
            }
            if values.isEmpty || words.first == "" {
                issues.append(JobIssue(.rejectedValue(reason: "the command has no name"), at: path))
            }
        case .template(let template):
            // A list that was published is a list of words, and not text with JSON in it.
            if template.pieces.count == 1, case .value(_, let list) = template.pieces[0], case .array = list {
                return convert(list, at: path, issues: &issues)
            }
            result = ShellScript(template, at: path, issues: &issues).map(ShellCommand.script)
        default:
            issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        }
        if result?.isPassable == false {
            issues.append(JobIssue(.rejectedValue(reason: "a command cannot contain a NUL character"), at: path))
        }
        return issues.count == before ? result : nil
    }

    private var isPassable: Bool {
        switch self {
        case .text(let text): !text.utf8.contains(0)
        case .words(let words): !words.contains { $0.utf8.contains(0) }
        case .script(let script): !script.text.utf8.contains(0)
        }
    }
}

extension ShellCommand: CustomStringConvertible {
    /// The most characters of a command that a message shows.
    private static let shownLength = 200

    /// The command as a message shows it: on one line, and not longer than that.
    package var description: String {
        let whole =
            switch self {
            case .text(let text): text
            case .words(let words): words.map(Self.quoted).joined(separator: " ")
            case .script(let script): script.shown
            }
        let lines = whole.split(whereSeparator: \.isNewline)
        let first = String(lines.first ?? "").printableLines
        return first.prefix(Self.shownLength) + (lines.count > 1 || first.count > Self.shownLength ? " …" : "")
    }

    private static func quoted(_ word: String) -> String {
        let isPlain = ShellWords.simpleCommand(in: "x \(word)") == ["x", word]
        return isPlain ? word : "'\(word.replacingScalars { $0 == "'" ? "'\\''" : nil })'"
    }
}
