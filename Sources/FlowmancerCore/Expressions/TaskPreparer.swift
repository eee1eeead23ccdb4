import FoundationEssentials

/// Finds out what is to be done with tasks whose rule is met: evaluates their conditions.
///
/// A pure value, which whoever carries out ``SchedulerAction/prepare(_:)`` asks.
package struct TaskPreparer: Sendable {
    /// The conditions by the numbers of their tasks.
    private var conditions: [Int: TaskCondition] = [:]

    package init(_ job: JobDefinition) {
        for (number, task) in job.tasks.values.enumerated() {
            guard let condition = task.when else { continue }
            conditions[number] = condition
        }
    }

    /// The keys of the shared dictionary that the preparation of a task asks for.
    package func sharedKeys(of task: Int) -> Set<String> {
        Set(conditions[task]?.references.filter { $0.reference.kind == .shared }.map(\.reference.name) ?? [])
    }

    /// Decides whether a task runs.
    ///
    /// - Parameter lookup: Returns the values of variables that are known in the run.
    package func prepare(_ task: Int, _ lookup: (ExpressionReference) -> ExpressionLookup) -> Preparation {
        guard let condition = conditions[task] else { return Preparation(.run, record: JSONText(rawValue: "{}")) }
        return condition.preparation(
            Result { () throws(ExpressionError) in try condition.expression.get().truth(lookup) }
        )
    }
}

extension TaskCondition {
    /// What is stored of a decision.
    private struct Record: Codable {
        enum Outcome: String, Codable {
            case run, skip, fail
        }

        let when: Outcome
        /// The ``TaskCondition/digest`` of the condition that was evaluated.
        let condition: String

        /// - Returns: `nil` for a record of something else.
        init?(_ text: JSONText) {
            guard let stored = try? JSONDecoder().decode(Self.self, from: Data(text.rawValue.utf8)) else { return nil }
            self = stored
        }
    }

    /// What follows from the value of the condition.
    func preparation(_ outcome: Result<Bool, ExpressionError>) -> Preparation {
        switch outcome {
        case .success(true): Preparation(.run, record: record(.run))
        case .success(false): Preparation(.skip, because: Self.reasonIfFalse, record: record(.skip))
        case .failure(let error): Preparation(.fail, because: Self.reason(of: error), record: record(.fail))
        }
    }

    /// The decision of an earlier run that still holds: the task runs, by the same condition.
    ///
    /// It need not have begun. But a task that was skipped, or could not be decided on, is decided on anew.
    package func earlierPreparation(_ record: JSONText) -> Preparation? {
        guard let stored = Record(record), stored.when == .run, stored.condition == digest else { return nil }
        return Preparation(.run, record: record)
    }

    /// Whether a recorded decision is that a task failed, since its condition had no value.
    static func wasWithoutValue(_ record: JSONText) -> Bool { Record(record)?.when == .fail }

    private func record(_ outcome: Record.Outcome) -> JSONText {
        JSONText(rawValue: #"{"when":"\#(outcome.rawValue)","condition":"\#(digest)"}"#)
    }

    /// Why a task is skipped, in words.
    package static let reasonIfFalse = "`when` is false"

    /// Why a task fails whose condition has no value, in words.
    package static func reason(of error: ExpressionError) -> String {
        "`when` cannot be evaluated: \(error.problem.wording)"
    }
}
