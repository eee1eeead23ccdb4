/// Turns the values of a job file into the types of parameters.
///
/// The rules are pydantic's lax ones, since `$ENV{}` and `--var` only yield text: "5" is an integer, "yes" a truth
/// value, 2.0 an integer; but a number is never text.
package enum ParameterConversion {
    /// Converts a value, or records why it does not fit and returns `nil`.
    package static func convert<Value>(
        _ value: ParameterValue,
        to type: Value.Type,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) -> Value? {
        if case .template(let template) = value, template.isOpen, !(type is any OptionalParameter.Type) {
            // What it stands for is checked when that is known.
            (type as? any CustomParameter.Type)?.review(template, at: path, issues: &issues)
            return nil
        }
        let before = issues.count
        if let result = convertUnhidden(value, to: type, at: path, issues: &issues) { return result }
        // A secret that stands where its group should be is none of a secret parameter, but secret all the same.
        if SecretLayout.holdsSecrets(type) {
            for index in before..<issues.count where issues[index].path == path { issues[index].hideValue() }
        }
        return nil
    }

    private static func convertUnhidden<Value>(
        _ value: ParameterValue,
        to type: Value.Type,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) -> Value? {
        if let convertible = type as? any ConvertibleParameter.Type {
            // Not `as?` on the optional itself: a failure would pass for the value `nil` of an optional type.
            guard let result = convertible.convert(value, at: path, issues: &issues) else { return nil }
            return result as? Value
        }
        if let group = type as? any ParameterGroup.Type {
            guard case .object(let members) = value else {
                issues.append(.wrongValue(value, expected: expectation(of: type), at: path))
                return nil
            }
            let before = issues.count
            let instance = ParameterBinder.make(group, from: members, at: path, issues: &issues)
            return issues.count == before ? instance as? Value : nil
        }
        // The others know nothing of templates within a value.
        guard !value.isOpen else { return nil }
        if let custom = type as? any CustomParameter.Type {
            return custom.convert(value, at: path, issues: &issues) as? Value
        }
        if let enumeration = type as? any RawRepresentable.Type {
            return convertRawValue(value, to: enumeration, at: path, issues: &issues) as? Value
        }
        if let decodable = type as? any Decodable.Type {
            return ParameterDecoder.decode(decodable, from: value, at: path, issues: &issues) as? Value
        }
        if let advice = UnsupportedParameter.advice(for: type) {
            issues.append(JobIssue(.unsupportedType(advice), at: path))
        }
        return nil
    }

    /// Describes what a job file has to hold for a type: "an integer", "one of: http, https".
    package static func expectation(of type: Any.Type) -> String { TypeDescription(of: type).expectation }

    private static func convertRawValue<Value: RawRepresentable>(
        _ value: ParameterValue,
        to type: Value.Type,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) -> Value? {
        var rawIssues: [JobIssue] = []
        if let raw = convert(value, to: Value.RawValue.self, at: path, issues: &rawIssues),
            let result = Value(rawValue: raw)
        {
            return result
        }
        let candidates = rawCandidates(of: type)
        if candidates == nil, !rawIssues.isEmpty {
            issues += rawIssues
        } else {
            // Without cases that can be told, only the type knows which raw values it takes.
            let hint = TypeMetadata(type).isEnumeration ? " (its choices are listed here if it is CaseIterable)" : ""
            let expected = candidates == nil ? "a value of type \(type)\(hint)" : expectation(of: type)
            issues.append(.wrongValue(value, expected: expected, at: path, candidates: candidates ?? []))
        }
        return nil
    }

    private static func rawCandidates<Value: RawRepresentable>(of type: Value.Type) -> [String]? {
        EnumerationCases.rawValues(of: type)?.map { "\($0)" }
    }
}

extension JobIssue {
    static func wrongValue(
        _ value: ParameterValue,
        expected: String,
        at path: ParameterPath,
        candidates: [String] = []
    ) -> JobIssue {
        JobIssue(.wrongValue(expected: expected, found: value.description, candidates: candidates), at: path)
    }
}

/// A type with its own way out of a job file.
protocol ConvertibleParameter {
    /// Converts a value, or records why it does not fit and returns `nil`.
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self?
}
