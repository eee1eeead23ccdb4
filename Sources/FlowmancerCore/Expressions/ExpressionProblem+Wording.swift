extension ExpressionProblem {
    /// What is wrong, what was expected, and what to do about it.
    package var wording: String {
        switch self {
        case .empty:
            "the expression is empty; expected one such as $VAR{env} == 'prod'"
        case .unexpected(let found, let expected):
            "expected \(expected), found \(found)"
        case .unknownWord(let word, let meant?):
            "'\(word)' has no meaning here; did you mean \(meant)?"
        case .unknownWord(let word, nil):
            "'\(word)' has no meaning here; put it in quotes if it is text"
        case .foreignOperator(let written, let meant):
            "'\(written)' is not an operator; write \(meant)"
        case .unknownCharacter(let character):
            "'\(character)' has no meaning here; put text in quotes"
        case .unclosedText:
            "the text that begins here has no closing quote"
        case .malformedNumber(let text):
            "'\(text)' is not a number; put it in quotes if it is text"
        case .unclosedVariable(let written):
            "the variable \"\(written)\" has no '}' at its end"
        case .unknownVariableKind(let written, let meant?):
            "'\(written)' is not a variable; did you mean \(meant)?"
        case .unknownVariableKind(let written, nil):
            "'\(written)' is not a variable of an expression; expected one of: \(Self.kinds)"
        case .variable(let problem):
            problem.wording
        case .chained:
            "a comparison cannot be compared again; join two comparisons with 'and', or use parentheses"
        case .tooDeep(let limit):
            "the expression is nested more than \(limit) levels deep"
        case .definedWithDefault(let label):
            "\(label) has a default, so it is always defined; leave the default out in defined(…)"
        case .ownOutput:
            "a task cannot use what it publishes itself"
        case .unknownOutput(let unknown):
            unknown.wording
        case .compound(let label):
            "\(label) is put together of several parts in the run, which an expression cannot do; give the part that it needs a "
                + "variable of its own"
        case .unset, .withoutValue, .notTruth, .incomparable, .wrongLimit, .wrongAmount, .unreadable:
            aboutValues
        case .ownState:
            "a task cannot ask for its own state; name a task that it depends on"
        case .notADependency(let task):
            "'\(task)' is not among the dependencies of this task, directly or not, so its state is not "
                + "certain; add it to "
                + "'dependencies'"
        case .constant(let value):
            "the condition is always \(value), so the task \(value ? "always" : "never") runs; compare a "
                + "variable, or remove it"
        case .unknownState(let text, let nearest):
            "no task is ever in the state '\(text)'; " + Self.stateAdvice(nearest)
        case .neverEqual(let label, let kind):
            "\(label) is text, which is never equal to \(kind.rawValue)"
                + (kind == .truth ? "; compare with 'true' or 'false' in quotes" : "")
        case .variableInText(let label):
            "\(label) is not replaced in a text; write it without quotes, since a variable is a value by itself"
        }
    }

    private var aboutValues: String {
        switch self {
        case .unset(let label, let nearest):
            "\(label) has no value and no default; " + (nearest.map { "did you mean \($0)? If not, " } ?? "")
                + "write \(label.dropLast()):default}, or ask defined(\(label)) first"
        case .withoutValue(let label, let reason):
            "\(label) has no value, because \(reason)"
                + (label.hasSuffix("}") ? "; write \(label.dropLast()):default} if it may have none" : "")
        case .notTruth(let kind):
            "expected a truth value, found \(kind.rawValue); compare it with something"
                + (kind == .text ? ", or use the text true or false" : "")
        case .incomparable(let comparison, let left, let right):
            Self.incomparable(comparison, left, right)
        case .wrongLimit(let template, let kind):
            "\(template) is \(kind.rawValue) that is no time limit; expected more than 0 seconds, text such as 1h30m, or "
                + TimeLimit.unlimitedWord
        case .wrongAmount(let found):
            "expected \(ResourceAmountText.expectation), or a list of them, found \(found)"
        case .unreadable(let label):
            "the value of \(label) is not JSON that can be read"
        default:
            ""
        }
    }

    private static func incomparable(_ comparison: ExpressionComparison, _ left: Kind, _ right: Kind) -> String {
        switch comparison {
        case .contained, .notContained:
            right == .text
                ? "'\(comparison.rawValue)' looks for text in text, found \(left.rawValue)"
                : "'\(comparison.rawValue)' needs a list, a text or a mapping behind it, found \(right.rawValue)"
        default:
            "'\(comparison.rawValue)' compares two numbers or two texts, found \(left.rawValue) and \(right.rawValue)"
        }
    }

    private static let kinds = ExpressionReference.Kind.allCases.map { "$\($0.rawValue){…}" }.joined(separator: ", ")

    private static func stateAdvice(_ nearest: String?) -> String {
        if let nearest { return "did you mean '\(nearest)'?" }
        let states = ExecutionState.allCases.filter(\.isFinal).map { "'\($0)'" }.joined(separator: ", ")
        return "a task ends as one of: \(states)"
    }
}
