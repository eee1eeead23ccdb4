import FoundationEssentials

/// Finds out what is to be done with tasks whose rule is met: evaluates their conditions.
///
/// A pure value, which whoever carries out ``SchedulerAction/prepare(_:)`` asks.
package struct TaskPreparer: Sendable {
    /// The conditions by the numbers of their tasks.
    private var conditions: [Int: TaskCondition] = [:]
    /// The tasks for whose states conditions ask.
    private var tasks: [String: Int] = [:]
    /// What an earlier run decided about tasks that are looked up in this one: whether they are up to date is found out anew.
    private let earlier: [Int: Preparation]

    /// - Parameters:
    ///   - traits: Those of the job's tasks.
    ///   - earlier: What an earlier run decided about tasks, and still holds.
    package init(_ job: JobDefinition, _ traits: TraitsTable, earlier: [Int: Preparation] = [:]) {
        self.earlier = earlier
        // Most jobs have no conditions.
        guard traits.values.contains(where: \.isPrepared) else { return }
        for (number, task) in job.tasks.values.enumerated() {
            guard let condition = task.when else { continue }
            conditions[number] = condition
            for (reference, _) in condition.references where reference.kind == .state {
                tasks[reference.name] = job.tasks.index(forKey: reference.name)
            }
        }
    }

    /// The keys of the shared dictionary that the preparation of a task asks for.
    package func sharedKeys(of task: Int) -> Set<String> {
        Set(conditions[task]?.references.filter { $0.reference.kind == .shared }.map(\.reference.name) ?? [])
    }

    /// Decides whether a task runs.
    ///
    /// - Parameters:
    ///   - state: Returns the state of a task.
    ///   - shared: Returns the value of a key of the shared dictionary.
    package func prepare(
        _ task: Int,
        state: (Int) -> ExecutionState,
        shared: (String) -> JSONText?
    ) -> Preparation {
        if let preparation = earlier[task] { return preparation }
        guard let condition = conditions[task] else { return Preparation(.run, record: JSONText(rawValue: "{}")) }
        let outcome = Result { () throws(ExpressionError) in
            try condition.expression.get().truth { reference in
                switch reference.kind {
                case .state:
                    return tasks[reference.name].map { .value(.string(state($0).description)) } ?? .missing()
                case .shared:
                    guard let text = shared(reference.name) else { return .missing() }
                    return ParameterValue(json: text).map(ExpressionLookup.value) ?? .unreadable
                case .variable, .environment, .system, .output, .item:
                    return .missing()
                }
            }
        }
        return condition.preparation(outcome)
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
