/// Regular expressions for the text that job files may hold in the place of other values.
///
/// They keep to what all validators understand, whichever expressions their language has: nothing looks ahead.
enum SchemaPatterns {
    /// Text that only becomes a value when the job is loaded.
    static let variable =
        #"\$("# + VariableKind.allCases.filter { $0 != .state }.map(\.rawValue).joined(separator: "|")
        + #")\{|\$ITEM([^A-Za-z0-9_]|$)"#
    /// A variable that may stand for a list or a mapping, since it is known in the run only.
    static let variableOfRun = #"^\s*\$((OUT|DICT|ITEM)\{[^}]*\}|ITEM)\s*$"#
    static let integer = #"^\s*[+-]?[0-9_]+(\.0*)?([eE][+]?[0-9]+)?\s*$"#
    static let number =
        #"^\s*[+-]?([0-9_]+\.?[0-9_]*|\.[0-9_]+)([eE][+-]?[0-9]+)?\s*$|^\s*[+-]?([iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN])\s*$"#
    static let boolean =
        "^([tT]([rR][uU][eE])?|[fF]([aA][lL][sS][eE])?|[yY]([eE][sS])?|[nN][oO]?|[oO][nN]|[oO][fF][fF]|[01])$"
    static let duration = #"^\s*([0-9.]+\s*([dD]|[hH]|[mM]([iI][nN]|[sS])?|[sS]([eE][cC])?)\s*)+$"#
    static let date = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?$"
    /// What a task's name must not have: it is a path of log files, which must stay in their directory.
    static let outsideOfTaskNames = ["^/", #"(^|/)\.\.(/|$)"#, #"[\x00-\x1f\x7f]"#]

    /// Matches just this text.
    static func exactly(_ texts: [String]) -> String {
        "^(\(texts.map(escaped).joined(separator: "|")))$"
    }

    /// Matches a word of ASCII letters, in capitals or not.
    static func inAnyCase(_ word: String) -> String {
        "^\(word.map { "[\($0.lowercased())\($0.uppercased())]" }.joined())$"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if #"\^$.|?*+()[]{}/-"#.contains(character), character != "/", character != "-" { result += "\\" }
            result.append(character)
        }
    }
}
