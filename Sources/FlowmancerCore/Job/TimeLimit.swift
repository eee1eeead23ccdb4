/// How long an attempt of a task may take.
public enum TimeLimit: Sendable, Hashable {
    /// As long as it likes; `none` in a job file.
    case unlimited
    /// So long, counted from when a worker takes the attempt up. What takes longer is cancelled, and has failed.
    case limited(to: Duration)

    /// The word for ``unlimited`` in a job file.
    package static let unlimitedWord = "none"
}

extension TimeLimit: ScalarParameter {
    static var expectation: String { "\(Duration.expectation), or \(unlimitedWord) for no limit" }

    init?(scalar value: ParameterValue) {
        if case .string(let text) = value, text.lowercased() == Self.unlimitedWord {
            self = .unlimited
        } else if let duration = Duration(scalar: value) {
            self = .limited(to: duration)
        } else {
            return nil
        }
    }
}
