extension JobExpression: CustomStringConvertible {
    /// Text from which ``ExpressionParser`` makes an equal expression.
    package var description: String {
        switch form {
        case .value(let value): Self.text(of: value)
        case .list(let items): "[\(items.map(\.description).joined(separator: ", "))]"
        case .reference(let reference): reference.description
        case .defined(let reference): "defined(\(reference))"
        case .not(let operand): "not \(operand.text(within: .not))"
        case .and(let operands): operands.map { $0.text(within: .and) }.joined(separator: " and ")
        case .or(let operands): operands.map { $0.text(within: .or) }.joined(separator: " or ")
        case .comparison(let comparison, let left, let right):
            "\(left.text(within: .comparison)) \(comparison.rawValue) \(right.text(within: .comparison))"
        }
    }

    /// How strongly parts of an expression hold together.
    private enum Strength: Int {
        case or, and, not, comparison, value
    }

    private var strength: Strength {
        switch form {
        case .or: .or
        case .and: .and
        case .not: .not
        case .comparison: .comparison
        case .value, .list, .reference, .defined: .value
        }
    }

    /// The text as an operand, in parentheses where it needs them.
    private func text(within outer: Strength) -> String {
        let needsNone = strength.rawValue > outer.rawValue || outer == .not && strength == .not
        return needsNone ? description : "(\(description))"
    }

    private static func text(of value: ParameterValue) -> String {
        switch value {
        case .string(let text):
            let quote: Unicode.Scalar =
                text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
            var result = String.UnicodeScalarView([quote])
            for scalar in text.unicodeScalars {
                result.append(scalar)
                if scalar == quote { result.append(quote) }
            }
            result.append(quote)
            return String(result)
        case .array(let items): return "[\(items.map(text).joined(separator: ", "))]"
        case .null, .bool, .int, .double, .object, .template: return value.scalarText ?? "null"
        }
    }
}
