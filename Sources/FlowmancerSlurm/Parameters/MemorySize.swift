package import FlowmancerCore

/// `memory`: what a pilot has, in bytes.
package struct MemorySize: Sendable, Hashable {
    package var bytes: Int

    /// In mebibytes, as Slurm counts it.
    var mebibytes: Int { bytes / (1 << 20) + (bytes % (1 << 20) > 0 ? 1 : 0) }
}

extension MemorySize: CustomParameter {
    package static var expectation: String { "a size of memory, such as 512M or 64G" }

    package static var typeDescription: TypeDescription {
        .worded(.either([.text, .integer(minimum: smallest, maximum: nil)]), expectation: expectation)
    }

    package var describedValue: ParameterValue? { ResourceAmountText.written(bytes) }

    /// A number without a unit, which `sbatch` takes for mebibytes, would be bytes here: so few are a mistake.
    private static let smallest = 1 << 20

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        if let bytes = ResourceAmountText.amount(value), bytes >= smallest { return MemorySize(bytes: bytes) }
        let isNumber = ResourceAmountText.amount(value) != nil
        let hint = isNumber ? " (a number without a unit counts bytes)" : ""
        issues.append(JobIssue(.wrongValue(expected: expectation + hint, found: value.description), at: path))
        return nil
    }
}
