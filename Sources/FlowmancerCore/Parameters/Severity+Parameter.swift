extension Severity: CustomParameter {
    package static var expectation: String {
        "one of: \(allCases.map { $0.rawValue.lowercased() }.joined(separator: ", "))"
    }

    package static var typeDescription: TypeDescription { .either(allCases.map { .word($0.rawValue.lowercased()) }) }

    package var describedValue: ParameterValue? { .string(rawValue.lowercased()) }

    /// Converts a name in any case.
    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        if case .string(let text) = value, let severity = Severity(rawValue: text.uppercased()) { return severity }
        let candidates = allCases.map { $0.rawValue.lowercased() }
        issues.append(.wrongValue(value, expected: expectation, at: path, candidates: candidates))
        return nil
    }
}
