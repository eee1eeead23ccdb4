/// The time limit of an attempt of a task, or of a run.
public enum TimeLimit: Sendable, Hashable {
    /// No limit; `none` in a job file.
    case unlimited
    /// For an attempt, the time from when a worker starts it; one that takes longer is cancelled and fails. For a run, the
    /// time from when its first task can start; one that takes longer is aborted.
    case limited(to: Duration)

    /// The word for ``unlimited`` in a job file.
    package static let unlimitedWord = "none"

    /// The limit; `nil` if there is none.
    package var duration: Duration? { if case .limited(let duration) = self { duration } else { nil } }
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
