/// The time limit of an attempt of a task, or of a run.
public enum TimeLimit: Sendable, Hashable {
    /// No limit; `none` in a job file.
    case unlimited
    /// For an attempt, the time from when a worker starts it; one that takes longer is cancelled and fails. For a run, the
    /// time from when its first task can start; one that takes longer is aborted.
    case limited(to: Duration)
    /// A limit that is known in the run only. Only tasks can have one.
    case template(ValueTemplate)

    /// The word for ``unlimited`` in a job file.
    package static let unlimitedWord = "none"

    /// The limit; `nil` if there is none.
    package var duration: Duration? { if case .limited(let duration) = self { duration } else { nil } }

    /// What the limit is made of, if it is known in the run only.
    package var template: ValueTemplate? { if case .template(let template) = self { template } else { nil } }

    /// Creates the limit that a template stands for.
    init(_ template: ValueTemplate, _ resolver: inout ValueResolver) throws(ValueError) {
        let value = try resolver.resolve(.template(template))
        guard let limit = Self(scalar: value), limit.fault == nil else {
            throw ValueError(.wrongLimit(template.description, .init(value)), at: ParameterPath("timeout"))
        }
        self = limit
    }
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
