@testable import FlowmancerCore

/// The meaning of expressions, written down as directly as possible: a model for tests.
struct NaiveEvaluation {
    struct Failure: Error {}

    let values: [ExpressionReference.Kind: [String: ParameterValue]]

    func value(of expression: JobExpression) throws -> ParameterValue {
        switch expression.form {
        case .value(let value):
            return value
        case .list(let items):
            return .array(try items.map(value))
        case .defined(let reference):
            return .bool(values[reference.kind]?[reference.name] != nil)
        case .reference(let reference):
            let found = values[reference.kind]?[reference.name]
            switch reference.fallback {
            case .none:
                guard let found else { throw Failure() }
                return found
            case .text(let text):
                return found ?? .string(text)
            case .refusal:
                guard let found, found != .string("") else { throw Failure() }
                return found
            }
        case .not(let operand):
            return .bool(try !truth(value(of: operand)))
        case .and(let operands):
            for operand in operands where try !truth(value(of: operand)) { return .bool(false) }
            return .bool(true)
        case .or(let operands):
            for operand in operands where try truth(value(of: operand)) { return .bool(true) }
            return .bool(false)
        case .comparison(let comparison, let left, let right):
            return .bool(try compare(comparison, value(of: left), value(of: right)))
        }
    }

    func truth(_ value: ParameterValue) throws -> Bool {
        if value == .bool(true) || value == .string("true") { return true }
        if value == .bool(false) || value == .string("false") { return false }
        throw Failure()
    }

    private func compare(_ comparison: ExpressionComparison, _ left: ParameterValue, _ right: ParameterValue) throws
        -> Bool
    {
        switch comparison {
        case .equal: return same(left, right)
        case .unequal: return !same(left, right)
        case .less: return try order(left, right) < 0
        case .lessOrEqual: return try order(left, right) <= 0
        case .greater: return try order(left, right) > 0
        case .greaterOrEqual: return try order(left, right) >= 0
        case .contained: return try contains(right, left)
        case .notContained: return try !contains(right, left)
        }
    }

    private func isNumber(_ value: ParameterValue) -> Bool {
        switch value {
        case .int, .double: true
        default: false
        }
    }

    private func same(_ left: ParameterValue, _ right: ParameterValue) -> Bool {
        if case .array(let left) = left, case .array(let right) = right {
            return left.count == right.count && zip(left, right).allSatisfy(same)
        }
        if case .object(let left) = left, case .object(let right) = right {
            return Set(left.keys) == Set(right.keys) && left.keys.allSatisfy { same(left[$0]!, right[$0]!) }
        }
        if isNumber(left) || isNumber(right) {
            guard let left = number(left), let right = number(right) else { return false }
            return left == right
        }
        return left == right
    }

    private func order(_ left: ParameterValue, _ right: ParameterValue) throws -> Int {
        if let left = number(left), let right = number(right) { return left < right ? -1 : left == right ? 0 : 1 }
        guard case .string(let left) = left, case .string(let right) = right else { throw Failure() }
        let (first, second) = (left.unicodeScalars.map(\.value), right.unicodeScalars.map(\.value))
        return first == second ? 0 : first.lexicographicallyPrecedes(second) ? -1 : 1
    }

    /// With more digits than any of the values needs.
    private func number(_ value: ParameterValue) -> Float80? {
        switch value {
        case .int(let number): Float80(number)
        case .double(let number): Float80(number)
        case .string(let text):
            ["1": 1, "1.0": 1, "01": 1, "-2": -2, "1e1": 10, "-1": -1][text]
        default: nil
        }
    }

    private func contains(_ container: ParameterValue, _ value: ParameterValue) throws -> Bool {
        switch (container, value) {
        case (.array(let items), _): return items.contains { same($0, value) }
        case (.object(let members), .string(let key)): return members.keys.contains(key)
        case (.string(let text), .string(let part)):
            return part.isEmpty
                || text.unicodeScalars.indices.contains { text.unicodeScalars[$0...].starts(with: part.unicodeScalars) }
        default: throw Failure()
        }
    }
}
