import FlowmancerCluster
package import FlowmancerCore

/// `listen`: where the engine waits for pilots.
package struct ListenAddress: Sendable, Hashable {
    package let text: String
}

extension ListenAddress: CustomParameter {
    package static var expectation: String { "an address such as login1:7000, login1 or :7000" }

    package static var typeDescription: TypeDescription { .worded(.text, expectation: expectation) }

    package var describedValue: ParameterValue? { .string(text) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        if case .string(let text) = value, (try? PilotAddress(text)) != nil { return ListenAddress(text: text) }
        issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        return nil
    }
}
