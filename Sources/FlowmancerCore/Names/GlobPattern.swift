/// A pattern for names, as shells have them for files.
///
/// `*` stands for any text, also with a `/` in it, `?` for any character, `[a-z]` for one of a set, `[!a-z]` for one
/// outside of it, and `\` takes the meaning away from what follows. A `[` without its end stands for itself.
package struct GlobPattern: Sendable, Hashable {
    enum Token: Sendable, Hashable {
        case anything
        case character(Character)
        case anyCharacter
        case set([ClosedRange<Character>], isExcluding: Bool)

        func matches(_ character: Character) -> Bool {
            switch self {
            case .anything, .anyCharacter: true
            case .character(let own): own == character
            case .set(let ranges, let isExcluding): ranges.contains { $0.contains(character) } != isExcluding
            }
        }
    }

    let tokens: [Token]

    /// Reads a pattern; every text is one.
    package init(_ pattern: String) {
        var tokens: [Token] = []
        var rest = Substring(pattern)
        while let character = rest.popFirst() {
            switch character {
            case "*": if tokens.last != .anything { tokens.append(.anything) }
            case "?": tokens.append(.anyCharacter)
            case "[": tokens.append(Self.readSet(&rest) ?? .character("["))
            case "\\": tokens.append(.character(rest.popFirst() ?? "\\"))
            default: tokens.append(.character(character))
            }
        }
        self.tokens = tokens
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    /// Reads a text in which only `*` and `?` have a meaning, as names of tasks in job files are read.
    static func wildcards(_ text: String) -> GlobPattern {
        GlobPattern(tokens: text.map { $0 == "*" ? .anything : $0 == "?" ? .anyCharacter : .character($0) })
    }

    /// Whether the pattern stands for the whole of a name.
    ///
    /// It takes no more steps than the product of both lengths: of several `*`, only the last one is tried again.
    package func matches(_ name: String) -> Bool {
        let name = Array(name)
        var (position, token) = (0, 0)
        var retry: (position: Int, token: Int)?
        while position < name.count {
            if token < tokens.count, tokens[token] == .anything {
                token += 1
                retry = (position, token)
            } else if token < tokens.count, tokens[token].matches(name[position]) {
                position += 1
                token += 1
            } else if let last = retry {
                retry = (last.position + 1, last.token)
                (position, token) = (last.position + 1, last.token)
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .anything }
    }

    /// Reads a set after its `[`.
    ///
    /// - Returns: `nil`, and nothing is read, if the set does not end.
    private static func readSet(_ rest: inout Substring) -> Token? {
        var set = rest
        let isExcluding = set.first == "!" || set.first == "^"
        if isExcluding { set.removeFirst() }
        var ranges: [ClosedRange<Character>] = []
        while var character = set.popFirst() {
            // The first character of a set is one of it, also if it is a bracket.
            if character == "]", !ranges.isEmpty {
                rest = set
                return .set(ranges, isExcluding: isExcluding)
            }
            if character == "\\", let escaped = set.popFirst() { character = escaped }
            let end = set.dropFirst().first
            if set.first == "-", let end, end != "]", end >= character {
                set.removeFirst(2)
                ranges.append(character...end)
            } else {
                ranges.append(character...character)
            }
        }
        return nil
    }
}
