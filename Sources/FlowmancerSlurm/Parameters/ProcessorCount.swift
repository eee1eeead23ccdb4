package import FlowmancerCore

/// `cpus`: the processors of a pilot.
package struct ProcessorCount: Sendable, Hashable {
    package var value: Int
}

extension ProcessorCount: CustomParameter {
    package static var expectation: String { "a number of processors from 1 to \(limit)" }

    package static var typeDescription: TypeDescription { .integer(minimum: 1, maximum: limit) }

    package var describedValue: ParameterValue? { .int(value) }

    /// More than any machine has.
    private static let limit = 65_535

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        var others: [JobIssue] = []
        let count = ParameterConversion.convert(value, to: Int.self, at: path, issues: &others)
        if let count, (1...limit).contains(count) { return ProcessorCount(value: count) }
        issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        return nil
    }
}
