import FlowmancerCore

/// A variable in a text: `$ENV{NAME}`, `$ENV{NAME:default}` or `$ENV{NAME:?reason}`.
struct VariableReference: Sendable, Equatable {
    /// What happens if the variable has no value.
    enum Fallback: Sendable, Equatable {
        /// It becomes empty text, with a warning.
        case none
        case text(String)
        /// The job is refused, also if the value is empty.
        case refusal(reason: String)
    }

    let kind: VariableKind
    let name: String
    let fallback: Fallback
    /// What stands behind the name and its `:`.
    private let suffix: Substring?

    /// - Parameter body: What stands between the braces.
    init(_ kind: VariableKind, body: Substring) {
        let colon = ExpressionReference.colon(in: body, of: kind)
        self.kind = kind
        name = Self.trimmed(body[..<(colon ?? body.endIndex)])
        suffix = colon.map { body[$0...].dropFirst() }
        fallback =
            switch suffix?.utf8.first {
            case UInt8(ascii: "?"): .refusal(reason: Self.trimmed(suffix?.dropFirst() ?? ""))
            // So that a default can begin with any character.
            case UInt8(ascii: "="): .text(String(suffix?.dropFirst() ?? ""))
            default: suffix.map { .text(String($0)) } ?? .none
            }
    }

    /// The variable as expressions know it.
    var ofExpression: ExpressionReference {
        ExpressionReference(kind, body: suffix.map { "\(name):\($0)" } ?? name)
    }

    /// The variable without its default.
    var label: String { kind.reference(to: name) }

    /// The variable as it stands in a text.
    var written: String { suffix.map { "$\(kind.rawValue){\(name):\($0)}" } ?? label }

    var demandsValue: Bool {
        if case .refusal = fallback { true } else { false }
    }

    var hasBracedName: Bool {
        if case .bracedName = doubt { true } else { false }
    }

    /// Why the variable is probably not what its author meant; `nil` if nothing speaks against it.
    var doubt: VariableProblem? {
        if let end = name.firstIndex(where: { "${}\"'\n".contains($0) }) {
            let start = Self.trimmed(name[..<end])
            return .bracedName(kind.reference(to: start.isEmpty ? "NAME" : start), name: name)
        }
        guard let suffix, !VariableScanner.findsVariables(in: String(suffix)) else { return nil }
        if suffix.contains("{") { return .bracedDefault(label) }
        if let sign = suffix.first, sign == "-" || sign == "+", !Self.isNumber(suffix) {
            return .shellDefault(label, sign: sign)
        }
        return nil
    }

    private static func isNumber(_ text: Substring) -> Bool {
        switch CoreSchema.resolve(String(text)) {
        case .int, .double: true
        default: false
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
