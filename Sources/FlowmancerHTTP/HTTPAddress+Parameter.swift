package import FlowmancerCore

extension HTTPAddress: CustomParameter {
    package static var expectation: String { "a URL that begins with http:// or https://" }

    package static var typeDescription: TypeDescription { .url }

    package var describedValue: ParameterValue? { .string(text) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        if case .string(let text) = value, let address = HTTPAddress(text) { return address }
        issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        return nil
    }
}
