import OrderedCollections

/// A backoff in a job file: a duration, or a mapping.
extension Backoff: CustomParameter {
    /// The mapping.
    struct Mapping: ParameterGroup {
        @Parameter("The pause before the second attempt.") var first: Duration

        @Parameter("How many times as long every pause is as the one before; at least 1.") var factor = 1.0

        @Parameter("The longest pause; by default, there is no limit.") var max: Duration?

        @Parameter("By which part of itself a pause is made longer at most, at random; 0.5 for up to half.")
        var jitter = 0.0
    }

    package static var expectation: String {
        "\(TypeDescription.duration.expectation), or a mapping such as {first: 1s, factor: 2}"
    }

    package static var typeDescription: TypeDescription {
        .either([.duration, .group(GroupDescription(of: Mapping.self))])
    }

    package var describedValue: ParameterValue? {
        guard isVarying else { return ParameterValue(describing: first) }
        return .object(members { _, value in ParameterValue(describing: value) ?? .null })
    }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Backoff? {
        guard case .object = value else {
            if let duration = Duration(scalar: value) { return Backoff(first: duration) }
            issues.append(.wrongValue(value, expected: expectation, at: path))
            return nil
        }
        guard let mapping = ParameterConversion.convert(value, to: Mapping.self, at: path, issues: &issues) else {
            return nil
        }
        let result = Backoff(first: mapping.first, factor: mapping.factor, max: mapping.max, jitter: mapping.jitter)
        guard let (key, problem) = result.mistake else { return result }
        issues.append(JobIssue(problem, at: path.appending(key)))
        return nil
    }

    /// The keys that a mapping has to have for it.
    private func members(
        _ write: (_ key: String, Duration) -> ParameterValue
    ) -> OrderedDictionary<String, ParameterValue> {
        var members: OrderedDictionary<String, ParameterValue> = ["first": write("first", first)]
        if factor != 1 { members["factor"] = .double(factor) }
        if let max { members["max"] = write("max", max) }
        if jitter != 0 { members["jitter"] = .double(jitter) }
        return members
    }

    /// The first value that makes no sense, and its key.
    private var mistake: (key: String, problem: JobIssue.Problem)? {
        func wrong(_ expected: String, _ found: ParameterValue) -> JobIssue.Problem {
            .wrongValue(expected: expected, found: found.description)
        }
        if let problem = first.fault { return ("first", problem) }
        if !(factor >= 1 && factor.isFinite) { return ("factor", wrong("a number of at least 1", .double(factor))) }
        if !(jitter >= 0 && jitter.isFinite) { return ("jitter", wrong("a number of at least 0", .double(jitter))) }
        guard let max else { return nil }
        if let problem = max.fault { return ("max", problem) }
        if max < first {
            return (
                "max",
                .rejectedValue(reason: "the longest pause is shorter than the first one; raise it to at least that")
            )
        }
        return nil
    }
}

extension Backoff: JobKeyValue {
    func written(at path: @autoclosure () -> ParameterPath, issues: inout [JobIssue]) -> ParameterValue {
        guard isVarying else { return first.written(at: path(), issues: &issues) }
        return .object(members { key, duration in duration.written(at: path().appending(key), issues: &issues) })
    }

    var fault: JobIssue.Problem? { mistake?.problem }
}
