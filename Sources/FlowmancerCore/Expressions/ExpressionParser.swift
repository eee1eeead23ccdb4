/// Makes a tree of the text of an expression. From the weakest to the strongest, the operators are `or`, `and`, `not`, and
/// comparisons, as in Python.
package struct ExpressionParser {
    /// How deeply parentheses, lists and `not` may stand in each other.
    package static let maximumDepth = 50

    private var lexer: ExpressionLexer
    private var token = ExpressionLexer.Token.end
    private var offset = 0
    private var depth = 0

    /// Reads a whole text.
    package static func parse(_ text: String) throws(ExpressionError) -> JobExpression {
        var parser = ExpressionParser(lexer: ExpressionLexer(text))
        try parser.advance()
        if parser.token == .end { throw ExpressionError(.empty, at: 0) }
        let expression = try parser.disjunction()
        guard parser.token == .end else { throw parser.unexpected("an operator such as == or 'and'") }
        return expression
    }

    private init(lexer: ExpressionLexer) {
        self.lexer = lexer
    }

    private mutating func advance() throws(ExpressionError) {
        (token, offset) = try lexer.next()
    }

    private mutating func take(_ wanted: ExpressionLexer.Token) throws(ExpressionError) -> Bool {
        guard token == wanted else { return false }
        try advance()
        return true
    }

    private mutating func require(_ wanted: ExpressionLexer.Token, _ expected: String) throws(ExpressionError) {
        guard try take(wanted) else { throw unexpected(expected) }
    }

    private func unexpected(_ expected: String) -> ExpressionError {
        ExpressionError(.unexpected(found: token.words, expected: expected), at: offset)
    }

    // MARK: Operators

    private mutating func disjunction() throws(ExpressionError) -> JobExpression {
        let (start, first) = (offset, try conjunction())
        guard token == .or else { return first }
        var operands = [first]
        while try take(.or) { operands.append(try conjunction()) }
        return JobExpression(.or(operands), at: start)
    }

    private mutating func conjunction() throws(ExpressionError) -> JobExpression {
        let (start, first) = (offset, try negation())
        guard token == .and else { return first }
        var operands = [first]
        while try take(.and) { operands.append(try negation()) }
        return JobExpression(.and(operands), at: start)
    }

    private mutating func negation() throws(ExpressionError) -> JobExpression {
        let start = offset
        guard try take(.not) else { return try comparison() }
        try enter(at: start)
        let operand = try negation()
        depth -= 1
        return JobExpression(.not(operand), at: start)
    }

    private mutating func comparison() throws(ExpressionError) -> JobExpression {
        let start = offset
        let left = try operand()
        guard let comparison = try takeComparison() else { return left }
        let right = try operand()
        switch token {
        case .comparison, .in, .not: throw ExpressionError(.chained, at: offset)
        default: return JobExpression(.comparison(comparison, left, right), at: start)
        }
    }

    private mutating func takeComparison() throws(ExpressionError) -> ExpressionComparison? {
        switch token {
        case .comparison(let comparison):
            try advance()
            return comparison
        case .in:
            try advance()
            return .contained
        case .not:
            try advance()
            try require(.in, "'in' after 'not'")
            return .notContained
        default:
            return nil
        }
    }

    // MARK: Operands

    private mutating func operand() throws(ExpressionError) -> JobExpression {
        let start = offset
        switch token {
        case .value(let value):
            try advance()
            return JobExpression(.value(value), at: start)
        case .reference(let reference):
            try advance()
            return JobExpression(.reference(reference), at: start)
        case .defined:
            try advance()
            return JobExpression(.defined(try definedReference()), at: start)
        case .openParenthesis:
            try advance()
            try enter(at: start)
            let inner = try disjunction()
            depth -= 1
            try require(.closeParenthesis, "')' or an operator")
            return inner
        case .openBracket:
            try advance()
            return JobExpression(.list(try items(from: start)), at: start)
        case .not:
            throw unexpected("a value (put 'not …' in parentheses here)")
        case .comparison, .and, .or, .in, .closeParenthesis, .closeBracket, .comma, .end:
            throw unexpected("a value, such as $VAR{name}, 'text' or 5")
        }
    }

    private mutating func definedReference() throws(ExpressionError) -> ExpressionReference {
        try require(.openParenthesis, "'(' after 'defined'")
        guard case .reference(let reference) = token else { throw unexpected("a variable, such as $VAR{name}") }
        if reference.fallback != .none { throw ExpressionError(.definedWithDefault(reference.label), at: offset) }
        try advance()
        try require(.closeParenthesis, "')'")
        return reference
    }

    private mutating func items(from start: Int) throws(ExpressionError) -> [JobExpression] {
        try enter(at: start)
        var items: [JobExpression] = []
        while token != .closeBracket {
            items.append(try disjunction())
            // A comma may stand behind the last item, as in Python.
            guard try take(.comma) else { break }
        }
        depth -= 1
        try require(.closeBracket, "',' or ']'")
        return items
    }

    private mutating func enter(at start: Int) throws(ExpressionError) {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw ExpressionError(.tooDeep(limit: Self.maximumDepth), at: start)
        }
    }
}

extension ExpressionLexer.Token {
    /// The token as messages name it; a text may be secret.
    fileprivate var words: String {
        switch self {
        case .value(.string): "a text"
        case .value(let value): "'\(value.scalarText ?? "")'"
        case .reference(let reference): reference.label
        case .comparison(let comparison): "'\(comparison.rawValue)'"
        case .and: "'and'"
        case .or: "'or'"
        case .not: "'not'"
        case .in: "'in'"
        case .defined: "'defined'"
        case .openParenthesis: "'('"
        case .closeParenthesis: "')'"
        case .openBracket: "'['"
        case .closeBracket: "']'"
        case .comma: "','"
        case .end: "the end of the expression"
        }
    }
}
