extension VariableProblem {
    /// What is wrong, and what to do about it.
    var wording: String {
        switch self {
        case .unset(let variable, let nearest):
            "\(variable) is not set and has no default, so it becomes empty text; "
                + Self.remedy(for: variable, nearest) + ":default} (with nothing after ':' if it may be empty)"
        case .unknown(let variable, let hasDefault, let nearest, let known):
            "\(variable) does not exist, so \(hasDefault ? "its default is used" : "it becomes empty text"); "
                + Self.choice(nearest, among: known, none: "there are no such variables")
        case .demanded(let variable, let isEmpty, let reason):
            "\(variable) \(isEmpty ? "is empty" : "is not set")"
                + (reason.isEmpty ? ", but the job needs a value; set it" : ": \(reason)")
        case .unnamed(let variable):
            "the variable \(variable) has no name"
        case .malformedOutput(let variable):
            "\(variable) is not the name of an output; write $OUT{task.name}, with the name of a task and of what it publishes"
        case .knownInRunOnly(let variable):
            "\(variable) is known in the run only, so it cannot stand here; it can in 'parameters', 'variables', "
                + "'for_each', 'when', 'reuse', 'resources' and 'timeout' of tasks\(Self.escape(of: variable))"
        case .stateInText(let variable):
            "\(variable) has a value in 'when' only\(Self.escape(of: variable))"
        case .withoutItem(let variable):
            "\(variable) has a value only in a task with 'for_each'\(Self.escape(of: variable))"
        case .knownInFilesOnly(let variable):
            "\(variable) has a value in job files only; put the value itself in its place"
        case .unwritable(let variable):
            "no job file could have \(variable): a name or a default cannot contain '}', or a variable"
        case .nested(let variable):
            "the default of \(variable) cannot contain another variable"
        case .unclosed(let written):
            "the variable \"\(written)\" has no '}' at its end; write $\(written) if it is not a variable"
        case .literal(let variable, let place):
            Self.literal(variable, place)
        case .resembling(let written, let meant):
            "'\(written)' is not replaced, because it is not a variable; did you mean '\(meant)'?"
        case .shellDefault(let variable, let sign):
            "the default of \(variable) begins with '\(sign)', because a default follows ':' and not ':\(sign)' as in "
                + "shells; write \(variable.dropLast()):default}, or \(variable.dropLast()):=\(sign)default} if the "
                + "'\(sign)' belongs to the default"
        case .bracedName(let variable, let name):
            "a variable ends at the first '}', so this one is named \"\(name)\"; did you mean \(variable)?"
        case .bracedDefault(let variable):
            "a variable ends at the first '}', so the default of \(variable) cannot contain braces; "
                + "use a default without them"
        case .collectionInText(let variable):
            "\(variable) is a list or a mapping, which cannot be part of a text; write the variable alone"
        case .unused(let name, let nearest, let used):
            "the variable '\(name)' has a value, but the job does not use $VAR{\(name)}; "
                + Self.choice(nearest, among: used, none: "it uses no $VAR{…}")
        case .emptyParameter(let variable, let nearest):
            "a required parameter is empty, because \(variable) is not set; "
                + Self.remedy(for: variable, nearest) + ":} if it may be empty"
        case .incompleteSecret(let variable, let nearest):
            "a secret is not complete, because \(variable) is not set; "
                + Self.remedy(for: variable, nearest) + ":} if it may be empty"
        }
    }

    private static func escape(of variable: String) -> String {
        "; write $\(variable) for the text \(variable)"
    }

    private static func literal(_ variable: String, _ place: LiteralPlace) -> String {
        let (text, tagged) =
            switch place {
            case .quotes: ("quoted text", "!sub \"…\"")
            case .block(let style): ("a block", "!sub \(style)")
            case .quotedKey: ("a quoted key", "!sub \"…\":")
            }
        return "\(variable) is not replaced in \(text); put !sub before it to replace variables (\(tagged)), "
            + "and write $\(variable) there for what must stay as it is"
    }

    private static func remedy(for variable: String, _ nearest: String?) -> String {
        (nearest.map { "did you mean \($0)? If not, " } ?? "") + "set it, or write \(variable.dropLast())"
    }

    private static func choice(_ nearest: String?, among known: [String], none: String) -> String {
        if let nearest { return "did you mean \(nearest)?" }
        guard !known.isEmpty else { return none }
        let shown = known.prefix(12).joined(separator: ", ")
        return "it can be one of: \(shown)\(known.count > 12 ? ", … (\(known.count) in all)" : "")"
    }
}
