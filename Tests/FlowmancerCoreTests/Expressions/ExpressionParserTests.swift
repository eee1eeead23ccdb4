import FlowmancerRandom
import Testing

@testable import FlowmancerCore

@Suite struct ExpressionParserTests {
    /// An expression, and what it is with parentheses around every operation.
    @Test(
        arguments: [
            ("1", "1"), ("'a'", "'a'"), ("\"it's\"", "\"it's\""), ("'it''s'", "\"it's\""), ("''''", "\"'\""),
            ("null", "null"), ("-1.50", "-1.5"), ("+7", "7"), (".5", "0.5"), ("2e3", "2000.0"),
            ("99999999999999999999", "1e+20"), ("[]", "[]"), ("[1, 'a',]", "[1, 'a']"),
            ("$VAR{ a }", "$VAR{a}"), ("$VAR{a:x y}", "$VAR{a:=x y}"), ("$VAR{a:=?}", "$VAR{a:=?}"),
            ("$VAR{a:? why }", "$VAR{a:?why}"), ("$DICT{a:b:c}", "$DICT{a:=b:c}"), ("$STATE{a:b}", "$STATE{a:b}"),
            ("$VAR{it's}", "$VAR{it's}"), ("defined ( $ENV{A} )", "defined($ENV{A})"),
            ("1 or 2 and not 3 == 4", "1 or (2 and (not (3 == 4)))"), ("(1 or 2) and 3", "(1 or 2) and 3"),
            ("not not 1", "not (not 1)"), ("not 1 in [2]", "not (1 in [2])"), ("1 not in [2]", "1 not in [2]"),
            ("1 and 2 and 3", "1 and 2 and 3"), ("1 and (2 and 3)", "1 and (2 and 3)"),
            (
                "(not 1) == 2",
                "(not "
                    + "1) == 2"
            ),
            ("1==2 or 3<=4", "(1 == 2) or (3 <= 4)"), ("1\n  and\t2", "1 and 2"), ("((1))", "1"),
        ]
    )
    func operatorsHoldTogetherAsInPython(text: String, expected: String) throws {
        let expression = try ExpressionParser.parse(text)
        #expect(expression == (try ExpressionParser.parse(expected)))
        #expect("\(expression)" == (try ExpressionParser.parse(expected)).description)
        #expect(Self.full(expression) == expected)
    }

    /// The text with parentheses around every operation in another.
    private static func full(_ expression: JobExpression) -> String {
        func part(_ expression: JobExpression) -> String {
            switch expression.form {
            case .not, .and, .or, .comparison: "(\(full(expression)))"
            default: full(expression)
            }
        }
        return switch expression.form {
        case .not(let operand): "not \(part(operand))"
        case .and(let operands): operands.map(part).joined(separator: " and ")
        case .or(let operands): operands.map(part).joined(separator: " or ")
        case .comparison(let comparison, let left, let right): "\(part(left)) \(comparison.rawValue) \(part(right))"
        default: expression.description
        }
    }

    @Test(
        arguments: [
            ("", "0: the expression is empty; expected one such as $VAR{env} == 'prod'"),
            ("1 ==", "4: expected a value, such as $VAR{name}, 'text' or 5, found the end of the expression"),
            ("1 ==   ", "4: expected a value, such as $VAR{name}, 'text' or 5, found the end of the expression"),
            ("1 2", "2: expected an operator such as == or 'and', found '2'"),
            ("'a' 'secret'", "4: expected an operator such as == or 'and', found a text"),
            ("(1 or 2", "7: expected ')' or an operator, found the end of the expression"),
            ("[1 2]", "3: expected ',' or ']', found '2'"),
            (
                "1 < 2 < 3",
                "6: a comparison cannot be compared again; join two comparisons with 'and', or use "
                    + "parentheses"
            ),
            ("1 == not 2", "5: expected a value (put 'not …' in parentheses here), found 'not'"),
            ("1 not 2", "6: expected 'in' after 'not', found '2'"),
            ("prod == 1", "0: 'prod' has no meaning here; put it in quotes if it is text"),
            ("1 == True", "5: 'True' has no meaning here; did you mean 'true'?"),
            ("1 AND 2", "2: 'AND' has no meaning here; did you mean 'and'?"),
            ("1 is None", "2: 'is' has no meaning here; did you mean '=='?"),
            ("1 && 2", "2: '&&' is not an operator; write 'and'"), ("1 || 2", "2: '||' is not an operator; write 'or'"),
            ("!1", "0: '!' is not an operator; write 'not'"), ("1 = 2", "2: '=' is not an operator; write '=='"),
            ("1 === 2", "2: '===' is not an operator; write '=='"),
            (
                "1 <> 2",
                "2: '<>' is not an operator; "
                    + "write '!='"
            ),
            ("1 * 2", "2: '*' has no meaning here; put text in quotes"),
            ("1 == 'a", "5: the text that begins here has no closing quote"),
            ("1.2.3", "0: '1.2.3' is not a number; put it in quotes if it is text"),
            ("1e999", "0: '1e999' is not a number; put it in quotes if it is text"),
            ("12:30", "2: ':' has no meaning here; put text in quotes"),
            ("2024-12-31", "4: expected an operator such as == or 'and', found '-12'"),
            ("$VAR{a", "0: the variable \"$VAR{a\" has no '}' at its end"),
            ("$VAR{a:secret", "0: the variable \"$VAR{a\" has no '}' at its end"),
            ("$VAR{}", "0: the variable $VAR{} has no name"),
            ("$VAR{a:$ENV{B}}", "0: the default of $VAR{a} cannot contain another variable"),
            ("$VRA{a}", "0: '$VRA{' is not a variable; did you mean $VAR{…}?"),
            ("$env{a}", "0: '$env{' is not a variable; did you mean $ENV{…}?"),
            ("$ITEMS{a}", "0: '$ITEMS{' is not a variable; did you mean $ITEM{…}?"),
            ("$ITEMS", "0: '$ITEMS' is not a variable; did you mean $VAR{ITEMS} or $ENV{ITEMS}?"),
            (
                "$OUT{rows}",
                "0: $OUT{rows} is not the name of an output; write $OUT{task.name}, with the name of a task and of what it "
                    + "publishes"
            ),
            ("$HOME", "0: '$HOME' is not a variable; did you mean $VAR{HOME} or $ENV{HOME}?"),
            ("${HOME}", "0: '${HOME' is not a variable; did you mean $VAR{HOME}?"),
            ("${ENV:HOME}", "0: '${ENV:HOME' is not a variable; did you mean $ENV{HOME}?"),
            ("$ENV(HOME)", "0: '$ENV(HOME' is not a variable; did you mean $ENV{HOME}?"),
            (
                "$",
                "0: '$' is not a variable of an expression; expected one of: $VAR{…}, $ENV{…}, $SYS{…}, "
                    + "$STATE{…}, $DICT{…}, $OUT{…}, $ITEM{…}"
            ),
            ("defined $VAR{a}", "8: expected '(' after 'defined', found $VAR{a}"),
            ("defined(1)", "8: expected a variable, such as $VAR{name}, found '1'"),
            (
                "defined($VAR{a:1})",
                "8: $VAR{a} has a default, so it is always defined; leave the default out in "
                    + "defined(…)"
            ),
        ]
    )
    func mistakesAreToldWithTheirPlace(text: String, expected: String) {
        let error = #expect(throws: ExpressionError.self) { try ExpressionParser.parse(text) }
        #expect(error.map { "\($0.offset): \($0.problem.wording)" } == expected)
    }

    @Test func whatIsNestedDeeplyIsRefused() throws {
        let limit = ExpressionParser.maximumDepth
        for (opening, closing) in [("(", ")"), ("[", "]"), ("not ", "")] {
            let text = String(repeating: opening, count: limit) + "1" + String(repeating: closing, count: limit)
            _ = try ExpressionParser.parse(text)
            for count in [limit + 1, 100_000] {
                let error = #expect(throws: ExpressionError.self) {
                    try ExpressionParser.parse(String(repeating: opening, count: count))
                }
                #expect(error?.problem == .tooDeep(limit: limit))
            }
        }
        // Not nested, only long.
        let long = try ExpressionParser.parse("1" + String(repeating: " and true or 1 == 1", count: 50_000))
        #expect("\(long)".utf8.count > 900_000)
    }

    // MARK: Random texts

    private static let pieces = [
        "(", ")", "[", "]", ",", " ", "and", "or", "not", "in", "defined", "==", "!=", "<", "<=", ">", ">=", "=", "!",
        "&&", "'", "\"", "a", "true", "null", "1", "-", "1.5", "e9", ".", "$", "$VAR{", "$VAR{a}", "$ENV{B:c}",
        "$STATE{t}",
        "$DICT{k:?}", "}", "{", ":", "\n", "é", "\u{1F600}", "\u{301}", "\u{0}", "\r\n", "$$", "'x'",
        "defined($VAR{a})",
    ]

    @Test(arguments: 0..<20 as Range<UInt64>) func noTextIsMoreThanAnError(block: UInt64) {
        var random = SeededGenerator(seed: block)
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...14, using: &random) {
                text += Self.pieces.randomElement(using: &random) ?? ""
                if random.chance(40) { text += " " }
            }
            do throws(ExpressionError) {
                let expression = try ExpressionParser.parse(text)
                let again = try? ExpressionParser.parse(expression.description)
                #expect(again == expression, "\(text)")
                _ = expression.doubts
            } catch {
                #expect((0...text.unicodeScalars.count).contains(error.offset), "\(text)")
                #expect(!error.problem.wording.isEmpty)
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func whatIsPrintedReadsAsAnEqualTree(block: UInt64) throws {
        var random = RandomExpression(seed: block)
        for _ in 0..<500 {
            let expression = random.expression()
            let text = expression.description
            #expect(try ExpressionParser.parse(text) == expression, "\(text)")
        }
    }
}
