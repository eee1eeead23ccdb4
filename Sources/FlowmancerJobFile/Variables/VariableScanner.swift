import FlowmancerCore

/// Takes a text apart into variables and what stands between them.
struct VariableScanner: Sequence, IteratorProtocol {
    /// A part of a text.
    enum Piece {
        case text(Substring)
        /// What `$$` before a variable's name stands for: one `$` less.
        case dollars(Substring)
        /// A variable; `start` is the place of its `$`.
        case variable(VariableReference, start: String.Index)
        /// A variable without its `}`, and the rest of the text.
        case unclosed(Substring)
    }

    private var rest: Substring.UTF8View
    private var found: Piece?

    init(_ text: some StringProtocol) {
        rest = Substring(text).utf8
    }

    /// Returns whether a text is worth a closer look: most are not.
    static func mayFindVariables(in text: String) -> Bool { text.utf8.contains(UInt8(ascii: "$")) }

    /// Returns whether a text holds a variable, or what escapes one.
    static func findsVariables(in text: String) -> Bool {
        guard mayFindVariables(in: text) else { return false }
        return VariableScanner(text).contains { piece in
            if case .text = piece { false } else { true }
        }
    }

    mutating func next() -> Piece? {
        if let piece = found {
            found = nil
            return piece
        }
        guard !rest.isEmpty else { return nil }
        let whole = rest
        var search = rest
        while let dollar = search.firstIndex(of: UInt8(ascii: "$")) {
            let dollars = search[dollar...].prefix { $0 == UInt8(ascii: "$") }
            let behind = search[dollars.endIndex...]
            guard let opening = VariableOpening(behind) else {
                search = behind
                continue
            }
            let piece = take(opening, dollars)
            guard dollar > whole.startIndex else { return piece }
            found = piece
            return .text(Substring(whole[..<dollar]))
        }
        rest = whole[whole.endIndex...]
        return .text(Substring(whole))
    }

    /// Goes on behind a variable, or what escapes one.
    private mutating func take(
        _ opening: VariableOpening,
        _ dollars: Substring.UTF8View
    ) -> Piece {
        if dollars.count > 1 {
            rest = rest[dollars.endIndex...]
            return .dollars(Substring(dollars.dropFirst()))
        }
        let (name, body): (ExpressionReference.Kind, Substring.UTF8View)
        switch opening {
        case .item(let after):
            rest = after
            return .variable(VariableReference(.item, body: ""), start: dollars.startIndex)
        case .braced(let kind, let inner): (name, body) = (kind, inner)
        }
        guard let end = body.firstIndex(of: UInt8(ascii: "}")) else {
            let unclosed = Substring(rest[dollars.startIndex...])
            rest = body[body.endIndex...]
            return .unclosed(unclosed)
        }
        rest = body[end...].dropFirst()
        return .variable(
            VariableReference(name, body: Substring(body[..<end])),
            start: dollars.startIndex
        )
    }
}
