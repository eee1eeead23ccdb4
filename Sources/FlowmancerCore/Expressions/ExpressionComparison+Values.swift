extension ExpressionComparison {
    /// Compares two values.
    ///
    /// Text that reads as a number compares with numbers. Other values of different kinds are unequal, and have no order.
    func holds(_ left: ParameterValue, _ right: ParameterValue) throws(ExpressionProblem.Raised) -> Bool {
        switch self {
        case .equal: return Self.equals(left, right)
        case .unequal: return !Self.equals(left, right)
        case .contained: return try contains(right, left)
        case .notContained: return try !contains(right, left)
        case .less, .lessOrEqual, .greater, .greaterOrEqual: break
        }
        guard let order = Self.order(left, right) else { throw incomparable(left, right) }
        return switch self {
        case .less: order == .ascending
        case .lessOrEqual: order != .descending
        case .greater: order == .descending
        case .greaterOrEqual: order != .ascending
        case .equal, .unequal, .contained, .notContained: false
        }
    }

    static func equals(_ left: ParameterValue, _ right: ParameterValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        // By their codes: canonically equal texts are equal to Swift, but not to other programs.
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.int, .int), (.int, .double), (.double, .int), (.double, .double), (.int, .string), (.double, .string),
            (.string, .int), (.string, .double):
            sameNumber(left, right)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { equals($0, $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in right[key].map { equals(value, $0) } ?? false }
        default: false
        }
    }

    private static func sameNumber(_ left: ParameterValue, _ right: ParameterValue) -> Bool {
        guard let left = ExpressionNumber(left), let right = ExpressionNumber(right) else { return false }
        return left.order(with: right) == .same
    }

    /// The order of two numbers, or of two texts; `nil` if the values have none.
    private static func order(_ left: ParameterValue, _ right: ParameterValue) -> ExpressionOrder? {
        // Two texts that both read as numbers, too: variables are always text.
        if let left = ExpressionNumber(left), let right = ExpressionNumber(right) { return left.order(with: right) }
        guard case .string(let left) = left, case .string(let right) = right else { return nil }
        if left.utf8.elementsEqual(right.utf8) { return .same }
        return left.utf8.lexicographicallyPrecedes(right.utf8) ? .ascending : .descending
    }

    private func contains(
        _ container: ParameterValue,
        _ value: ParameterValue
    ) throws(ExpressionProblem.Raised) -> Bool {
        switch (container, value) {
        case (.array(let items), _): return items.contains { Self.equals($0, value) }
        case (.object(let members), .string(let key)): return members[key] != nil
        case (.string(let text), .string(let part)): return Self.contains(Array(text.utf8), Array(part.utf8))
        default: throw incomparable(value, container)
        }
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0] == first && text[$0...].starts(with: part) }
    }

    private func incomparable(_ left: ParameterValue, _ right: ParameterValue) -> ExpressionProblem.Raised {
        .init(.incomparable(self, .init(left), .init(right)))
    }
}

extension ExpressionProblem {
    /// A problem whose place the caller knows.
    struct Raised: Error {
        let problem: ExpressionProblem

        init(_ problem: ExpressionProblem) {
            self.problem = problem
        }
    }
}
