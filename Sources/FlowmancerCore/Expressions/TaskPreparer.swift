/// Finds out what is to be done with tasks whose rule is met: evaluates their conditions, and looks up the values that are
/// known in the run only.
///
/// A pure value, which whoever carries out ``SchedulerAction/prepare(_:)`` asks.
package struct TaskPreparer: Sendable {
    /// The conditions by the numbers of their tasks.
    private var conditions: [Int: TaskCondition] = [:]
    /// The tasks whose attempts need values of the run.
    private var bindings: [Int: TaskBinding] = [:]

    /// - Parameter catalog: Knows what the parameters of tasks take.
    package init(_ job: JobDefinition, catalog: TypeCatalog = TypeCatalog()) {
        // Most tasks have neither.
        for (number, task) in job.tasks.values.enumerated() where task.hasVariables {
            conditions[number] = task.when
            guard task.subJob == nil else { continue }
            let kind = try? catalog.kind(of: task).get().parameters
            bindings[number] = TaskBinding(job.tasks.keys[number], task, kind)
        }
    }

    /// The keys of the shared dictionary that the preparation of a task asks for.
    package func sharedKeys(of task: Int) -> Set<String> {
        let inCondition = conditions[task]?.references.map(\.reference) ?? []
        let references = inCondition + (bindings[task]?.references ?? [])
        return Set(references.filter { $0.kind == .shared }.map(\.name))
    }

    /// Decides whether a task, or a group that it is, runs.
    ///
    /// - Parameters:
    ///   - task: The number of the task in the job.
    ///   - lookup: Returns what is known of the variables of the task.
    func decide(
        _ task: Int,
        as role: TaskRoster.Role,
        _ record: inout PreparationRecord,
        _ lookup: (ExpressionReference) -> ExpressionLookup
    ) -> Preparation {
        guard let condition = conditions[task], condition.isAsked(of: role) else {
            return Preparation(.run, record: record.json)
        }
        let outcome = Result { () throws(ExpressionError) in try condition.expression.get().truth(lookup) }
        return condition.preparation(outcome, &record)
    }

    /// Looks up the values with which a task runs.
    func bind(
        _ task: Int,
        as role: TaskRoster.Role,
        _ record: inout PreparationRecord,
        _ lookup: (ExpressionReference) -> ExpressionLookup
    ) -> Preparation {
        guard !role.isGroup, let binding = bindings[task] else { return Preparation(.run, record: record.json) }
        return binding.prepare(&record, lookup)
    }
}

extension TaskCondition {
    /// What is stored of a decision.
    private enum Record {
        static let outcome = "when"
        /// The ``TaskCondition/digest`` of the condition that was evaluated.
        static let condition = "condition"
    }

    /// What follows from the value of the condition.
    func preparation(_ outcome: Result<Bool, ExpressionError>, _ record: inout PreparationRecord) -> Preparation {
        let decision: Preparation.Decision
        var reason: String?
        switch outcome {
        case .success(true):
            decision = .run
            record.members[Record.outcome] = "run"
        case .success(false):
            decision = .skip
            reason = Self.reasonIfFalse
            record.members[Record.outcome] = "skip"
        case .failure(let error):
            decision = .fail
            reason = Self.reason(of: error)
            record.members[Record.outcome] = PreparationRecord.failed
        }
        record.members[Record.condition] = .string(digest)
        return Preparation(decision, because: reason, record: record.json)
    }

    /// Whether an earlier run decided that the task runs, by the same condition.
    ///
    /// It need not have begun. But a task that was skipped, or could not be decided on, is decided on anew.
    func holds(by record: PreparationRecord) -> Bool {
        record.members[Record.outcome] == "run" && record.members[Record.condition] == .string(digest)
    }

    /// Why a task is skipped, in words.
    package static let reasonIfFalse = "`when` is false"

    /// Why a task fails whose condition has no value, in words.
    package static func reason(of error: ExpressionError) -> String {
        "`when` cannot be evaluated: \(error.problem.wording)"
    }
}
