/// An expression of a job file, such as a task's `when`: a tree of values, variables and operators.
///
/// A pure value. ``ExpressionParser`` makes it of text, ``resolved(_:)`` puts values in the place of variables, and its
/// ``description`` is text from which the parser makes an equal expression.
package struct JobExpression: Sendable, Hashable {
    package indirect enum Form: Sendable, Hashable {
        case value(ParameterValue)
        case list([JobExpression])
        case reference(ExpressionReference)
        /// Whether a variable has a value.
        case defined(ExpressionReference)
        case not(JobExpression)
        /// At least two operands, which are evaluated in their order until one of them decides.
        case and([JobExpression])
        case or([JobExpression])
        case comparison(ExpressionComparison, JobExpression, JobExpression)
    }

    package var form: Form
    /// Where it begins in the text, in Unicode scalars.
    @Uncompared package var offset: Int

    package init(_ form: Form, at offset: Int = 0) {
        self.form = form
        self.offset = offset
    }

    /// The variables in it, in the order of the text, with their places.
    package var references: [(reference: ExpressionReference, offset: Int)] {
        switch form {
        case .value: []
        case .reference(let reference), .defined(let reference): [(reference, offset)]
        case .not(let operand): operand.references
        case .list(let operands), .and(let operands), .or(let operands): operands.flatMap(\.references)
        case .comparison(_, let left, let right): left.references + right.references
        }
    }

    /// The value, if no variable is left in it; `nil` otherwise, and where something is left to be computed.
    package var constant: ParameterValue? {
        switch form {
        case .value(let value):
            return value
        case .list(let items):
            let values = items.compactMap(\.constant)
            return values.count == items.count ? .array(values) : nil
        case .reference, .defined, .not, .and, .or, .comparison:
            return nil
        }
    }
}

/// An operator that compares two values.
package enum ExpressionComparison: String, Sendable, Hashable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contained = "in"
    case notContained = "not in"
}

/// What is wrong with an expression, and where.
package struct ExpressionError: Error, Sendable, Hashable {
    package var problem: ExpressionProblem
    /// The place in the text, in Unicode scalars.
    package var offset: Int

    package init(_ problem: ExpressionProblem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }
}
