/// Takes the text of an expression apart into tokens.
struct ExpressionLexer {
    enum Token: Hashable {
        case value(ParameterValue)
        case reference(ExpressionReference)
        case comparison(ExpressionComparison)
        case and, or, not, `in`, defined
        case openParenthesis, closeParenthesis, openBracket, closeBracket, comma
        case end
    }

    private let text: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) {
        self.text = Array(text.unicodeScalars)
    }

    /// Returns the next token, and where it begins.
    mutating func next() throws(ExpressionError) -> (token: Token, offset: Int) {
        let end = position
        while let scalar = current, scalar.properties.isWhitespace { position += 1 }
        let offset = position
        guard let scalar = current else { return (.end, end) }
        switch scalar {
        case "$":
            return (try variable(), offset)
        case "'", "\"":
            return (.value(.string(try quoted(scalar))), offset)
        case "0"..."9", "-", "+", ".":
            return (.value(try number()), offset)
        case "a"..."z", "A"..."Z", "_":
            return (try word(), offset)
        default:
            return (try sign(scalar), offset)
        }
    }

    private var current: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private func written(_ range: some RangeExpression<Int>) -> String {
        text[range].reduce(into: "") { $0.unicodeScalars.append($1) }
    }

    private mutating func take(while isPart: (Unicode.Scalar) -> Bool) -> String {
        let start = position
        while let scalar = current, isPart(scalar) { position += 1 }
        return written(start..<position)
    }

    // MARK: Signs

    private static let signs: [(written: String, token: Token)] = [
        ("==", .comparison(.equal)), ("!=", .comparison(.unequal)), ("<=", .comparison(.lessOrEqual)),
        (">=", .comparison(.greaterOrEqual)), ("<", .comparison(.less)), (">", .comparison(.greater)),
        ("(", .openParenthesis), (")", .closeParenthesis), ("[", .openBracket), ("]", .closeBracket), (",", .comma),
    ]

    /// Operators of other languages, and how they are written here.
    private static let foreign = [
        ("===", "=="), ("!==", "!="), ("<>", "!="), ("=~", "=="), ("&&", "and"), ("||", "or"), ("&", "and"),
        ("|", "or"), ("=", "=="), ("!", "not"),
    ]

    private mutating func sign(_ scalar: Unicode.Scalar) throws(ExpressionError) -> Token {
        let rest = written(position..<min(position + 3, text.count))
        for (written, meant) in Self.foreign where rest.hasPrefix(written) && !(rest.hasPrefix("==") && written == "=")
        {
            // `!=` is an operator here; `!==` is not.
            if written == "!", rest.hasPrefix("!=") { continue }
            throw ExpressionError(.foreignOperator(written, meant: "'\(meant)'"), at: position)
        }
        guard let (written, token) = Self.signs.first(where: { rest.hasPrefix($0.written) }) else {
            throw ExpressionError(.unknownCharacter(String(scalar)), at: position)
        }
        position += written.unicodeScalars.count
        return token
    }

    // MARK: Words

    private static let words: [String: Token] = [
        "and": .and, "or": .or, "not": .not, "in": .in, "defined": .defined, "true": .value(.bool(true)),
        "false": .value(.bool(false)), "null": .value(.null),
    ]

    private mutating func word() throws(ExpressionError) -> Token {
        let start = position
        let word = take { Self.isWordPart($0) }
        if let token = Self.words[word] { return token }
        let folded = word.lowercased()
        let meant = ["none": "null", "nil": "null", "is": "=="][folded] ?? (Self.words[folded] != nil ? folded : nil)
        throw ExpressionError(.unknownWord(word, meant: meant.map { "'\($0)'" }), at: start)
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || "0"..."9" ~= scalar
    }

    // MARK: Values

    /// Reads a text in quotes. A quote that is doubled stands for itself.
    private mutating func quoted(_ quote: Unicode.Scalar) throws(ExpressionError) -> String {
        let start = position
        var content = String.UnicodeScalarView()
        position += 1
        while let scalar = current {
            position += 1
            if scalar == quote {
                guard current == quote else { return String(content) }
                position += 1
            }
            content.append(scalar)
        }
        throw ExpressionError(.unclosedText, at: start)
    }

    private mutating func number() throws(ExpressionError) -> ParameterValue {
        let start = position
        var previous: Unicode.Scalar?
        let written = take { scalar in
            defer { previous = scalar }
            if scalar == "+" || scalar == "-" { return previous == nil || previous == "e" || previous == "E" }
            return scalar == "." || Self.isWordPart(scalar)
        }
        guard let value = ExpressionNumber(written)?.value else {
            throw ExpressionError(.malformedNumber(written), at: start)
        }
        return value
    }

    // MARK: Variables

    private mutating func variable() throws(ExpressionError) -> Token {
        let start = position
        position += 1
        let word = take { Self.isWordPart($0) }
        guard current == "{", !word.isEmpty else {
            if word == ExpressionReference.Kind.item.rawValue, current != "(", current != "[" {
                return .reference(ExpressionReference(.item, ""))
            }
            throw ExpressionError(unknownVariable(word, from: start), at: start)
        }
        guard let kind = ExpressionReference.Kind(rawValue: word) else {
            let nearest =
                ExpressionReference.Kind(rawValue: word.uppercased())
                ?? word.nearest(among: ExpressionReference.Kind.allCases.map(\.rawValue)).flatMap {
                    ExpressionReference.Kind(rawValue: $0)
                }
            let meant = nearest.map { "$\($0.rawValue){…}" }
            throw ExpressionError(.unknownVariableKind("$\(word){", meant: meant), at: start)
        }
        position += 1
        guard let end = text[position...].firstIndex(of: "}") else {
            // Not its default, which may be secret.
            let written = written(start..<min(start + 40, text.count)).prefix { $0 != ":" }
            throw ExpressionError(.unclosedVariable(String(written)), at: start)
        }
        let reference = ExpressionReference(kind, body: written(position..<end))
        position = end + 1
        if let problem = reference.malformation { throw ExpressionError(.variable(problem), at: start) }
        if case .text(let text) = reference.fallback, Self.variable(in: text) != nil {
            throw ExpressionError(.variable(.nested(reference.label)), at: start)
        }
        return .reference(reference)
    }

    /// What is meant by a `$` that begins no variable: `$HOME`, `${HOME}`, `$ENV(HOME)`.
    private mutating func unknownVariable(_ word: String, from start: Int) -> ExpressionProblem {
        if current == "(" || current == "[" || word.isEmpty && current == "{" { position += 1 }
        if ExpressionReference.Kind(rawValue: word.uppercased()) != nil || word.isEmpty {
            var name = take { Self.isWordPart($0) }
            var kind = ExpressionReference.Kind(rawValue: word.uppercased())
            if word.isEmpty, let named = ExpressionReference.Kind(rawValue: name.uppercased()) {
                kind = named
                if current != nil { position += 1 }
                name = take { Self.isWordPart($0) }
            }
            let meant = name.isEmpty ? nil : "$\(kind?.rawValue ?? "VAR"){\(name)}"
            return .unknownVariableKind(written(start..<position), meant: meant)
        }
        return .unknownVariableKind("$\(word)", meant: "$VAR{\(word)} or $ENV{\(word)}")
    }

    /// Returns the first variable in a text, without its default.
    static func variable(in text: String) -> String? {
        var rest = text.unicodeScalars[...]
        while let dollar = rest.firstIndex(of: "$") {
            rest = rest[dollar...].dropFirst()
            let word = rest.prefix { "A"..."Z" ~= $0 }
            guard let kind = ExpressionReference.Kind(rawValue: String(word)) else { continue }
            let body = rest[word.endIndex...]
            guard body.first == "{" else { continue }
            let end = body.firstIndex(of: "}") ?? body.endIndex
            return ExpressionReference(kind, body: String(body[..<end].dropFirst())).label
        }
        return nil
    }
}
