import FlowmancerCore
import FlowmancerRandom

/// Makes templates, with all that is awkward in text near variables.
struct RandomTemplate {
    var random: SeededGenerator

    private static let texts = [
        "$", "$$", "a", "x}", "{", "}", "$ITEM", "$ITEMS", "$OUT{", "$OUT{a.b}", "$ENV{X}", "$$DICT{k}", "é", " ", "_1",
        ":",
        "$STATE{", "\n", "'", "\"", "\\", "$SYS{DOLLAR}", "OUT{", "ITEM", "$item{x}",
    ]
    private static let tasks = ["a", "list", "a.b", "x y", "a:b", "ü", "pub/build", "load[eu]"]
    private static let outputs = ["rows", "b", "_x", "a-1"]
    private static let fallbacks = ["", "0", "-1", "?", "=", "a:b", "[1, 2]", "{", "text", "$", " x "]

    mutating func template() -> ValueTemplate {
        ValueTemplate(
            (0..<Int.random(in: 0...6, using: &random)).map { _ in
                Bool.random(using: &random) ? .text(Self.texts.randomElement(using: &random)!) : .reference(reference())
            }
        )
    }

    mutating func reference() -> ExpressionReference {
        let fallback: ExpressionReference.Fallback =
            switch Int.random(in: 0..<4, using: &random) {
            case 0: .text(Self.fallbacks.randomElement(using: &random)!)
            case 1: .refusal(reason: "no")
            default: .none
            }
        let name = "\(Self.tasks.randomElement(using: &random)!).\(Self.outputs.randomElement(using: &random)!)"
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            return ExpressionReference(.shared, ["k", "a.b", "x-1"].randomElement(using: &random)!, fallback: fallback)
        case 1:
            return ExpressionReference(.item, ["", "code", "a b"].randomElement(using: &random)!, fallback: fallback)
        default: return ExpressionReference(.output, name, fallback: fallback)
        }
    }

    mutating func value(depth: Int = 2) -> ParameterValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .int(Int.random(in: -5...5_000_000_000, using: &random))
        case 3: .double([0.5, -1e30, 1.25].randomElement(using: &random)!)
        case 4: .string("")
        case 5: .string(Self.texts.randomElement(using: &random)!)
        case 6: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth - 1) })
        default: .object(["k": value(depth: depth - 1), "é\n": value(depth: depth - 1)])
        }
    }
}
