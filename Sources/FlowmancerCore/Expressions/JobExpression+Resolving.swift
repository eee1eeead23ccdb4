/// What is known of a variable.
package enum ExpressionLookup: Sendable {
    case value(ParameterValue)
    /// It has no value; the variable that was probably meant, or why it has none, in words.
    case missing(nearest: String? = nil, because: String? = nil)
    /// It may have a value, which is not known yet.
    case unknown
    /// It has a value that cannot be read.
    case unreadable
}

extension ExpressionReference {
    /// Returns the value of the variable, which may be its default; `nil` if it is not known yet.
    func value(_ lookup: ExpressionLookup) throws(ExpressionProblem.Raised) -> ParameterValue? {
        switch (lookup, fallback) {
        case (.unknown, _):
            return nil
        case (.unreadable, _):
            throw .init(.unreadable(label))
        case (.value(.string("")), .refusal(let reason)):
            throw .init(.variable(.demanded(label, isEmpty: true, reason: reason)))
        case (.value(let value), _):
            return value
        case (.missing, .text):
            return defaultValue
        case (.missing, .refusal(let reason)):
            throw .init(.variable(.demanded(label, isEmpty: false, reason: reason)))
        case (.missing(_, let reason?), .none):
            throw .init(.withoutValue(label, because: reason))
        case (.missing(let nearest, nil), .none):
            throw .init(.unset(label, nearest: nearest))
        }
    }
}

extension JobExpression {
    /// Puts the values of variables in their place and computes what follows from them. What is left has only variables that
    /// are not known, and is the same if it is resolved again.
    ///
    /// An operand of `and` or `or` that is never evaluated, since an earlier one decides, is left out, whatever is wrong with
    /// it. The error of any other one is thrown, also if it is not certain that it will be evaluated.
    package func resolved(
        _ lookup: (ExpressionReference) -> ExpressionLookup
    ) throws(ExpressionError) -> JobExpression {
        switch form {
        case .value:
            return self
        case .list(let items):
            var resolved: [JobExpression] = []
            for item in items { resolved.append(try item.resolved(lookup)) }
            return JobExpression(.list(resolved), at: offset)
        case .reference(let reference):
            guard let value = try value(of: reference, lookup(reference)) else { return self }
            return JobExpression(.value(value), at: offset)
        case .defined(let reference):
            switch lookup(reference) {
            case .value, .unreadable: return JobExpression(.value(.bool(true)), at: offset)
            case .missing: return JobExpression(.value(.bool(false)), at: offset)
            case .unknown: return self
            }
        case .not(let operand):
            let operand = try operand.resolved(lookup)
            guard let value = operand.constant else { return JobExpression(.not(operand), at: offset) }
            return JobExpression(.value(.bool(!(try value.truth(at: operand.offset)))), at: offset)
        case .and(let operands):
            return try resolve(operands, decidedBy: false, lookup)
        case .or(let operands):
            return try resolve(operands, decidedBy: true, lookup)
        case .comparison(let comparison, let left, let right):
            let (left, right) = (try left.resolved(lookup), try right.resolved(lookup))
            guard let first = left.constant, let second = right.constant else {
                return JobExpression(.comparison(comparison, left, right), at: offset)
            }
            do {
                return JobExpression(.value(.bool(try comparison.holds(first, second))), at: offset)
            } catch {
                throw ExpressionError(error.problem, at: offset)
            }
        }
    }

    /// Computes whether an expression holds of which every variable is known.
    package func truth(_ lookup: (ExpressionReference) -> ExpressionLookup) throws(ExpressionError) -> Bool {
        let result = try resolved(lookup)
        guard let value = result.constant else { throw ExpressionError(.notTruth(.nothing), at: offset) }
        return try value.truth(at: offset)
    }

    private func value(
        of reference: ExpressionReference,
        _ lookup: ExpressionLookup
    ) throws(ExpressionError) -> ParameterValue? {
        do {
            return try reference.value(lookup)
        } catch {
            throw ExpressionError(error.problem, at: offset)
        }
    }

    // MARK: and, or

    /// - Parameter deciding: The truth value of an operand that makes the others superfluous.
    private func resolve(
        _ operands: [JobExpression],
        decidedBy deciding: Bool,
        _ lookup: (ExpressionReference) -> ExpressionLookup
    ) throws(ExpressionError) -> JobExpression {
        var left: [JobExpression] = []
        for operand in operands {
            let resolved = try operand.resolved(lookup)
            guard let value = resolved.constant else {
                left.append(resolved)
                // Whatever it turns out to be, what follows is not evaluated.
                if !resolved.canBe(!deciding) { break }
                continue
            }
            guard try value.truth(at: resolved.offset) == deciding else { continue }
            left.append(JobExpression(.value(.bool(deciding)), at: resolved.offset))
            break
        }
        switch left.count {
        case 0:
            return JobExpression(.value(.bool(!deciding)), at: offset)
        case 1 where left[0].isTruth:
            return left[0]
        case 1:
            // Alone it would not be a truth value: text may read as one.
            left.append(JobExpression(.value(.bool(!deciding)), at: offset))
        default:
            break
        }
        return JobExpression(deciding ? .or(left) : .and(left), at: offset)
    }

    /// Whether the expression is a truth value, if it has a value.
    private var isTruth: Bool {
        switch form {
        case .value(.bool), .defined, .not, .and, .or, .comparison: true
        case .value, .list, .reference: false
        }
    }

    /// Whether the expression could turn out to be a truth value. Constants in it are known.
    package func canBe(_ value: Bool) -> Bool {
        switch form {
        case .value(.bool(let own)): own == value
        case .not(let operand): operand.canBe(!value)
        case .and(let operands): value ? operands.allSatisfy { $0.canBe(true) } : operands.contains { $0.canBe(false) }
        case .or(let operands): value ? operands.contains { $0.canBe(true) } : operands.allSatisfy { $0.canBe(false) }
        case .value, .list, .reference, .defined, .comparison: true
        }
    }
}

extension ParameterValue {
    /// The truth value that an expression takes the value for.
    func truth(at offset: Int) throws(ExpressionError) -> Bool {
        switch self {
        case .bool(let value): return value
        case .string("true"): return true
        case .string("false"): return false
        case .null, .int, .double, .string, .array, .object, .template:
            throw ExpressionError(.notTruth(.init(self)), at: offset)
        }
    }
}
