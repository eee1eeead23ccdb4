import OrderedCollections

/// A type of values that a ``JobKey`` can have.
protocol JobKeyValue: Equatable, Sendable {
    /// The forms that a job file may have for it.
    static var forms: TypeDescription { get }
    /// Converts a value of a job file, or records why it does not fit and returns `nil`.
    static func read(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self?
    /// Returns the value as a job file has it, or records why no file can have it.
    func written(at path: @autoclosure () -> ParameterPath, issues: inout [JobIssue]) -> ParameterValue
}

extension JobKeyValue {
    static var forms: TypeDescription { TypeDescription(of: Self.self) }

    static func read(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        ParameterConversion.convert(value, to: Self.self, at: path, issues: &issues)
    }

    func written(at path: @autoclosure () -> ParameterPath, issues: inout [JobIssue]) -> ParameterValue {
        ParameterValue(describing: self) ?? .null
    }
}

extension Bool: JobKeyValue {}
extension Int: JobKeyValue {}
extension String: JobKeyValue {}
extension Array: JobKeyValue where Element: JobKeyValue {}
extension Isolation: JobKeyValue {}
extension TriggerRule: JobKeyValue {}

extension OrderedDictionary<String, ParameterValue>: JobKeyValue {
    func written(at path: @autoclosure () -> ParameterPath, issues: inout [JobIssue]) -> ParameterValue {
        .object(self)
    }
}

/// `nil` is a key that no file sets: nothing that a file could write for it.
extension Optional: JobKeyValue where Wrapped: JobKeyValue {
    static var forms: TypeDescription { Wrapped.forms }

    static func read(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Wrapped?? {
        Wrapped.read(value, at: path, issues: &issues).map(Optional.some)
    }

    func written(at path: @autoclosure () -> ParameterPath, issues: inout [JobIssue]) -> ParameterValue {
        self?.written(at: path(), issues: &issues) ?? .null
    }
}

extension SubJob: JobKeyValue {
    static var forms: TypeDescription {
        let expectation = "a job file (its path from the app root), or a mapping with 'tasks' in it"
        return .worded(.either([.text, .mapping(key: .text, value: .any)]), expectation: expectation)
    }

    /// Those who read a job read its tasks.
    static func read(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> SubJob? { nil }

    func written(at path: @autoclosure () -> ParameterPath, issues: inout [JobIssue]) -> ParameterValue { [:] }
}

extension Duration: JobKeyValue {
    /// Returns the number of seconds that reads as just this duration.
    func written(at path: @autoclosure () -> ParameterPath, issues: inout [JobIssue]) -> ParameterValue {
        let (whole, attoseconds) = components
        if attoseconds == 0, whole >= 0, let count = Int(exactly: whole), count < 1_000_000_000_000_000 {
            return .int(count)
        }
        let value = Double(whole) + Double(attoseconds) * 1e-18
        if (0...Self.longestSetting).contains(value), Duration(nearestTo: value) == self { return .double(value) }
        let reason = "a job file cannot hold the duration \(self) exactly; use whole nanoseconds"
        issues.append(JobIssue(.rejectedValue(reason: reason), at: path()))
        return .null
    }

    /// What is wrong with a value that was set in code, where job files could not have it.
    var fault: JobIssue.Problem? {
        guard !(.zero ... .seconds(Self.longestSetting)).contains(self) else { return nil }
        return .wrongValue(expected: TypeDescription.duration.expectation, found: text)
    }
}

extension TimeLimit: JobKeyValue {
    static func read(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        if case .template(let template) = value { return .template(template) }
        return ParameterConversion.convert(value, to: Self.self, at: path, issues: &issues)
    }

    func written(at path: @autoclosure () -> ParameterPath, issues: inout [JobIssue]) -> ParameterValue {
        switch self {
        case .unlimited: .string(Self.unlimitedWord)
        case .limited(let duration): duration.written(at: path(), issues: &issues)
        case .template(let template): .template(template)
        }
    }

    /// What is wrong with a value that was set in code. Job files are no exception here: no time at all is a duration,
    /// but no limit.
    var fault: JobIssue.Problem? {
        guard case .limited(let limit) = self, limit <= .zero || limit.fault != nil else { return nil }
        let expected = "a time limit of more than 0 seconds, or \(Self.unlimitedWord) for no limit"
        return .wrongValue(expected: expected, found: limit.text)
    }
}
