/// What is wrong, or doubtful, about a variable of a job file.
///
/// Variables are given without their defaults, `$ENV{NAME}`, since a default may be part of a secret.
package enum VariableProblem: Sendable, Hashable {
    /// It has no value and no default, and becomes empty text.
    case unset(String, nearest: String?)
    /// A variable of the system that does not exist.
    case unknown(String, hasDefault: Bool, nearest: String?, known: [String])
    /// It has no value, or an empty one, but the job file demands one.
    case demanded(String, isEmpty: Bool, reason: String)
    case unnamed(String)
    /// `$OUT{…}` without the name of a task and of an output.
    case malformedOutput(String)
    /// A variable of the run where no value can depend on the run.
    case knownInRunOnly(String)
    /// `$STATE{…}` outside of `when`.
    case stateInText(String)
    /// `$ITEM` in a task that runs for no item.
    case withoutItem(String)
    /// `$VAR{…}` and its like in a job that was made in code.
    case knownInFilesOnly(String)
    /// A variable that no job file could have: its name or default has a brace, say.
    case unwritable(String)
    /// Its default holds another variable.
    case nested(String)
    case unclosed(String)
    /// It stands where variables are not replaced.
    case literal(String, LiteralPlace)
    /// Text that looks like a variable and is none.
    case resembling(String, meant: String)
    /// Its default begins like an operator of shells: `$ENV{NAME:-text}`.
    case shellDefault(String, sign: Character)
    /// Its name holds characters that show that a `}` is missing.
    case bracedName(String, name: String)
    /// Its default holds a brace, but ends at the first `}`.
    case bracedDefault(String)
    /// A list or mapping that would be a part of text.
    case collectionInText(String)
    /// A variable that was given a value, and that the job does not use.
    case unused(String, nearest: String?, used: [String])
    /// A required parameter that is empty, because the variable is not set.
    case emptyParameter(String, nearest: String?)
    /// A secret that holds nothing, or not all, because the variable is not set.
    case incompleteSecret(String, nearest: String?)

    /// Where variables are not replaced.
    package enum LiteralPlace: Sendable, Hashable {
        case quotes
        /// A block: the character that begins it is `|` or `>`.
        case block(Character)
        case quotedKey
    }
}
