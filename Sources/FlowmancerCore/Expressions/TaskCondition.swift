/// The condition of a task: an expression that decides whether the task runs, once its dependencies allow it.
///
/// ```swift
/// task.when = "$STATE{check} == 'completed' and $DICT{rows:0} > 100"
/// ```
/// Text in quotes, numbers, `true`, `false`, `null` and lists are values. `== != < <= > >=`, `in` and `not in` compare them.
/// `and`, `or` and `not` join comparisons. `$DICT{key:default}` is a value of the shared dictionary, `$STATE{task}` how a
/// task ended that this one depends on. `$OUT{task.name}` is what a task published, which makes it a dependency. `$VAR`,
/// `$ENV` and `$SYS` have values in a job file only; in code, put the value itself into the expression.
public struct TaskCondition: Sendable {
    // In one place: most tasks have no condition, and there may be a million tasks.
    private final class Content: Sendable {
        let text: String
        let expression: Result<JobExpression, ExpressionError>
        let doubts: [ExpressionError]

        init(_ text: String, _ expression: Result<JobExpression, ExpressionError>, doubts: [ExpressionError]) {
            self.text = text
            self.expression = expression
            self.doubts = doubts
        }
    }

    private let content: Content

    /// Creates a condition from the text of an expression. A mistake in it is an error of the job.
    public init(_ text: String) {
        self.init(text) { _ in .missing() }
    }

    /// Creates the condition of a job file.
    ///
    /// - Parameters:
    ///   - template: Returns the value of a variable that is known in the run only; `nil` for other variables.
    ///   - lookup: Returns the values of variables that are known when the job is loaded.
    package init(
        _ text: String,
        template: (ExpressionReference) -> ParameterValue? = { _ in nil },
        lookup: (ExpressionReference) -> ExpressionLookup
    ) {
        do {
            let written = try ExpressionParser.parse(text).replacing(template)
            let expression = Result { () throws(ExpressionError) in
                let rest = try written.resolved { $0.kind.isKnownAtLoad ? lookup($0) : .unknown }
                if let value = rest.constant { _ = try value.truth(at: rest.offset) }
                return rest
            }
            content = Content(text, expression, doubts: written.doubts)
        } catch {
            content = Content(text, .failure(error), doubts: [])
        }
    }

    /// The expression as it is written.
    public var text: String { content.text }

    /// The expression with the values of the variables that are known when the job is loaded, or what is wrong with it.
    package var expression: Result<JobExpression, ExpressionError> { content.expression }

    /// What is doubtful about the expression.
    package var doubts: [ExpressionError] { content.doubts }

    /// The variables whose values are known only in a run.
    package var references: [(reference: ExpressionReference, offset: Int)] {
        (try? expression.get().references) ?? []
    }

    /// Whether the condition asks for the item that the task runs for: it decides for each item then, otherwise for all.
    package var isOfItems: Bool { references.contains { $0.reference.kind == .item } }

    /// Whether the condition decides about a node: about a group unless it asks for items, about an item only then.
    func isAsked(of role: TaskRoster.Role) -> Bool {
        switch role {
        case .task, .job: true
        case .list: !isOfItems
        case .item, .itemJob: isOfItems
        }
    }

    /// A digest of the expression as it is written, by which a restart recognises it.
    var digest: String {
        var hash = StableHash()
        hash.combine(text)
        return hash.hexadecimal
    }

    /// The expression as a job file has it that gives the same condition without any variables of the command line.
    var dumped: String {
        switch expression {
        case .success(let expression): expression.description
        case .failure: text
        }
    }
}

extension TaskCondition: Hashable {
    /// Whether two conditions decide in the same way, however they are written.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        switch (lhs.expression, rhs.expression) {
        case (.success(let left), .success(let right)): left == right
        case (.failure, .failure): lhs.text == rhs.text
        default: false
        }
    }

    /// Feeds what the condition decides by into a hasher.
    public func hash(into hasher: inout Hasher) {
        if case .success(let expression) = expression { hasher.combine(expression) } else { hasher.combine(text) }
    }
}

extension TaskCondition: ExpressibleByStringLiteral, CustomStringConvertible {
    /// Creates a condition from the text of an expression.
    public init(stringLiteral value: String) { self.init(value) }

    /// The expression as it is written.
    public var description: String { text }
}

extension TaskCondition: JobKeyValue {
    static var forms: TypeDescription {
        .worded(
            .either([.text, .choice([.bool(true), .bool(false)])]),
            expectation: "an expression, such as $VAR{env} == 'prod'"
        )
    }

    static func read(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> TaskCondition? {
        if let text = value.scalarText, value != .null { return TaskCondition(text) }
        issues.append(.wrongValue(value, expected: forms.expectation, at: path))
        return nil
    }

    func written(at path: @autoclosure () -> ParameterPath, issues: inout [JobIssue]) -> ParameterValue {
        .string(dumped)
    }

    var fault: JobIssue.Problem? {
        guard case .failure(let error) = expression else { return nil }
        return .expression(error.problem, offset: error.offset)
    }
}
