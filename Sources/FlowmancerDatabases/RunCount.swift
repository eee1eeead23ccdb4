package import FlowmancerCore

/// How many runs of a job are kept: at least the present one.
package struct RunCount: Sendable, Hashable {
    package let value: Int

    /// - Returns: `nil` for less than one run.
    package init?(_ value: Int) {
        guard value >= 1 else { return nil }
        self.value = value
    }

    /// As many as somebody will look back at.
    package static let standard = RunCount(unchecked: 100)

    private init(unchecked value: Int) {
        self.value = value
    }
}

extension RunCount: CustomParameter {
    package static var expectation: String { "an integer of at least 1 (the current run counts)" }

    package static var typeDescription: TypeDescription { .integer(minimum: 1, maximum: nil) }

    package var describedValue: ParameterValue? { .int(value) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        // Whatever is no integer gets the same words.
        var others: [JobIssue] = []
        let number = ParameterConversion.convert(value, to: Int.self, at: path, issues: &others)
        if let count = number.flatMap(RunCount.init) { return count }
        issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        return nil
    }
}
