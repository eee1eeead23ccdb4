package import FlowmancerCore

/// `options`: what `sbatch` is told besides.
package struct SubmissionOptions: Sendable, Hashable {
    package var values: [String] = []

    /// What Flowmancer tells `sbatch` itself, or what would keep it from submitting. The names of one letter come second.
    private static let own: [(name: String, letter: Character?)] = [
        ("array", "a"), ("chdir", "D"), ("clusters", "M"), ("comment", nil), ("error", "e"), ("export", nil),
        ("export-file", nil), ("get-user-env", nil), ("help", "h"), ("input", "i"), ("job-name", "J"),
        ("no-requeue", nil),
        ("nodes", "N"), ("ntasks", "n"), ("ntasks-per-node", nil), ("output", "o"), ("parsable", nil), ("requeue", nil),
        ("test-only", nil), ("usage", nil), ("version", "V"), ("wait", "W"), ("wrap", nil),
    ]

    /// What is wrong with an option; `nil` if nothing is known.
    static func fault(in option: String) -> String? {
        if option.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return "an option of sbatch has no control characters"
        }
        let name = option.prefix { $0 != "=" }
        guard name.hasPrefix("-"), name.count >= 2, name != "--" else {
            return "an option of sbatch begins with a hyphen, such as --constraint=ib"
        }
        let isLong = name.hasPrefix("--")
        if isLong, let blank = name.firstIndex(of: " ") {
            let rest = option[option.index(after: blank)...].drop { $0 == " " }
            return "each item of the list is one option; write \(name[..<blank])=\(rest)"
        }
        let isOwn = Self.own.contains { own in
            isLong ? name.dropFirst(2) == own.name : own.letter.map { name.dropFirst().first == $0 } ?? false
        }
        return isOwn ? "Flowmancer decides about \(isLong ? name : name.prefix(2)) itself; remove it" : nil
    }
}

extension SubmissionOptions: CustomParameter {
    package static var expectation: String { "an option of sbatch, or a list of options, such as [--constraint=ib]" }

    package static var typeDescription: TypeDescription {
        .worded(.either([.text, .list(.text, isSet: false)]), expectation: expectation)
    }

    package var describedValue: ParameterValue? { .array(values.map(ParameterValue.string)) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        var result = Self()
        let before = issues.count
        func take(_ text: String, at path: ParameterPath) {
            result.values.append(text)
            if let reason = fault(in: text) { issues.append(JobIssue(.rejectedValue(reason: reason), at: path)) }
        }
        switch value {
        case .string(let text): take(text, at: path)
        case .array(let items):
            for (index, item) in items.enumerated() {
                if case .string(let text) = item {
                    take(text, at: path.appending(index))
                } else {
                    let problem = JobIssue.Problem.wrongValue(expected: "text", found: item.description)
                    issues.append(JobIssue(problem, at: path.appending(index)))
                }
            }
        default:
            issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        }
        return issues.count == before ? result : nil
    }
}
