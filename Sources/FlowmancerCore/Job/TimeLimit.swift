/// The time limit of an attempt of a task.
public enum TimeLimit: Sendable, Hashable {
    /// No limit; `none` in a job file.
    case unlimited
    /// The time from when a worker starts the attempt. An attempt that takes longer is cancelled and fails.
    case limited(to: Duration)

    /// The word for ``unlimited`` in a job file.
    package static let unlimitedWord = "none"
}

extension TimeLimit: ScalarParameter {
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
