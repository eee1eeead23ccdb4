/// What is wrong, or doubtful, about an expression. No value is in it, since it may be secret.
package enum ExpressionProblem: Sendable, Hashable {
    // MARK: The text

    case empty
    case unexpected(found: String, expected: String)
    /// A word that is none of the language's, and no text, since that has quotes.
    case unknownWord(String, meant: String?)
    /// An operator of other languages.
    case foreignOperator(String, meant: String)
    case unknownCharacter(String)
    case unclosedText
    case malformedNumber(String)
    case unclosedVariable(String)
    case unknownVariableKind(String, meant: String?)
    case variable(VariableProblem)
    /// `a < b < c`
    case chained
    case tooDeep(limit: Int)
    /// A variable with a default within `defined(…)`.
    case definedWithDefault(String)
    /// A variable whose value is put together in the run.
    case compound(String)

    // MARK: The values

    case unset(String, nearest: String?)
    /// A variable of the run without a value; the reason is in words.
    case withoutValue(String, because: String)
    case notTruth(Kind)
    case incomparable(ExpressionComparison, Kind, Kind)
    /// A value that is no time limit.
    case wrongLimit(String, Kind)
    /// A value that is no amount of a resource.
    case wrongAmount(String)
    /// A value of the shared dictionary that cannot be read.
    case unreadable(String)

    // MARK: The job

    case ownState
    case notADependency(String)
    /// A task asks for what it publishes itself.
    case ownOutput
    case unknownOutput(UnknownOutput)

    // MARK: Doubts

    case constant(Bool)
    /// A comparison of a task's state with a text that names no state.
    case unknownState(String, nearest: String?)
    /// A comparison of a variable that is text with a value that is none.
    case neverEqual(String, Kind)
    /// A variable within a text, where it is not replaced.
    case variableInText(String)

    /// The kind of a value.
    package enum Kind: String, Sendable, Hashable {
        case nothing = "null"
        case truth = "a truth value"
        case number = "a number"
        case text = "text"
        case list = "a list"
        case mapping = "a mapping"

        package init(_ value: ParameterValue) {
            self =
                switch value {
                case .null: .nothing
                case .bool: .truth
                case .int, .double: .number
                case .string: .text
                case .array: .list
                case .object: .mapping
                // An expression has variables of its own, and no templates.
                case .template: .text
                }
        }
    }
}
