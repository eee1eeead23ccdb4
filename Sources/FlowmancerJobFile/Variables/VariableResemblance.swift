/// Text that looks like a variable but is written in another way: `${ENV:HOME}`, `$ENV(HOME)`, `$env{HOME}`.
struct VariableResemblance: Equatable {
    let written: String
    /// The variable that was probably meant.
    let meant: String

    /// Returns what looks like a variable in text that lies between variables.
    static func find(in text: Substring) -> [VariableResemblance] {
        var found: [VariableResemblance] = []
        var rest = text
        while let dollar = rest.firstIndex(of: "$") {
            rest = rest[dollar...].dropFirst()
            // Two are how scripts write their own.
            guard rest.first != "$" else {
                rest = rest.drop { $0 == "$" }
                continue
            }
            if let (resemblance, end) = wrapped(rest) ?? misspelled(rest) {
                found.append(resemblance)
                rest = rest[end...]
            }
        }
        return found
    }

    /// Recognises `{ENV:NAME}`, `{ENV.NAME}`, `{ENV{NAME}}` and the same in parentheses.
    private static func wrapped(_ text: Substring) -> (VariableResemblance, end: Substring.Index)? {
        guard let opening = text.first, let closing = brackets[opening], opening != "[" else { return nil }
        var rest = text.dropFirst()
        guard let kind = kind(spelled: word(&rest)), let separator = rest.popFirst(), ":.{".contains(separator),
            let name = name(&rest)
        else { return nil }
        // A part of a variable of shells is written the same way, with numbers.
        let hasDefault = rest.first == ":"
        guard hasDefault || rest.first == closing || rest.first == "}",
            let end = rest.firstIndex(where: { $0 == closing || $0 == "}" })
        else { return nil }
        rest = rest[end...].dropFirst()
        if separator == "{", rest.first == closing { rest = rest.dropFirst() }
        let shown = hasDefault ? text[..<name.endIndex] + ":…\(closing)" : text[..<rest.startIndex]
        return (Self(written: "$\(shown)", meant: kind.reference(to: name)), rest.startIndex)
    }

    /// Recognises `ENV(NAME)`, `ENV[NAME]`, `env{NAME}` and `EVN{NAME}`.
    private static func misspelled(_ text: Substring) -> (VariableResemblance, end: Substring.Index)? {
        var rest = text
        let word = word(&rest)
        guard let opening = rest.popFirst(), let closing = brackets[opening], let name = name(&rest) else { return nil }
        let kind =
            VariableKind.knownAtLoad.first { $0.rawValue == word }
            ?? (opening != "{" ? nil : VariableKind(rawValue: word.uppercased()) ?? nearestKind(to: word))
        let hasDefault = rest.first == ":"
        guard let kind, hasDefault || rest.first == closing, let end = rest.firstIndex(of: closing) else { return nil }
        let shown = text[..<name.endIndex] + (hasDefault ? ":…" : "")
        let resemblance = Self(written: "$\(shown)\(closing)", meant: kind.reference(to: name))
        return (resemblance, rest[end...].dropFirst().startIndex)
    }

    private static let brackets: [Character: Character] = ["{": "}", "(": ")", "[": "]"]

    private static func kind(spelled word: Substring) -> VariableKind? {
        // Of the other kinds, programs have variables of their own that look like them.
        VariableKind(rawValue: word.uppercased()).flatMap { $0.isKnownAtLoad || $0.rawValue == word ? $0 : nil }
    }

    /// Only words in capitals: others are variables of programs.
    private static func nearestKind(to word: Substring) -> VariableKind? {
        guard word.count > 2, word.allSatisfy({ $0.isASCII && $0.isUppercase }) else { return nil }
        return String(word).nearest(among: VariableKind.knownAtLoad.map(\.rawValue)).flatMap {
            VariableKind(rawValue: $0)
        }
    }

    private static func word(_ rest: inout Substring) -> Substring {
        let word = rest.prefix { $0.isASCII && $0.isLetter }
        rest = rest[word.endIndex...]
        return word
    }

    private static func name(_ rest: inout Substring) -> Substring? {
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
        guard let first = name.first, first.isLetter || first == "_" else { return nil }
        rest = rest[name.endIndex...]
        return name
    }
}
