/// How a variable begins, behind its `$`.
package enum VariableOpening {
    /// `ENV{`, with what stands behind the brace.
    case braced(ExpressionReference.Kind, body: Substring.UTF8View)
    /// `ITEM`, if no letter, digit or `_` follows: then it is a part of another name. With what stands behind it.
    case item(rest: Substring.UTF8View)

    private static let longestName = ExpressionReference.Kind.allCases.map(\.rawValue.utf8.count).max() ?? 0

    /// - Returns: `nil` if the text begins no variable.
    package init?(_ text: Substring.UTF8View) {
        let name = text.prefix(Self.longestName).prefix { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
        guard !name.isEmpty, let kind = ExpressionReference.Kind(rawValue: String(Substring(name))) else { return nil }
        let rest = text[name.endIndex...]
        if rest.first == UInt8(ascii: "{") {
            self = .braced(kind, body: rest.dropFirst())
        } else if kind == .item, !Self.continuesName(rest) {
            self = .item(rest: rest)
        } else {
            return nil
        }
    }

    /// Whether a text goes on with a character of a name.
    static func continuesName(_ text: Substring.UTF8View) -> Bool {
        guard let scalar = Substring(text).unicodeScalars.first else { return false }
        return scalar == "_" || "0"..."9" ~= scalar || scalar.properties.isAlphabetic
    }
}
