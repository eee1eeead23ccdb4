package import FlowmancerCore

extension HTTPAddress: CustomParameter {
    package static var expectation: String { "a URL that begins with http:// or https://" }

    package static var typeDescription: TypeDescription { .url }

    package var describedValue: ParameterValue? { .string(text) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        guard case .string(let text) = value else {
            issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
            return nil
        }
        guard let fault = fault(in: text) else { return HTTPAddress(text) }
        // What has an @ may have a password before it.
        let found = text.utf8.contains(UInt8(ascii: "@")) ? "text that is not shown" : value.description
        let problem: JobIssue.Problem =
            switch fault {
            case .otherText: .wrongValue(expected: expectation, found: found)
            case .port: .wrongValue(expected: "a URL with a port from 1 to 65535", found: found)
            case .credentials:
                .wrongValue(
                    expected: "a URL without a user or password (use 'authorization' or 'headers' instead)",
                    found: "a URL with a user or password"
                )
            }
        issues.append(JobIssue(problem, at: path))
        return nil
    }
}
