/// A number of an expression, exact where it is whole.
enum ExpressionNumber: Sendable, Hashable {
    case whole(Int)
    /// Finite.
    case fraction(Double)

    /// The number that a text reads as, all of it: digits with an optional sign, fraction and exponent.
    init?(_ text: String) {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let whole = Self.skipDigits(&rest)
        var isWhole = true
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            isWhole = false
            guard Self.skipDigits(&rest) > 0 else { return nil }
        }
        guard whole > 0 || !isWhole else { return nil }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            isWhole = false
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard Self.skipDigits(&rest) > 0 else { return nil }
        }
        guard rest.isEmpty else { return nil }
        if isWhole, let number = Int(text) {
            self = .whole(number)
        } else if let number = Double(text), number.isFinite {
            self = .fraction(number)
        } else {
            return nil
        }
    }

    /// The number that a value is, or reads as.
    init?(_ value: ParameterValue) {
        switch value {
        case .int(let number): self = .whole(number)
        case .double(let number) where number.isFinite: self = .fraction(number)
        case .string(let text): self.init(text)
        case .double, .null, .bool, .array, .object, .template: return nil
        }
    }

    var value: ParameterValue {
        switch self {
        case .whole(let number): .int(number)
        case .fraction(let number): .double(number)
        }
    }

    /// Returns how the number relates to another: exactly, though a whole number may have more digits than a fraction holds.
    func order(with other: ExpressionNumber) -> ExpressionOrder {
        switch (self, other) {
        case (.whole(let left), .whole(let right)): ExpressionOrder(left, right)
        case (.fraction(let left), .fraction(let right)): ExpressionOrder(left, right)
        case (.whole(let left), .fraction(let right)): Self.order(left, right)
        case (.fraction(let left), .whole(let right)): Self.order(right, left).reversed
        }
    }

    private static func order(_ left: Int, _ right: Double) -> ExpressionOrder {
        let floor = right.rounded(.down)
        guard let whole = Int(exactly: floor) else { return right < 0 ? .descending : .ascending }
        if left != whole { return ExpressionOrder(left, whole) }
        return floor < right ? .ascending : .same
    }

    private static func skipDigits(_ rest: inout Substring.UTF8View) -> Int {
        let count = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
        rest = rest.dropFirst(count)
        return count
    }
}

/// How two values relate to each other.
enum ExpressionOrder: Sendable, Hashable {
    case ascending, same, descending

    init<Value: Comparable>(_ left: Value, _ right: Value) {
        self = left < right ? .ascending : left == right ? .same : .descending
    }

    var reversed: ExpressionOrder {
        switch self {
        case .ascending: .descending
        case .same: .same
        case .descending: .ascending
        }
    }
}
