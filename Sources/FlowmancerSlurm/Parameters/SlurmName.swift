package import FlowmancerCore

/// A name that Slurm has for something, such as a partition.
package struct SlurmName: Sendable, Hashable {
    package let value: String

    init?(_ value: String) {
        guard !value.isEmpty, value.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else {
            return nil
        }
        self.value = value
    }
}

extension SlurmName: CustomParameter {
    package static var expectation: String { "a name without blanks" }

    package static var typeDescription: TypeDescription { .worded(.text, expectation: expectation) }

    package var describedValue: ParameterValue? { .string(value) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        if case .string(let text) = value, let name = SlurmName(text) { return name }
        issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        return nil
    }
}
