package import FlowmancerCore

/// A duration that is not shorter than something.
package protocol BoundedDuration: CustomParameter, Sendable, Hashable {
    static var shortest: Duration { get }
    /// The shortest one, as a job file has it.
    static var shortestText: String { get }
    var value: Duration { get }
    init(unchecked value: Duration)
}

extension BoundedDuration {
    package static var expectation: String { "a duration of at least \(shortestText), such as 90s, 2h or 1d" }

    package static var typeDescription: TypeDescription { .worded(.duration, expectation: expectation) }

    package var describedValue: ParameterValue? { ParameterValue(describing: value) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        // Whatever is no duration gets the same words.
        var others: [JobIssue] = []
        let duration = ParameterConversion.convert(value, to: Duration.self, at: path, issues: &others)
        if let duration, duration >= shortest { return Self(unchecked: duration) }
        issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        return nil
    }
}

/// `time`: the time limit of a pilot.
package struct PilotTime: BoundedDuration {
    /// Slurm counts minutes, and warns a pilot up to a minute and a half before the end.
    package static let shortest = Duration.seconds(120)
    package static let shortestText = "2m"
    package let value: Duration

    package init(unchecked value: Duration) { self.value = value }

    /// In minutes, as Slurm counts it.
    var minutes: Int {
        let (seconds, rest) = value.components
        return Int(seconds / 60) + (seconds % 60 > 0 || rest > 0 ? 1 : 0)
    }
}

/// `lease`: how long engine and pilot wait for each other.
package struct PilotLease: BoundedDuration {
    package static let shortest = Duration.seconds(2)
    package static let shortestText = "2s"
    package let value: Duration

    package init(unchecked value: Duration) { self.value = value }

    static let standard = PilotLease(unchecked: .seconds(30))
}
