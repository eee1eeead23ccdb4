package import FlowmancerCore

/// The shell of a ``Shell`` task, with arguments: text such as `/bin/bash -euo pipefail`, or a list of words.
package struct ShellProgram: Sendable, Hashable {
    /// The program's name or path, then its arguments.
    package let words: [String]
}

extension ShellProgram: CustomParameter {
    package static var expectation: String { "a shell: its path and arguments, as text or as a list of words" }

    package static var typeDescription: TypeDescription { .either([.text, .list(.text, isSet: false)]) }

    package var describedValue: ParameterValue? { .array(words.map(ParameterValue.string)) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        func reject(_ reason: String) { issues.append(JobIssue(.rejectedValue(reason: reason), at: path)) }
        let before = issues.count
        let words: [String]
        switch value {
        case .string(let text):
            guard let parts = ShellWords.words(in: text) else {
                reject(
                    "the shell cannot contain variables, patterns, redirections or open quotes; expected \(expectation)"
                )
                return nil
            }
            words = parts
        case .array(let values):
            words = values.enumerated().compactMap { index, value in
                ParameterConversion.convert(value, to: String.self, at: path.appending(index), issues: &issues)
            }
        default:
            issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
            return nil
        }
        if issues.count == before, words.first?.isEmpty != false {
            reject("the shell has no name; expected \(expectation)")
        }
        for word in words {
            if word.utf8.contains(0) { reject("the shell cannot contain a NUL character") }
            if let issue = ArgumentLimit.issue(with: word, named: "the shell", at: path) { issues.append(issue) }
        }
        return issues.count == before ? Self(words: words) : nil
    }
}
