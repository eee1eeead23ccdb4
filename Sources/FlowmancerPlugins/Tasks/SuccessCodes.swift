package import FlowmancerCore

/// The exit codes that count as success of a ``Shell`` task; at least one.
package struct SuccessCodes: Sendable, Hashable {
    package let values: [UInt8]
}

extension SuccessCodes: CustomParameter {
    package static var expectation: String { "a list of exit codes, such as [0, 1]" }

    package static var typeDescription: TypeDescription { .list(.integer(minimum: 0, maximum: 255), isSet: false) }

    package var describedValue: ParameterValue? { .array(values.map { .int(Int($0)) }) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        guard case .array(let items) = value, !items.isEmpty else {
            issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
            return nil
        }
        let values = items.enumerated().compactMap { index, item in
            ParameterConversion.convert(item, to: UInt8.self, at: path.appending(index), issues: &issues)
        }
        return values.count == items.count ? Self(values: values) : nil
    }
}
