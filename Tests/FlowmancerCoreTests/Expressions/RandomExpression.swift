import FlowmancerRandom

@testable import FlowmancerCore

/// Makes trees of expressions that the parser could make.
struct RandomExpression {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    static let names = ["a", "b", "c d", "é", "x.y", "it's"]
    static let texts = [
        "", "a", "ab", "true", "false", "1", "1.0", "01", "-2", "1e1", "b'\"", "''", "é", "\n", "$VAR{a}",
    ]

    mutating func expression(depth: Int = 0) -> JobExpression {
        switch Int.random(in: 0..<(depth > 4 ? 7 : 14), using: &random) {
        case 0...3: return JobExpression(.value(scalar()))
        case 4, 5: return JobExpression(.reference(reference(hasFallback: true)))
        case 6: return JobExpression(.defined(reference(hasFallback: false)))
        case 7: return JobExpression(.not(expression(depth: depth + 1)))
        case 8: return JobExpression(.and(operands(depth)))
        case 9: return JobExpression(.or(operands(depth)))
        case 10:
            let count = Int.random(in: 0...3, using: &random)
            return JobExpression(.list((0..<count).map { _ in expression(depth: depth + 1) }))
        default:
            let comparison = ExpressionComparison.allCases.randomElement(using: &random) ?? .equal
            let (left, right) = (expression(depth: depth + 2), expression(depth: depth + 2))
            return JobExpression(.comparison(comparison, left, right))
        }
    }

    /// A value that a variable may have.
    mutating func value(depth: Int = 0) -> ParameterValue {
        guard depth < 2, random.chance(20) else { return scalar() }
        let count = Int.random(in: 0...2, using: &random)
        if random.chance(50) { return .array((0..<count).map { _ in value(depth: depth + 1) }) }
        return .object(["a": value(depth: depth + 1), "1": scalar()])
    }

    mutating func chance(_ percent: Int) -> Bool { random.chance(percent) }

    private mutating func operands(_ depth: Int) -> [JobExpression] {
        (0..<Int.random(in: 2...3, using: &random)).map { _ in expression(depth: depth + 1) }
    }

    private static let numbers = [0.5, 1.0, -2.0, 1e300, .leastNonzeroMagnitude, 9223372036854775808.0]

    private mutating func scalar() -> ParameterValue {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .null
        case 1, 2: .bool(random.chance(50))
        case 3, 4: .int([0, 1, -1, 2, 10, .max, .min].randomElement(using: &random) ?? 0)
        case 5: .double(Self.numbers.randomElement(using: &random) ?? 0)
        default: .string(Self.texts.randomElement(using: &random) ?? "")
        }
    }

    private mutating func reference(hasFallback: Bool) -> ExpressionReference {
        let kind = ExpressionReference.Kind.allCases.randomElement(using: &random) ?? .variable
        var name = Self.names.randomElement(using: &random) ?? "a"
        if kind == .output { name += ".rows" }
        if kind == .item, random.chance(30) { name = "" }
        guard hasFallback, kind != .state, random.chance(40) else { return ExpressionReference(kind, name) }
        if random.chance(30) { return ExpressionReference(kind, name, fallback: .refusal(reason: "it's needed")) }
        let text = ["", "?", "-1", "a:b", "=x", " y ", "true"].randomElement(using: &random) ?? ""
        return ExpressionReference(kind, name, fallback: .text(text))
    }
}
