import Testing

@testable import FlowmancerCore

@Suite struct ExpressionEvaluationTests {
    private static let values: [String: ParameterValue] = [
        "$VAR{env}": "prod", "$VAR{n}": "10", "$VAR{empty}": "", "$VAR{yes}": "true", "$DICT{rows}": 5,
        "$DICT{ratio}": 0.5, "$DICT{tags}": ["a", 1], "$DICT{map}": ["k": 1], "$DICT{none}": nil, "$DICT{on}": true,
        "$STATE{a}": "completed",
    ]

    private func lookup(_ reference: ExpressionReference) -> ExpressionLookup {
        Self.values[reference.label].map(ExpressionLookup.value) ?? .missing(nearest: nil)
    }

    @Test(
        arguments: [
            "$VAR{env} == 'prod'", "$VAR{env} != 'dev'", "$VAR{env} in ['dev', 'prod']", "$VAR{env} not in ['dev']",
            "'ro' in $VAR{env}", "'' in 'a'", "'k' in $DICT{map}", "1 in $DICT{tags}", "'1' in $DICT{tags}",
            // Text that reads as a number compares with numbers.
            "$VAR{n} == 10", "10.0 == $VAR{n}", "$VAR{n} > 9", "$VAR{n} >= '9'", "'9' < $VAR{n}", "$DICT{rows} < '5.5'",
            // Two texts are equal as texts.
            "'1.0' != '1'", "'01' != '1'", "'1.10' != '1.1'", "'a' < 'b'", "'Z' < 'a'",
            "1 == 1.0", "9223372036854775807 < 9223372036854775808.0", "9007199254740993 > 9007199254740992.0",
            "-9223372036854775808 == -9223372036854775808.0", "1e308 > 5", "-1e308 < -5", "0.1 < 1",
            // Other kinds are unequal.
            "1 != 'a'", "true != 'true'", "null != ''", "[] != null", "true != 1", "$DICT{none} == null",
            "[1, ['a']] == ['1', ['a']]", "[1] != [1, 2]", "$DICT{map} == $DICT{map}",
            // Truth values, and text that reads as one.
            "true", "$VAR{yes}", "$DICT{on}", "not $VAR{no:false}", "$DICT{on} == true",
            // Early ends: what is not evaluated cannot fail.
            "true or $VAR{unset}", "not (false and $VAR{unset} < null)", "defined($VAR{unset}) or true",
            "not defined($VAR{unset}) or $VAR{unset} == 1", "defined($VAR{empty}) and $VAR{empty} == ''",
            "defined($DICT{none}) and not defined($DICT{other})",
            "$VAR{unset:x} == 'x'", "$VAR{empty:x} == ''", "$VAR{unset:} == ''",
            "$DICT{other:7} > "
                + "6", "$STATE{a} == 'completed'",
            "false or false or true and true", "not false == true", "(1 < 2) == true",
        ]
    )
    func itIsTrue(text: String) throws {
        #expect(try ExpressionParser.parse(text).truth(lookup))
    }

    @Test(
        arguments: [
            (
                "$VAR{unset}",
                "0: $VAR{unset} has no value and no default; write $VAR{unset:default}, or ask "
                    + "defined($VAR{unset}) first"
            ),
            (
                "true and $DICT{other} == 1",
                "9: $DICT{other} has no value and no default; write "
                    + "$DICT{other:default}, or ask "
                    + "defined($DICT{other}) first"
            ),
            ("$VAR{unset:?say which}", "0: $VAR{unset} is not set: say which"),
            ("$VAR{empty:?} == 1", "0: $VAR{empty} is empty, but the job needs a value; set it"),
            ("1 < 'a'", "0: '<' compares two numbers or two texts, found a number and text"),
            ("true and ($VAR{env} >= null)", "10: '>=' compares two numbers or two texts, found text and null"),
            ("[1] < [2]", "0: '<' compares two numbers or two texts, found a list and a list"),
            ("1 in 'abc'", "0: 'in' looks for text in text, found a number"),
            ("1 not in 5", "0: 'not in' needs a list, a text or a mapping behind it, found a number"),
            ("1 in $DICT{map}", "0: 'in' needs a list, a text or a mapping behind it, found a mapping"),
            (
                "$VAR{env}",
                "0: expected a truth value, found text; compare it with something, or use the text "
                    + "true or false"
            ),
            (
                "true and $VAR{n}",
                "9: expected a truth value, found text; compare it with something, or use the "
                    + "text true or false"
            ),
            ("not 0", "4: expected a truth value, found a number; compare it with something"),
            ("[]", "0: expected a truth value, found a list; compare it with something"),
            ("$DICT{none} or true", "0: expected a truth value, found null; compare it with something"),
        ]
    )
    func errorsHaveTheirPlaceAndShowNoValue(text: String, expected: String) throws {
        let expression = try ExpressionParser.parse(text)
        let error = #expect(throws: ExpressionError.self) { try expression.truth(lookup) }
        #expect(error.map { "\($0.offset): \($0.problem.wording)" } == expected)
    }

    /// What is known when a job is loaded is computed; the rest stays.
    @Test(
        arguments: [
            ("$VAR{env} == 'prod'", "true"), ("$VAR{env} == $STATE{x}", "'prod' == $STATE{x}"),
            ("defined($VAR{unset}) and $VAR{unset} == 1", "false"), ("$STATE{x} == 'a' and true", "$STATE{x} == 'a'"),
            ("$STATE{x} == 'a' and false and $VAR{unset}", "$STATE{x} == 'a' and false"),
            ("($STATE{x} == 'a' and false) and $VAR{unset}", "$STATE{x} == 'a' and false"),
            ("not ($STATE{x} == 'a' or true) and $VAR{unset}", "not ($STATE{x} == 'a' or true)"),
            ("$DICT{k} and true", "$DICT{k} and true"), ("$DICT{k} or false or 1 == 2", "$DICT{k} or false"),
            ("defined($DICT{k})", "defined($DICT{k})"), ("[$VAR{n}, $DICT{k:1}]", "['10', $DICT{k:=1}]"),
            ("'a' in ['a', $VAR{env}]", "true"),
        ]
    )
    func whatIsKnownIsComputed(text: String, expected: String) throws {
        let rest = try ExpressionParser.parse(text).resolved { $0.kind.isKnownAtLoad ? lookup($0) : .unknown }
        #expect("\(rest)" == expected)
    }

    @Test(
        arguments: [
            ("$VAR{a} == 'x'", []),
            (
                "true",
                [
                    "0: the condition is always true, so the task always runs; "
                        + "compare a variable, or "
                        + "remove it"
                ]
            ),
            (
                "1 > 2 and $VAR{a} == 'x'",
                [
                    "0: the condition is always false, so the task never runs; compare a "
                        + "variable, or remove it"
                ]
            ),
            ("$STATE{a} == 'COMPLETED'", ["13: no task is ever in the state 'COMPLETED'; did you mean 'completed'?"]),
            ("$STATE{a} in ['failed', 'skip']", ["24: no task is ever in the state 'skip'; did you mean 'skipped'?"]),
            (
                "'nonsense' != $STATE{a}",
                [
                    "0: no task is ever in the state 'nonsense'; a task ends as one of: "
                        + "'completed', 'failed', "
                        + "'defaulted', 'aborted', 'skipped'"
                ]
            ),
            (
                "$VAR{a} == true",
                [
                    "11: $VAR{a} is text, which is never equal to a truth value; compare with "
                        + "'true' or 'false' in quotes"
                ]
            ),
            ("$STATE{a} != 1", ["13: $STATE{a} is text, which is never equal to a number"]),
            ("$VAR{a} == 1 or $DICT{b} == true", []),
            (
                "'$VAR{a:b}' == $VAR{c}",
                [
                    "0: $VAR{a} is not replaced in a text; write it without quotes, since a "
                        + "variable is a value by "
                        + "itself"
                ]
            ),
            (
                "$VAR{a:-x} == 'x'",
                [
                    "0: the default of $VAR{a} begins with '-', because a default follows ':' "
                        + "and not ':-' as in shells; "
                        + "write $VAR{a:default}, or $VAR{a:=-default} if the '-' belongs to the default"
                ]
            ),
            ("$VAR{a:-1} < 0", []),
        ] as [(String, [String])]
    )
    func doubtsAreTold(text: String, expected: [String]) throws {
        let doubts = try ExpressionParser.parse(text).doubts
        #expect(doubts.map { "\($0.offset): \($0.problem.wording)" } == expected)
    }

    // MARK: Random expressions

    @Test(arguments: 0..<40 as Range<UInt64>) func everyExpressionMeansWhatTheModelSays(block: UInt64) throws {
        var random = RandomExpression(seed: 1_000 + block)
        var truths = 0
        for _ in 0..<400 {
            var values: [ExpressionReference.Kind: [String: ParameterValue]] = [:]
            for kind in ExpressionReference.Kind.allCases {
                for name in RandomExpression.names where random.chance(60) {
                    values[kind, default: [:]][name] = random.value()
                }
            }
            let expression = random.expression()
            let model = NaiveEvaluation(values: values)
            let expected = try? model.truth(model.value(of: expression))
            func lookup(_ reference: ExpressionReference) -> ExpressionLookup {
                values[reference.kind]?[reference.name].map(ExpressionLookup.value) ?? .missing()
            }
            #expect((try? expression.truth(lookup)) == expected, "\(expression) with \(values)")
            if expected != nil { truths += 1 }

            // In two steps, as when a job is loaded and then run.
            guard let rest = try? expression.resolved({ $0.kind.isKnownAtLoad ? lookup($0) : .unknown }) else {
                continue
            }
            #expect(try rest.resolved { _ in .unknown } == rest, "\(expression) → \(rest)")
            #expect((try? rest.truth(lookup)) == expected, "\(expression) → \(rest) with \(values)")
            let isDumped = rest.references.allSatisfy { !$0.reference.kind.isKnownAtLoad }
            #expect(isDumped, "\(rest)")
            if let expected { #expect(rest.canBe(expected), "\(rest)") }
        }
        #expect(truths > 50)
    }

    /// A value of the shared dictionary may be any JSON.
    @Test func valuesOfTheDictionaryAreJSON() {
        let text = #"{"a": [1, 2.5, "x", null, true, 9223372036854775808]}"#
        #expect(
            ParameterValue(json: JSONText(rawValue: text)) == ["a": [1, 2.5, "x", nil, true, 9223372036854775808.0]]
        )
        #expect(ParameterValue(json: JSONText(rawValue: "5")) == 5)
        #expect(ParameterValue(json: JSONText(rawValue: "{")) == nil)
        #expect(ParameterValue(json: JSONText(rawValue: String(repeating: "[", count: 100_000))) == nil)
    }
}
