package import FlowmancerCore

/// The directory that a command starts in.
package struct CommandDirectory: Sendable, Hashable {
    /// The path as the job has it, from the app root if relative.
    package let path: String
}

extension CommandDirectory: CustomParameter {
    package static var expectation: String { "the path of a directory" }

    package static var typeDescription: TypeDescription { .text }

    package var describedValue: ParameterValue? { .string(path) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        if case .string(let text) = value, !text.isEmpty, !text.utf8.contains(0) { return Self(path: text) }
        issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        return nil
    }
}
