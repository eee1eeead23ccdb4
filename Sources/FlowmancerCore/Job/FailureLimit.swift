/// `max_failures` in a job file: a number of failed tasks, or the word for no limit.
struct FailureLimit: Sendable, Hashable {
    /// The number; `nil` for no limit.
    var count: Int?
}

extension FailureLimit: CustomParameter {
    static var expectation: String { "a number of at least 1, or \(TimeLimit.unlimitedWord) for no limit" }

    static var typeDescription: TypeDescription {
        .either([.integer(minimum: 1, maximum: nil), .word(TimeLimit.unlimitedWord)])
    }

    var describedValue: ParameterValue? { count.map(ParameterValue.int) ?? .string(TimeLimit.unlimitedWord) }

    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> FailureLimit? {
        if case .string(let text) = value, text.lowercased() == TimeLimit.unlimitedWord { return FailureLimit() }
        if let count = Int(scalar: value), count >= 1 { return FailureLimit(count: count) }
        issues.append(.wrongValue(value, expected: expectation, at: path))
        return nil
    }
}

extension FailureLimit: JobKeyValue {
    var fault: JobIssue.Problem? {
        guard let count, count < 1 else { return nil }
        return .wrongValue(expected: Self.expectation, found: ParameterValue.int(count).description)
    }
}

extension JobConfiguration {
    var failureLimit: FailureLimit {
        get { FailureLimit(count: maxFailures) }
        set { maxFailures = newValue.count }
    }
}
